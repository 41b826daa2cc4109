using NUnit.Framework;
using SoraHpc.Storage.Checkpoints;

namespace SoraHpc.Tests.Checkpoints;

public sealed class BuddyRingTests
{
    [Test]
    public void On_nodes_alike_the_rank_of_the_same_place_on_the_next_node_keeps_the_copy([Values(2, 3, 5)] int nodes, [Values(1, 2, 4)] int perNode)
    {
        int ranks = nodes * perNode;
        BuddyRing ring = new([.. Enumerable.Range(0, ranks).Select(rank => (long)(rank / perNode))]);
        Assert.That(Enumerable.Range(0, ranks).Select(ring.HolderOf), Is.EqualTo(Enumerable.Range(0, ranks).Select(rank => (rank + perNode) % ranks)));
        Assert.That(ring.AtHome, Is.Zero);
    }

    [Test]
    public void On_one_node_the_next_rank_keeps_the_copy([Values(1, 2, 5)] int ranks)
    {
        BuddyRing ring = new(new long[ranks]);
        Assert.That(Enumerable.Range(0, ranks).Select(ring.HolderOf), Is.EqualTo(Enumerable.Range(0, ranks).Select(rank => (rank + 1) % ranks)));
        Assert.That(ring.AtHome, Is.EqualTo(ranks));
    }

    [Test]
    public void Every_rank_keeps_one_copy_and_none_stays_at_home_that_need_not([Range(0, 199)] int seed)
    {
        Random random = new(seed);
        int ranks = random.Next(2, 24), most = random.Next(2, 6);
        long[] nodes = [.. Enumerable.Range(0, ranks).Select(_ => 1000L + random.Next(most))];
        BuddyRing ring = new(nodes);
        Assert.That(Enumerable.Range(0, ranks).Select(ring.HolderOf), Is.EquivalentTo(Enumerable.Range(0, ranks)));
        Assert.That(Enumerable.Range(0, ranks).Select(rank => ring.KeptBy(ring.HolderOf(rank))), Is.EqualTo(Enumerable.Range(0, ranks)));
        int largest = nodes.GroupBy(node => node).Max(node => node.Count());
        Assert.That(ring.AtHome, Is.EqualTo(Math.Max(0, 2 * largest - ranks)));
        Assert.That(Enumerable.Range(0, ranks).Where(rank => ring.HolderOf(rank) == rank), Is.Empty);
    }
}
