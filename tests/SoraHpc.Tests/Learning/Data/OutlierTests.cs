using NUnit.Framework;
using SoraHpc.Communication.Threads;
using SoraHpc.Diagnostics;
using SoraHpc.Learning.Data;
using SoraHpc.Solvers.RandomNumbers;
using SoraHpc.Tests.Contracts;

namespace SoraHpc.Tests.Learning.Data;

public sealed class OutlierTests
{
    // 0, 1, …, 9 and 100: mean 13.18, deviation 27.59; median 5, median deviation 3.
    private static readonly double[] OneFarOff = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 100];

    [TestCase(OutlierRule.ZScore, 3, 13.181818181818182, 27.59057211116666)]
    [TestCase(OutlierRule.MedianDeviation, 3.5, 5, 3 * 1.482602218505602)]
    public void A_number_far_off_is_clipped_to_the_limit(OutlierRule rule, double limit, double centre, double spread)
    {
        DataParticle table = Table(OneFarOff);
        FittedOutliers fitted = Fit(table, new Outliers(rule, OutlierTreatment.Clip, limit));
        double[] clipped = fitted.Apply(table).Features.ToDense().Numbers.ToArray();

        Assert.That(clipped[..10], Is.EqualTo(OneFarOff[..10]).AsCollection);
        Assert.That(clipped[10], Is.EqualTo(centre + limit * spread).Within(1e-9));
        Assert.That($"{fitted.Report}", Is.EqualTo("1 of 11 rows stand out: x 1"));
    }

    [Test]
    public void Flagged_rows_have_one_more_column_and_removed_ones_are_gone()
    {
        DataParticle table = Table(OneFarOff);
        DataParticle flagged = Fit(table, new Outliers(OutlierRule.MedianDeviation, OutlierTreatment.Flag)).Apply(table), left = Fit(table, new Outliers(OutlierRule.MedianDeviation, OutlierTreatment.Remove)).Apply(table);
        double[] flags = new double[11];
        flagged.Features.CopyColumn(1, flags);

        Assert.That(flagged.Columns, Is.EqualTo((string[])["x", "outlier"]).AsCollection);
        Assert.That(flags, Is.EqualTo((double[])[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]).AsCollection);
        Assert.That(left.Rows.ToArray(), Is.EqualTo(Enumerable.Range(0, 10).Select(i => (long)i)).AsCollection);
    }

    [Test]
    public void Missing_numbers_do_not_stand_out_and_stay_missing([Values] OutlierRule rule)
    {
        double[] gap = [.. OneFarOff];
        gap[4] = double.NaN;
        DataParticle left = Fit(Table(gap), new Outliers(rule, OutlierTreatment.Remove, 2.5)).Apply(Table(gap));

        Assert.That(left.Count, Is.EqualTo(10));
        Assert.That(left.Features.ToDense().Row(4)[0], Is.NaN);
    }

    // The first cut of 0, 1 and 3 is below 1 with probability ⅓ and sets 0 apart, else it sets 3 apart; the second cut sets the others apart.
    [TestCase(0, 5.0 / 3)]
    [TestCase(1, 2.0)]
    [TestCase(3, 4.0 / 3)]
    public void Depths_of_three_rows_are_those_expected(double row, double expected)
    {
        double[][] rows = [[0], [1], [3]];
        double[] depths = [.. Enumerable.Range(0, 10_000).Select(tree => IsolationTree.Grow(rows, 1, seed: 5, tree).DepthOf([row]))];

        Assert.That(depths.Average(), Is.EqualTo(expected).Within(4 * 0.48 / Math.Sqrt(depths.Length)));       // 4 standard deviations of the mean
    }

    [Test]
    public void Depth_to_be_expected_is_that_of_random_search_trees()
    {
        // 2·H(n − 1) − 2·(n − 1)/n in rational arithmetic.
        foreach ((int rows, double expected) in ((int, double)[])[(1, 0), (2, 1), (3, 5.0 / 3), (4, 13.0 / 6), (256, 10.248689925634562)])
            Assert.That(IsolationTree.MeanDepth(rows), Is.EqualTo(expected).Within(1e-14));
    }

    [Test]
    public void Scores_of_iris_are_those_of_scikit_learn()
    {
        // Source: scikit-learn 1.2.1, mean of 4000 trees of IsolationForest(max_samples=18). Its depths take ln n + γ for the harmonic number, which in so small samples moves
        // scores by 0.02; the rest is 4 standard deviations of a mean over 2000 trees.
        double[] expected = [0.4843, 0.4891, 0.5145, 0.5219, 0.4876, 0.6145, 0.4655, 0.4347, 0.4431, 0.5706, 0.4372, 0.458, 0.5504, 0.4926, 0.4591, 0.449, 0.4518, 0.5609];

        FittedForest forest = (FittedForest)Fit(IrisTable.Whole, new IsolationForest(OutlierTreatment.Flag) { Trees = 2000 });
        double[] scores = forest.Scores(IrisTable.Whole);

        Assert.That(scores, Is.EqualTo(expected).Within(0.03));
        Assert.That(Array.IndexOf(scores, scores.Max()), Is.EqualTo(Array.IndexOf(expected, expected.Max())));
    }

    [Test]
    public void Planted_rows_have_the_highest_scores()
    {
        RandomSequence random = new(3, 1);
        double[] numbers = new double[2000 * 4];
        random.FillNormal(0, numbers);
        for (int row = 0; row < 2000; row += 100)
            for (int column = 0; column < 4; column++)
                numbers[row * 4 + column] = 6 * Math.Sign(numbers[row * 4 + column]);       // no column alone has them all to itself, nor are they one cluster
        DataParticle table = new(["a", "b", "c", "d"], [.. Enumerable.Range(0, 2000)], new DenseFeatures(4, numbers));

        FittedForest forest = (FittedForest)Fit(table, new IsolationForest(OutlierTreatment.Remove, 0.62));
        double[] scores = forest.Scores(table);

        Assert.That(Enumerable.Range(0, 2000).OrderByDescending(row => scores[row]).Take(20), Is.All.Matches<int>(row => row % 100 == 0));
        Assert.That(scores.Average(), Is.InRange(0.4, 0.5));
        Assert.That(forest.Report.Found, Is.InRange(20, 60));
    }

    [Test]
    public void Bad_input_is_told_in_one_line()
    {
        Says(Table([3, 3, 3]), new Outliers(OutlierRule.ZScore, OutlierTreatment.Clip), "column 'x': all its numbers are 3, so none can stand out; leave the column out");
        Says(Table([3, 3, 3, 4]), new Outliers(OutlierRule.MedianDeviation, OutlierTreatment.Clip), "column 'x': half of the numbers or more are 3, so the median deviation is 0");
        Says(Table([double.NaN, double.NaN]), new Outliers(OutlierRule.ZScore, OutlierTreatment.Clip), "column 'x': all its numbers are missing");
        Says(Table([1, double.PositiveInfinity]), new Outliers(OutlierRule.ZScore, OutlierTreatment.Clip), "column 'x' has an infinite number");
        Says(Table([1, 2]), new Outliers(OutlierRule.ZScore, OutlierTreatment.Remove, 0.5), "all 2 rows stand out and would be removed: take a larger limit, or fewer columns");
        Says(Table([1, 2]), new Outliers(OutlierRule.ZScore, OutlierTreatment.Remove, -1), "outliers beyond -1 deviations: give a number above 0");
        Says(Table([1, double.NaN]), new IsolationForest(OutlierTreatment.Remove), "row 1, column 'x': IsolationForest cannot take NaN; fill or drop missing numbers first");
        Says(Table([1]), new IsolationForest(OutlierTreatment.Remove), "an isolation forest sets rows apart, and there is 1: give 2 or more");
        Says(Table([1, 2]), new IsolationForest(OutlierTreatment.Clip), "an isolation forest finds rows, not numbers that could be clipped: flag or remove them");
        Says(Table([1, 2]), new IsolationForest(OutlierTreatment.Remove, 0.1), "all 2 rows stand out and would be removed");
    }

    private static DataParticle Table(double[] numbers) => new(["x"], [.. Enumerable.Range(0, numbers.Length)], new DenseFeatures(1, numbers));

    private static FittedOutliers Fit(DataParticle table, Step step)
    {
        FittedStep? fitted = null;
        ThreadWorld.Run(1, comm => fitted = step.Fit(comm, [table]));
        return (FittedOutliers)fitted!;
    }

    private static void Says(DataParticle table, Step step, string line)
    {
        Exception? told = Assert.Catch(() => Fit(table, step));
        while (told is not null and not SoraException)
            told = told.InnerException;
        Assert.That(told?.Message, Does.Contain(line).And.Not.Contain("\n"));
    }
}
