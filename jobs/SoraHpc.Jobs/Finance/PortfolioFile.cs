using SoraHpc.Communication;
using SoraHpc.Diagnostics;
using SoraHpc.Storage;

namespace SoraHpc.Jobs.Finance;

/// <summary>
/// A portfolio in an HDF5 file. Group <c>factors</c>: <c>name</c>, <c>spot</c>, <c>volatility</c>, <c>holding</c> (factors) and <c>correlation</c>
/// (factors, factors). Group <c>options</c>, where there are any: <c>factor</c>, <c>call</c> (1, or 0 for a put), <c>strike</c>, <c>expiry</c>,
/// <c>volatility</c>, <c>quantity</c> (options). Attribute <c>rate</c>. Units are those of <see cref="Portfolio"/> and <see cref="OptionContract"/>.
/// </summary>
public static class PortfolioFile
{
    // A correlation that was rounded to so many digits is still meant to be symmetric.
    private const double CorrelationTolerance = 1e-12;

    private const int NameBytes = 32;

    /// <summary>Reads and checks all of it, which every rank needs.</summary>
    /// <param name="ranks">The ranks that read it; null: this one alone.</param>
    /// <exception cref="SoraException">A dataset is missing, or has not the shape or numbers a portfolio has; the line says which, and where.</exception>
    /// <remarks>Collective over <paramref name="ranks"/>.</remarks>
    public static Portfolio Read(string path, Communicator? ranks = null)
    {
        using Hdf5File file = Hdf5File.Open(path, ranks);
        Reader reader = new(path, file);
        double[] spots = reader.Row("factors/spot", -1, "a price is above 0", value => value > 0);
        int factors = spots.Length;
        if (factors == 0)
            throw new SoraException($"{path}, dataset factors/spot: no factor; a portfolio has one or more");
        double rate = file.Attributes.TryRead("rate", out double given) ? given : 0;
        if (!double.IsFinite(rate))
            throw new SoraException($"{path}, attribute rate: {rate} is no interest rate");
        return new Portfolio
        {
            Rate = rate,
            Names = reader.Names("factors/name", factors),
            Spots = spots,
            Volatilities = reader.Row("factors/volatility", factors, "a volatility is above 0", value => value > 0),
            Correlation = reader.Correlation(factors),
            Holdings = reader.Row("factors/holding", factors, "a holding is a number", _ => true),
            Options = file.ContainsGroup("options") ? ReadOptions(reader, factors) : [],
        };
    }

    /// <summary>Writes it. Local.</summary>
    public static void Write(string path, Portfolio portfolio)
    {
        using Hdf5File file = Hdf5File.Create(path);
        file.Attributes.Write("rate", portfolio.Rate);
        using (Hdf5Dataset names = file.CreateStringDataset("factors/name", [portfolio.Factors], NameBytes))
            names.WriteStrings(names.Whole, portfolio.Names);
        Put(file, "factors/spot", portfolio.Spots);
        Put(file, "factors/volatility", portfolio.Volatilities);
        Put(file, "factors/holding", portfolio.Holdings);
        Put(file, "factors/correlation", portfolio.Correlation.Cast<double>().ToArray(), portfolio.Factors, portfolio.Factors);
        OptionContract[] options = portfolio.Options;
        if (options.Length > 0)
        {
            Put(file, "options/factor", Array.ConvertAll(options, option => option.Factor));
            Put(file, "options/call", Array.ConvertAll(options, option => option.IsCall ? 1 : 0));
            Put(file, "options/strike", Array.ConvertAll(options, option => option.Strike));
            Put(file, "options/expiry", Array.ConvertAll(options, option => option.Expiry));
            Put(file, "options/volatility", Array.ConvertAll(options, option => option.Volatility));
            Put(file, "options/quantity", Array.ConvertAll(options, option => option.Quantity));
        }
        file.Commit();
    }

    private static OptionContract[] ReadOptions(Reader reader, int factors)
    {
        double[] strikes = reader.Row("options/strike", -1, "a strike is above 0", value => value > 0);
        int count = strikes.Length;
        double[] factor = reader.Row("options/factor", count, $"there are {factors} factors, from 0 on", value => value >= 0 && value < factors && value == Math.Floor(value));
        double[] call = reader.Row("options/call", count, "it is 1 for a call and 0 for a put", value => value is 0 or 1);
        double[] expiry = reader.Row("options/expiry", count, "an expiry is above 0", value => value > 0);
        double[] volatility = reader.Row("options/volatility", count, "a volatility is above 0", value => value > 0);
        double[] quantity = reader.Row("options/quantity", count, "a quantity is a number", _ => true);
        return [.. Enumerable.Range(0, count).Select(i => new OptionContract((int)factor[i], call[i] == 1, strikes[i], expiry[i], volatility[i], quantity[i]))];
    }

    private static void Put<T>(Hdf5File file, string name, T[] values, params long[] shape) where T : unmanaged
    {
        using Hdf5Dataset dataset = file.CreateDataset<T>(name, shape.Length > 0 ? shape : [values.Length], new DatasetLayout { EveryElementIsWritten = true });
        dataset.Write<T>(dataset.Whole, values);
    }

    private sealed class Reader(string path, Hdf5File file)
    {
        internal string[] Names(string name, int count)
        {
            using Hdf5Dataset dataset = file.Dataset(name);
            CheckShape(name, dataset, count);
            return dataset.ReadStrings();
        }

        internal double[] Row(string name, int count, string rule, Func<double, bool> isGood)
        {
            double[] values = Numbers(name, count);
            int wrong = Array.FindIndex(values, value => !(double.IsFinite(value) && isGood(value)));
            return wrong < 0 ? values : throw Wrong(name, FormattableString.Invariant($"{values[wrong]} at {wrong}: {rule}"));
        }

        internal double[,] Correlation(int factors)
        {
            const string name = "factors/correlation";
            double[] values = Numbers(name, factors, factors);
            double[,] matrix = new double[factors, factors];
            for (int row = 0; row < factors; row++)
                for (int column = 0; column < factors; column++)
                {
                    double here = values[row * factors + column], across = values[column * factors + row];
                    string? cause = !(Math.Abs(here) <= 1 + CorrelationTolerance) ? "a correlation is between −1 and 1"
                        : row == column && Math.Abs(here - 1) > CorrelationTolerance ? "a factor's correlation with itself is 1"
                        : Math.Abs(here - across) > CorrelationTolerance ? FormattableString.Invariant($"at ({column}, {row}) it is {across}, and should be the same") : null;
                    matrix[row, column] = cause is null ? here : throw Wrong(name, FormattableString.Invariant($"{here} at ({row}, {column}): {cause}"));
                }
            return matrix;
        }

        // A length of −1: any.
        private double[] Numbers(string name, params long[] shape)
        {
            using Hdf5Dataset dataset = file.Dataset(name);
            CheckShape(name, dataset, shape);
            return dataset.ElementType.IsNumber ? dataset.Read<double>() : throw Wrong(name, $"its elements are {dataset.ElementType}, not numbers");
        }

        private void CheckShape(string name, Hdf5Dataset dataset, params long[] shape)
        {
            if (!(shape is [-1] ? dataset.Rank == 1 : dataset.Shape.SequenceEqual(shape)))
                throw Wrong(name, $"its shape is ({string.Join(", ", dataset.Shape)}), {(shape is [-1] ? "not one row" : $"not ({string.Join(", ", shape)})")}");
        }

        private SoraException Wrong(string name, string cause) => new($"{path}, dataset {name}: {cause}");
    }
}
