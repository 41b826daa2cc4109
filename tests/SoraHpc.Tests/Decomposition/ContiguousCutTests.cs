using NUnit.Framework;
using SoraHpc.Decomposition;

namespace SoraHpc.Tests.Decomposition;

public sealed class ContiguousCutTests
{
    [Test]
    public void Makespan_equals_the_best_of_all_cuts([Range(1, 300)] int seed)
    {
        Random random = new(seed);
        int items = random.Next(1, 14), ranks = random.Next(1, Math.Min(items, 5) + 1);
        double[] weights = [.. Enumerable.Range(0, items).Select(_ => (double)random.Next(1, 1000))];      // whole numbers: sums are exact
        double[] capabilities = [.. Enumerable.Range(0, ranks).Select(_ => (double)random.Next(1, 20))];

        int[] cuts = ContiguousCut.Optimal(weights, capabilities);

        Assert.That((cuts[0], cuts[^1]), Is.EqualTo((0, items)));
        Assert.That(cuts, Is.Ordered);
        Assert.That(Makespan(weights, capabilities, cuts), Is.EqualTo(Best(weights, capabilities, 0, 0)));
    }

    [Test]
    public void Equal_items_for_equal_ranks_leave_no_rank_empty([Range(1, 12)] int ranks)
    {
        for (int items = ranks; items < 40; items++)
        {
            int[] cuts = ContiguousCut.Optimal([.. Enumerable.Repeat(1.0, items)], [.. Enumerable.Repeat(1.0, ranks)]);

            Assert.That(Enumerable.Range(0, ranks).Select(i => cuts[i + 1] - cuts[i]), Is.All.InRange(1, (items + ranks - 1) / ranks));
        }
    }

    [Test]
    public void A_rank_that_would_only_delay_the_others_gets_nothing() =>
        Assert.That(ContiguousCut.Optimal([1, 1, 1, 1], [1, 0.01, 1]), Is.EqualTo(new[] { 0, 2, 2, 4 }));

    [Test]
    public void Shares_of_many_items_follow_capability()
    {
        int[] cuts = ContiguousCut.Optimal([.. Enumerable.Repeat(1.0, 1000)], [1, 2, 7]);

        Assert.That(cuts, Is.EqualTo(new[] { 0, 100, 300, 1000 }));
    }

    private static double Makespan(double[] weights, double[] capabilities, int[] cuts) =>
        Enumerable.Range(0, capabilities.Length).Max(i => weights[cuts[i]..cuts[i + 1]].Sum() / capabilities[i]);

    private static double Best(double[] weights, double[] capabilities, int rank, int begin)
    {
        if (rank == capabilities.Length - 1)
            return weights[begin..].Sum() / capabilities[rank];
        double best = double.PositiveInfinity;
        for (int end = begin; end <= weights.Length; end++)
            best = Math.Min(best, Math.Max(weights[begin..end].Sum() / capabilities[rank], Best(weights, capabilities, rank + 1, end)));
        return best;
    }
}
