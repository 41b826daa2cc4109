using SoraHpc.Communication;

namespace SoraHpc.Learning.Data;

/// <summary>To mean 0 and variance 1 over the training share. A column whose numbers are all one is only shifted.</summary>
/// <param name="Centre">Whether the mean is taken off: not for sparse particles, which it would fill.</param>
/// <param name="Columns">Which; empty: all.</param>
public sealed record Standardise(bool Centre = true, params IReadOnlyList<string> Columns) : Step(Columns)
{
    /// <inheritdoc/>
    public override FittedStep Fit(Communicator ranks, IEnumerable<DataParticle> training)
    {
        IReadOnlyList<string> table = training.First().Columns;
        int[] places = PlacesIn(table);
        ColumnStatistics statistics = Scaling.StatisticsOf(ranks, training, places, nameof(Standardise));
        double[] shifts = new double[table.Count], divisors = [.. table.Select(_ => 1.0)];
        foreach (int place in places)
        {
            shifts[place] = Centre ? statistics.Means[place] : 0;
            // Of one number repeated the rounded mean may differ by its last bit, and what is left would be blown up.
            divisors[place] = statistics.Minima[place] == statistics.Maxima[place] ? 1 : Math.Sqrt(statistics.Variances[place]);
        }
        return new Scaling(table, shifts, divisors);
    }
}
