using SoraHpc.Communication;

namespace SoraHpc.Learning.Data;

/// <summary>What the numbers of every column are like, missing ones left out, weights not looked at. Sums are exact and rounded once, so the bits are the
/// same for any partition.</summary>
/// <param name="Counts">Numbers that are not missing.</param>
/// <param name="Means">NaN where there are none.</param>
/// <param name="Variances">Σ(x − mean)² / count, the population's; NaN where there are none.</param>
/// <param name="Minima">+∞ where there are none.</param>
/// <param name="Maxima">−∞ where there are none.</param>
public sealed record ColumnStatistics(long[] Counts, double[] Means, double[] Variances, double[] Minima, double[] Maxima)
{
    /// <summary>Goes through the particles twice: for means and extremes, then for squares of what is left. Collective.</summary>
    /// <param name="ranks">All that have particles.</param>
    /// <param name="particles">This rank's, all of the same columns; at least one.</param>
    /// <param name="withVariances">Whether the second pass is wanted; variances are NaN without it.</param>
    public static ColumnStatistics Of(Communicator ranks, IEnumerable<DataParticle> particles, bool withVariances = true)
    {
        int columns = particles.First().Columns.Count;
        ColumnSums sums = new(columns);
        long[] counts = new long[columns];
        double[] extremes = new double[2 * columns];            // maxima, then minima turned
        Array.Fill(extremes, double.NegativeInfinity);
        ForEach(particles, (column, values) =>
        {
            sums.Add(column, values);
            counts[column] += values.Length;
            foreach (double value in values)
            {
                extremes[column] = Math.Max(extremes[column], value);
                extremes[columns + column] = Math.Max(extremes[columns + column], -value);
            }
        });
        ranks.Allreduce<long>(counts, ReduceOperation.Sum);
        ranks.Allreduce<double>(extremes, ReduceOperation.Max);
        double[] means = [.. sums.Allreduce(ranks).Zip(counts, (sum, count) => sum / count)];
        return new(counts, means, withVariances ? VariancesOf(ranks, particles, means, counts) : [.. means.Select(_ => double.NaN)],
            [.. extremes[columns..].Select(extreme => -extreme)], extremes[..columns]);
    }

    /// <summary>The medians of all columns, missing numbers left out: of an even number the mean of the two in the middle; NaN where there are none. Collective.</summary>
    public static double[] Medians(Communicator ranks, IEnumerable<DataParticle> particles) => Quantiles(ranks, particles, 0.5);

    /// <summary>The medians of |x − centre| of all columns, missing numbers left out; NaN where there are none. Collective.</summary>
    /// <param name="ranks">All that have particles.</param>
    /// <param name="particles">This rank's.</param>
    /// <param name="centres">One a column: their medians for the median absolute deviation.</param>
    public static double[] MedianDeviations(Communicator ranks, IEnumerable<DataParticle> particles, double[] centres) =>
        ColumnSelection.Quantiles(ranks, particles, 0.5, centres);

    /// <summary>The quantiles of all columns by linear interpolation between the two nearest of the sorted numbers (definition 7 of Hyndman and Fan, Am. Stat. 50
    /// (1996)), missing ones left out; NaN where there are none. Exact, without moving or keeping any number; goes through the particles six times for every 256 columns. Collective.</summary>
    /// <param name="ranks">All that have particles.</param>
    /// <param name="particles">This rank's.</param>
    /// <param name="share">In [0, 1].</param>
    public static double[] Quantiles(Communicator ranks, IEnumerable<DataParticle> particles, double share)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(share);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(share, 1);
        return ColumnSelection.Quantiles(ranks, particles, share, centres: null);
    }

    private static double[] VariancesOf(Communicator ranks, IEnumerable<DataParticle> particles, double[] means, long[] counts)
    {
        ColumnSums squares = new(means.Length);
        ForEach(particles, (column, values) =>
        {
            foreach (ref double value in values)
                value -= means[column];
            squares.AddProduct(column, values, values);
        });
        return [.. squares.Allreduce(ranks).Zip(counts, (sum, count) => sum / count)];
    }

    internal delegate void ColumnVisitor(int column, Span<double> values);

    /// <summary>Shows every column of every particle, missing numbers left out.</summary>
    // 8 B read and 8 B written a number, to have a column in one piece.
    internal static void ForEach(IEnumerable<DataParticle> particles, ColumnVisitor visit)
    {
        double[] buffer = [];
        foreach (DataParticle particle in particles)
        {
            if (buffer.Length < particle.Count)
                buffer = new double[particle.Count];
            for (int column = 0; column < particle.Columns.Count; column++)
            {
                Span<double> values = buffer.AsSpan(0, particle.Count);
                particle.Features.CopyColumn(column, values);
                int present = 0;
                foreach (double value in values)
                    if (!double.IsNaN(value))
                        values[present++] = value;
                visit(column, values[..present]);
            }
        }
    }
}
