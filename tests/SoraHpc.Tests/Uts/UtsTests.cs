using NUnit.Framework;
using SoraHpc.Communication.Threads;
using SoraHpc.Diagnostics;
using SoraHpc.Jobs.Uts;
using SoraHpc.Runtime.Stealing;

namespace SoraHpc.Tests.Uts;

public sealed class UtsTests
{
    private static IEnumerable<UtsTree> Samples => SampleTrees.All;

    private static IEnumerable<UtsTree> SmallTrees =>
    [
        new() { Name = "root alone", Kind = TreeKind.Geometric, RootChildren = 0 },
        new() { Name = "fixed", Kind = TreeKind.Geometric, Shape = GeometricShape.Fixed, DepthScale = 6, Seed = 3 },
        new() { Name = "linear", Kind = TreeKind.Geometric, Shape = GeometricShape.Linear, DepthScale = 9, Seed = 5 },
        new() { Name = "cyclic", Kind = TreeKind.Geometric, Shape = GeometricShape.Cyclic, RootChildren = 3, DepthScale = 5, Seed = 1 },
        new() { Name = "binomial", Kind = TreeKind.Binomial, RootChildren = 1200, Probability = 0.19, BinomialChildren = 5, Seed = 11 },
        new() { Name = "binomial, none have children", Kind = TreeKind.Binomial, RootChildren = 700, Probability = 0, BinomialChildren = 5 },
        new() { Name = "hybrid", Kind = TreeKind.Hybrid, Shape = GeometricShape.Linear, DepthScale = 9, RootChildren = 4, Probability = 0.2, BinomialChildren = 4, Seed = 2 },
    ];

    [Test]
    public void Tables_give_the_definitions_number_of_children([ValueSource(nameof(Samples))] UtsTree tree)
    {
        var levels = new TreeLevels(tree);
        var random = new Random(7);
        for (int depth = 0; depth <= tree.LastLevel + 2; depth++)
        {
            (uint lower, uint width) = levels.ParentsAt(depth);
            var numbers = Enumerable.Range(0, 300).Select(_ => (uint)random.NextInt64(1L << 31))
                .Concat(new uint[] { 0, 1, int.MaxValue, int.MaxValue - 1, lower, lower - 1, lower + 1, lower + width, lower + width - 1 })
                .Concat(Enumerable.Range(0, 256).SelectMany(i => new[] { (uint)i << 23, ((uint)i << 23) - 1 }))
                .Where(number => number <= int.MaxValue);
            foreach (uint number in numbers)
            {
                int expected = tree.ChildrenOf(depth, number);
                Assert.That(number - lower < width, Is.EqualTo(expected > 0), $"depth {depth}, number {number}");
                if (expected > 0)
                    Assert.That(levels.ChildrenOf(depth, number), Is.EqualTo(expected), $"depth {depth}, number {number}");
            }
        }
    }

    [Test]
    public void Search_of_any_width_finds_what_the_plain_search_finds([ValueSource(nameof(SmallTrees))] UtsTree tree, [Values(1, 4, 8, 16)] int lanes, [Values] bool stealing)
    {
        UtsCounts expected = UtsReference.Search(tree);

        ThreadWorld.Run(3, comm =>
        {
            UtsResult result = UtsJob.Run(comm, new() { Tree = tree, Lanes = lanes, Stealing = new() { Enabled = stealing } });

            Assert.That(result.Counts, Is.EqualTo(expected));
            if (comm.IsRoot)
                Assert.That(result.Run.TotalWork, Is.EqualTo(expected.Nodes));
        });
    }

    [Test]
    public void Plain_search_of_T1_finds_the_published_counts() =>
        Assert.That(UtsReference.Search(SampleTrees.Named("T1")), Is.EqualTo(SampleTrees.Named("T1").Published));

    [Test]
    public void Slow_rank_changes_no_count_and_does_less() => ThreadWorld.Run(2, comm =>
    {
        UtsTree tree = SampleTrees.Named("T3");

        UtsResult result = UtsJob.Run(comm, new() { Tree = tree, SlowRank = 1, SlowFactor = 20 });

        Assert.That(result.Counts, Is.EqualTo(tree.Published));
        if (comm.IsRoot)
            Assert.That(result.Run.Ranks[1].Capability, Is.LessThan(result.Run.Ranks[0].Capability));
    });

    [Test]
    public void Search_allocates_nothing_once_its_queue_has_grown()
    {
        UtsTree tree = SampleTrees.Named("T5");
        using IUtsExplorer explorer = UtsJob.Explorer(UtsJob.LanesOf(0), new TreeLevels(tree), 1);
        using var queue = new TaskQueue<UtsNode>(1 << 16);
        UtsNode[] batch = new UtsNode[explorer.BatchSize];
        queue.Push(UtsNode.Root(tree));
        long before = 0;
        for (int batches = 0; queue.Count > 0; batches++)
        {
            if (batches == 100)
                before = GC.GetAllocatedBytesForCurrentThread();
            explorer.Execute(batch.AsSpan(0, queue.PopNewest(batch)), queue);
        }
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.That(allocated, Is.Zero);
        Assert.That(explorer.Found.Nodes + 1, Is.EqualTo(tree.Published!.Value.Nodes));
    }

    [Test]
    public void Options_that_cannot_be_are_refused() => Assert.Multiple(() =>
    {
        Assert.That(() => SampleTrees.Named("T9"), Throws.TypeOf<UsageException>().With.Message.Contains("T1, T2, T3"));
        Assert.That(() => new UtsOptions { Tree = SampleTrees.Named("T1"), Lanes = 3 }, Throws.TypeOf<UsageException>());
        Assert.That(() => new UtsOptions { Tree = SampleTrees.Named("T1"), SlowFactor = 0 }, Throws.TypeOf<UsageException>());
        Assert.That(() => ThreadWorld.Run(1, comm => UtsJob.Run(comm, new() { Tree = SampleTrees.Named("T1"), SlowRank = 1 })), Throws.TypeOf<UsageException>());
    });
}
