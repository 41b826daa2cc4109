using SoraHpc.Communication;
using SoraHpc.Diagnostics;

namespace SoraHpc.Learning.Data;

/// <summary>What a missing number is replaced by.</summary>
public enum Filling
{
    /// <summary>The column's mean over the training share.</summary>
    Mean,

    /// <summary>Its median there, exact.</summary>
    Median,

    /// <summary>A number that is given.</summary>
    Constant,
}

/// <summary>Replaces missing numbers, which are NaN.</summary>
/// <param name="By">By what.</param>
/// <param name="Constant">For <see cref="Filling.Constant"/>, finite.</param>
/// <param name="Columns">Which; empty: all.</param>
public sealed record FillMissing(Filling By, double Constant = 0, params IReadOnlyList<string> Columns) : Step(Columns)
{
    /// <inheritdoc/>
    /// <exception cref="SoraException">A column has no number at all to take a mean or median of.</exception>
    public override FittedStep Fit(Communicator ranks, IEnumerable<DataParticle> training)
    {
        if (!double.IsFinite(Constant))
            throw new UsageException(FormattableString.Invariant($"missing numbers cannot be filled with {Constant}"));
        IReadOnlyList<string> table = training.First().Columns;
        int[] places = PlacesIn(table);
        double[] known = By switch
        {
            Filling.Mean => ColumnStatistics.Of(ranks, training, withVariances: false).Means,
            Filling.Median => ColumnStatistics.Medians(ranks, training),
            _ => [.. table.Select(_ => Constant)],
        };
        double[] values = [.. table.Select(_ => double.NaN)];
        foreach (int place in places)
            values[place] = double.IsFinite(known[place]) ? known[place]
                : throw new SoraException(FormattableString.Invariant($"column '{table[place]}' has the {By} {known[place]}: its numbers are all missing, or not finite"));
        return new Fitted(table, values);
    }

    private sealed class Fitted(IReadOnlyList<string> columns, double[] values) : FittedStep(columns, columns)
    {
        protected override ReadOnlySpan<double> Numbers => values;

        protected override DataParticle Change(DataParticle particle) => particle.With(Output, particle.Features switch
        {
            SparseFeatures sparse => sparse.With(Fill(sparse.AllValues, sparse.AllIndices)),
            Features features => new DenseFeatures(features.Columns, Fill(features.ToDense().Numbers, [])),
        });

        private double[] Fill(ReadOnlySpan<double> numbers, ReadOnlySpan<int> columns)
        {
            double[] filled = numbers.ToArray();
            for (int i = 0; i < filled.Length; i++)
                if (double.IsNaN(filled[i]))
                    filled[i] = values[columns.IsEmpty ? i % values.Length : columns[i]];
            return filled;
        }
    }
}
