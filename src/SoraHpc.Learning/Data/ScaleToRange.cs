using SoraHpc.Communication;

namespace SoraHpc.Learning.Data;

/// <summary>The least number of the training share to 0, the largest to 1; others beyond them stay beyond. A column whose numbers are all one becomes 0.</summary>
public sealed record ScaleToRange(params IReadOnlyList<string> Columns) : Step(Columns)
{
    /// <inheritdoc/>
    public override FittedStep Fit(Communicator ranks, IEnumerable<DataParticle> training)
    {
        IReadOnlyList<string> table = training.First().Columns;
        int[] places = PlacesIn(table);
        ColumnStatistics statistics = Scaling.StatisticsOf(ranks, training, places, nameof(ScaleToRange), withVariances: false);
        double[] shifts = new double[table.Count], divisors = [.. table.Select(_ => 1.0)];
        foreach (int place in places)
        {
            shifts[place] = statistics.Minima[place];
            divisors[place] = statistics.Maxima[place] > statistics.Minima[place] ? statistics.Maxima[place] - statistics.Minima[place] : 1;
        }
        return new Scaling(table, shifts, divisors);
    }
}
