using System.Globalization;
using SoraHpc.Communication;
using SoraHpc.Diagnostics;

namespace SoraHpc.Learning.Data;

/// <summary>Numbers far from the middle of their column, each column by itself. Missing numbers never stand out. Middle and spread are those of the training share,
/// exact, and so the same for any partition.</summary>
/// <param name="Rule">Far from what.</param>
/// <param name="Treatment">What is done with them, or with the rows they are in.</param>
/// <param name="Limit">How far, in standard deviations or what is one of normal numbers; > 0. 3 and 3.5 are usual. Of n numbers no z-score is above √(n − 1), deviations being those of all n.</param>
/// <param name="Columns">Which; empty: all.</param>
public sealed record Outliers(OutlierRule Rule, OutlierTreatment Treatment, double Limit = 3.5, params IReadOnlyList<string> Columns) : Step(Columns)
{
    // 1/Φ⁻¹(¾): the standard deviation of normal numbers in median absolute deviations.
    private const double NormalDeviation = 1.482602218505602;

    /// <inheritdoc/>
    /// <exception cref="SoraException">A column has no spread, no number at all or an infinite one, or every row would be removed.</exception>
    public override FittedStep Fit(Communicator ranks, IEnumerable<DataParticle> training)
    {
        if (!(Limit > 0 && double.IsFinite(Limit)))
            throw new UsageException(FormattableString.Invariant($"outliers beyond {Limit} deviations: give a number above 0"));
        IReadOnlyList<string> table = training.First().Columns;
        int[] places = PlacesIn(table);
        ColumnStatistics statistics = ColumnStatistics.Of(ranks, training, withVariances: Rule == OutlierRule.ZScore);
        foreach (int place in places)
            CheckNumbers(table[place], place, statistics);
        (double[] centres, double[] spreads) = (statistics.Means, [.. statistics.Variances.Select(Math.Sqrt)]);
        if (Rule == OutlierRule.MedianDeviation)
        {
            centres = ColumnStatistics.Medians(ranks, training);
            spreads = [.. ColumnStatistics.MedianDeviations(ranks, training, centres).Select(deviation => NormalDeviation * deviation)];
        }
        foreach (int place in places)
            if (spreads[place] == 0)
                throw new SoraException(string.Create(CultureInfo.InvariantCulture,
                    $"column '{table[place]}': half of the numbers or more are {centres[place]}, so the median deviation is 0 and all others would stand out: take the z-score, or leave the column out"));
        return new Fitted(table, places, [.. places.Select(place => centres[place] - Limit * spreads[place])], [.. places.Select(place => centres[place] + Limit * spreads[place])], Treatment)
            .Counted(ranks, training);
    }

    private static void CheckNumbers(string column, int place, ColumnStatistics statistics)
    {
        if (statistics.Counts[place] == 0)
            throw new SoraException($"column '{column}': all its numbers are missing, so none can stand out; leave the column out");
        if (!double.IsFinite(statistics.Minima[place]) || !double.IsFinite(statistics.Maxima[place]))
            throw new SoraException($"column '{column}' has an infinite number: its mean and spread are none; clean the data first");
        if (statistics.Minima[place] == statistics.Maxima[place])
            throw new SoraException(string.Create(CultureInfo.InvariantCulture, $"column '{column}': all its numbers are {statistics.Minima[place]}, so none can stand out; leave the column out"));
    }

    private sealed class Fitted(IReadOnlyList<string> table, int[] places, double[] least, double[] most, OutlierTreatment treatment) : FittedOutliers(table, treatment)
    {
        private readonly double[] numbers = [(double)treatment, .. places.Select(place => (double)place), .. least, .. most];

        protected override ReadOnlySpan<double> Numbers => numbers;

        internal FittedOutliers Counted(Communicator ranks, IEnumerable<DataParticle> training) => Counted(ranks, training, places, (particle, counts) =>
            Look(particle, (_, column) => counts[2 + column]++));

        public override bool[] Find(DataParticle particle)
        {
            bool[] stands = new bool[particle.Count];
            Look(particle, (row, _) => stands[row] = true);
            return stands;
        }

        private protected override DataParticle Clipped(DataParticle particle)
        {
            double[] clipped = particle.Features.ToDense().Numbers.ToArray();
            for (int begin = 0; begin < clipped.Length; begin += particle.Columns.Count)
                for (int i = 0; i < places.Length; i++)
                    clipped[begin + places[i]] = Math.Min(Math.Max(clipped[begin + places[i]], least[i]), most[i]);     // NaN stays
            return particle.With(Output, new DenseFeatures(particle.Columns.Count, clipped));
        }

        private void Look(DataParticle particle, Action<int, int> found)
        {
            double[] column = new double[particle.Count];
            for (int i = 0; i < places.Length; i++)
            {
                particle.Features.CopyColumn(places[i], column);
                for (int row = 0; row < column.Length; row++)
                    if (column[row] < least[i] || column[row] > most[i])
                        found(row, i);
            }
        }
    }
}
