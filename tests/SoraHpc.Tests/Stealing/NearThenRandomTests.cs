using NUnit.Framework;
using SoraHpc.Runtime.Stealing;

namespace SoraHpc.Tests.Stealing;

public sealed class NearThenRandomTests
{
    [Test]
    public void Last_success_comes_first_then_the_neighbours()
    {
        var selector = new NearThenRandom(3, 8);
        selector.Report(6, found: true);

        Assert.That(selector.Next(), Is.EqualTo(6));
        selector.Report(6, found: false);
        Assert.That(selector.Next(), Is.EqualTo(4));
        selector.Report(4, found: false);
        Assert.That(selector.Next(), Is.EqualTo(2));
    }

    [Test]
    public void Thief_is_never_its_own_victim([Values(2, 3, 5, 8)] int ranks)
    {
        for (int thief = 0; thief < ranks; thief++)
        {
            var selector = new NearThenRandom(thief, ranks);
            for (int i = 0; i < 1000; i++)
            {
                int victim = selector.Next();
                Assert.That(victim, Is.InRange(0, ranks - 1).And.Not.EqualTo(thief));
                selector.Report(victim, found: i % 100 == 0);
            }
        }
    }

    [Test]
    public void Random_victims_follow_the_weights()
    {
        const int Draws = 40_000;
        var selector = new NearThenRandom(0, 4, [9, 1, 2, 5]);
        int[] drawn = new int[4];
        for (int i = 0; i < Draws + 2; i++)
        {
            int victim = selector.Next();
            selector.Report(victim, found: false);
            if (i >= 2)
                drawn[victim]++;
        }

        // Six standard deviations of a binomial count.
        for (int rank = 1; rank < 4; rank++)
        {
            double p = new[] { 0, 1, 2, 5 }[rank] / 8.0;
            Assert.That(drawn[rank], Is.EqualTo(Draws * p).Within(6 * Math.Sqrt(Draws * p * (1 - p))));
        }
    }

    [TestCase(0.0, "rank 1 is 0")]
    [TestCase(-1.0, "rank 1 is -1")]
    [TestCase(double.NaN, "rank 1 is NaN")]
    public void Weight_that_is_not_positive_is_refused(double weight, string said) =>
        Assert.That(() => new NearThenRandom(0, 2, [1, weight]), Throws.ArgumentException.With.Message.Contains(said));

    [Test]
    public void Weights_of_another_number_of_ranks_are_refused() =>
        Assert.That(() => new NearThenRandom(0, 3, [1, 1]), Throws.ArgumentException.With.Message.Contains("2 weights are given for 3 ranks"));

    [Test]
    public void Neighbours_on_the_same_node_come_before_other_nodes()
    {
        var selector = new NearThenRandom(3, 8);
        selector.Settle([1, 3, 6]);

        Assert.That(selector.Next(), Is.EqualTo(6));
        selector.Report(6, found: false);
        Assert.That(selector.Next(), Is.EqualTo(1));
    }

    [Test]
    public void Every_other_victim_beyond_the_neighbours_is_on_the_same_node()
    {
        var selector = new NearThenRandom(2, 12);
        selector.Settle([0, 2, 4, 6, 8]);
        for (int i = 0; i < 1000; i++)
        {
            int victim = selector.Next();
            selector.Report(victim, found: false);
            Assert.That(victim, Is.InRange(0, 11).And.Not.EqualTo(2));
            if (i >= 2 && i % 2 == 0)
                Assert.That(victim % 2 == 0 && victim < 10, $"victim {victim} at look {i}");
        }
    }

    [Test]
    public void Thief_alone_on_its_node_looks_at_others_at_once()
    {
        var selector = new NearThenRandom(0, 3, [1, 1e9, 1]);
        selector.Settle([0]);

        Assert.That(selector.Next(), Is.EqualTo(1));
    }
}
