using System.Globalization;
using SoraHpc.Communication;
using SoraHpc.Diagnostics;

namespace SoraHpc.Learning.Data;

/// <summary>ln(1 + x), for counts and amounts of money: 0 stays 0, so sparse particles stay sparse. Missing numbers stay missing.</summary>
public sealed record Logarithm(params IReadOnlyList<string> Columns) : Step(Columns)
{
    /// <inheritdoc/>
    public override FittedStep Fit(Communicator ranks, IEnumerable<DataParticle> training)
    {
        IReadOnlyList<string> table = training.First().Columns;
        double[] chosen = new double[table.Count];
        foreach (int place in PlacesIn(table))
            chosen[place] = 1;
        return new Fitted(table, chosen);
    }

    /// <summary>ln(1 + x) to a few units of the last place, also where 1 + x loses most of x.</summary>
    /// <remarks>Source: W. Kahan, after Goldberg, What Every Computer Scientist Should Know About Floating-Point Arithmetic, theorem 4 (1991).</remarks>
    internal static double OfOneAnd(double x)
    {
        double sum = 1 + x;
        return sum == 1 || double.IsPositiveInfinity(x) ? x : Math.Log(sum) * (x / (sum - 1));
    }

    private sealed class Fitted(IReadOnlyList<string> columns, double[] chosen) : FittedStep(columns, columns)
    {
        protected override ReadOnlySpan<double> Numbers => chosen;

        protected override DataParticle Change(DataParticle particle)
        {
            if (particle.Features is SparseFeatures sparse)
            {
                double[] values = sparse.AllValues.ToArray();
                for (int row = 0; row < particle.Count; row++)
                    Take(particle, row, values.AsSpan((int)sparse.StoredBefore(row), sparse.Indices(row).Length), sparse.Indices(row));
                return particle.With(Output, sparse.With(values));
            }
            double[] numbers = particle.Features.ToDense().Numbers.ToArray();
            for (int row = 0; row < particle.Count; row++)
                Take(particle, row, numbers.AsSpan(row * chosen.Length, chosen.Length), []);
            return particle.With(Output, new DenseFeatures(chosen.Length, numbers));
        }

        private void Take(DataParticle particle, int row, Span<double> values, ReadOnlySpan<int> columns)
        {
            for (int i = 0; i < values.Length; i++)
            {
                int column = columns.IsEmpty ? i : columns[i];
                if (chosen[column] == 0)
                    continue;
                if (values[i] <= -1)
                    throw new SoraException(string.Create(CultureInfo.InvariantCulture, $"row {particle.Rows[row]}, column '{Output[column]}': ln(1 + x) of {values[i]}; numbers have to be above -1"));
                values[i] = OfOneAnd(values[i]);
            }
        }
    }
}
