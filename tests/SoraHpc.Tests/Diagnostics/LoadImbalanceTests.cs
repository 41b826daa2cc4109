using NUnit.Framework;
using SoraHpc.Diagnostics;

namespace SoraHpc.Tests.Diagnostics;

public sealed class LoadImbalanceTests
{
    [Test]
    public void Times_give_capability_and_lambda_by_their_definitions()
    {
        LoadImbalance load = LoadImbalance.FromTimes([100, 100, 200], [1, 2, 3]);

        Assert.Multiple(() =>
        {
            Assert.That(load.Capability.ToArray(), Is.EqualTo(new[] { 100.0, 50, 200.0 / 3 }));
            Assert.That(load.Lambda.ToArray(), Is.EqualTo(new[] { 1.0, 2, 3 }));
            Assert.That(load.TotalWork, Is.EqualTo(400));
            Assert.That((load.MaxLambda, load.MeanLambda, load.Ratio), Is.EqualTo((3.0, 2.0, 1.5)));
            Assert.That((load.SlowestRank, load.FastestRank), Is.EqualTo((2, 0)));
        });
    }

    [Test]
    public void Work_in_proportion_to_capability_is_perfect_balance()
    {
        LoadImbalance load = LoadImbalance.FromCapabilities([10, 40, 80], [1, 4, 8]);

        Assert.That(load.Ratio, Is.EqualTo(1.0));
    }

    [Test]
    public void Rank_that_took_no_time_has_no_measured_capability()
    {
        LoadImbalance load = LoadImbalance.FromTimes([0, 5], [0, 1]);

        Assert.That(double.IsNaN(load.Capability[0]), Is.True);
        Assert.That(LoadImbalance.FromTimes([1], [0]).Ratio, Is.EqualTo(1));
    }

    [TestCase(new double[0], new double[0])]
    [TestCase(new[] { 1.0 }, new[] { 1.0, 2.0 })]
    [TestCase(new[] { -1.0 }, new[] { 1.0 })]
    [TestCase(new[] { 1.0 }, new[] { double.NaN })]
    public void Entries_that_make_no_sense_are_refused(double[] work, double[] seconds) =>
        Assert.That(() => LoadImbalance.FromTimes(work, seconds), Throws.ArgumentException);

    [TestCase(1)]
    [TestCase(16)]
    public void Table_of_few_ranks_lists_each(int ranks)
    {
        Assert.That(RanksIn(Table(ranks)), Is.EqualTo(Enumerable.Range(0, ranks)));
    }

    [Test]
    public void Table_of_many_ranks_lists_the_ends_and_the_extremes()
    {
        string table = Table(1000, slow: 500, fast: 77);

        Assert.Multiple(() =>
        {
            Assert.That(RanksIn(table), Is.EqualTo(new[] { 0, 1, 2, 3, 77, 500, 996, 997, 998, 999 }));
            Assert.That(table.Split('\n').Single(line => line.TrimStart().StartsWith("500 ", StringComparison.Ordinal)), Does.EndWith("← the others wait for it"));
            Assert.That(table.Split('\n').Count(line => line.Trim() == "…"), Is.EqualTo(3));
        });
    }

    private static string Table(int ranks, int slow = 0, int fast = 0)
    {
        double[] work = [.. Enumerable.Repeat(1e6, ranks)];
        double[] seconds = [.. Enumerable.Range(0, ranks).Select(rank => rank == slow ? 3.0 : rank == fast ? 0.5 : 1.0)];
        return LoadImbalanceTable.Render(LoadImbalance.FromTimes(work, seconds), "cells");
    }

    private static IEnumerable<int> RanksIn(string table) => table.Split('\n').Skip(2)
        .Select(line => line.Trim().Split(' ')[0]).Where(word => word.Length > 0 && word != "…").Select(int.Parse);
}
