using NUnit.Framework;
using SoraHpc.Communication;
using SoraHpc.Learning.Data;

namespace SoraHpc.Tests.Contracts;

// What stands out is the same on any number of ranks, in core and out of it.
public abstract partial class DataContract
{
    [Test]
    public void Outliers_are_the_same_on_any_ranks_in_and_out_of_core([Sizes] int size, [Values(700, 1_000_000)] long limit) => OnEveryRank(size, comm =>
    {
        DataParticle made = Made(missing: 0.1), whole = Made(missing: 0);
        string[] looked = ["visits", "seconds", "x0", "x1"];
        using Communicator alone = comm.Self();
        foreach ((DataParticle table, Step step) in ((DataParticle, Step)[])
            [(made, new Outliers(OutlierRule.ZScore, OutlierTreatment.Clip, 2, looked)), (made, new Outliers(OutlierRule.MedianDeviation, OutlierTreatment.Remove, 3.5, looked)),
                (whole, new IsolationForest(OutlierTreatment.Flag, 0.55) { Trees = 20, Sample = 32 })])
            WithFile(comm, table, TableLayout.Matrix, path =>
            {
                FittedOutliers expected = (FittedOutliers)step.Fit(alone, [table]);
                using DataTable read = DataTable.Open(comm, path, limit);

                FittedOutliers fitted = (FittedOutliers)step.Fit(comm, read);

                Assert.That(fitted.Identity, Is.EqualTo(expected.Identity));
                Assert.That($"{fitted.Report}", Is.EqualTo($"{expected.Report}"));
                Assert.That(fitted.Report.Found, Is.InRange(3, Rows / 2));
                DataParticle own = DataParticle.Merge([.. new FittedPipeline([fitted]).Transform(read)]);
                Assert.That(comm.Allgatherv<double>(own.Count > 0 ? own.Features.ToDense().Numbers : []), Is.EqualTo(expected.Apply(table).Features.ToDense().Numbers.ToArray()).AsCollection);
            });
    });

    [Test]
    public void Quantiles_are_those_of_the_sorted_column([Sizes] int size, [Values(0, 0.1, 0.5, 0.999, 1)] double share) => OnEveryRank(size, comm =>
    {
        double[] numbers = [.. Made(missing: 0.1).Features.ToDense().Numbers.ToArray().Select((x, i) => (i % 7) switch { 0 => -x, 1 => 0, 2 => x * 1e200, 3 => -0.0, _ => x })];
        DataParticle table = Made(missing: 0).With([.. Enumerable.Range(0, 8).Select(i => $"c{i}")], new DenseFeatures(8, numbers));

        double[] found = ColumnStatistics.Quantiles(comm, Share(comm, table), share);

        for (int column = 0; column < 8; column++)
        {
            double[] sorted = [.. numbers.Where((x, i) => i % 8 == column && !double.IsNaN(x)).Order()];
            double place = share * (sorted.Length - 1), low = sorted[(int)place], high = sorted[Math.Min((int)place + 1, sorted.Length - 1)];
            Assert.That(found[column], Is.EqualTo(low == high ? low : low + (place - (int)place) * (high - low)));
        }
    });

    [Test]
    public void Iris_has_the_median_deviations_of_scipy([Sizes] int size) => OnEveryRank(size, comm =>
    {
        DataParticle[] own = Share(comm, IrisTable.Whole);

        // Source: scipy 1.10, stats.median_abs_deviation.
        Assert.That(ColumnStatistics.MedianDeviations(comm, own, ColumnStatistics.Medians(comm, own)), Is.EqualTo((double[])[0.75, 0.15, 1.3, 0.65]).Within(1e-15));
    });
}
