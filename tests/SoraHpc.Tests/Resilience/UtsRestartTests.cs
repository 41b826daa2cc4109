using NUnit.Framework;
using SoraHpc.Communication.Threads;
using SoraHpc.Diagnostics;
using SoraHpc.Jobs.Uts;
using SoraHpc.Runtime;
using SoraHpc.Runtime.Resilience;
using SoraHpc.Runtime.Stealing;

namespace SoraHpc.Tests.Resilience;

public sealed class UtsRestartTests : FolderTests
{
    private static readonly UtsTree Tree = new() { Name = "small", Kind = TreeKind.Binomial, RootChildren = 1200, Probability = 0.19, BinomialChildren = 5, Seed = 11 };

    private string Checkpoints => In("checkpoints");

    [Test]
    public void Search_in_rounds_finds_the_whole_tree([Values(1, 2, 4)] int ranks, [Values] bool stealing, [Values(4, 1000000)] long batches)
    {
        UtsCounts expected = UtsReference.Search(Tree);

        UtsResult result = Search(ranks, new() { Tree = Tree, Stealing = new() { Enabled = stealing } }, new() { Directory = Checkpoints, Interval = CheckpointInterval.EverySteps(batches) });

        Assert.That(result.Counts, Is.EqualTo(expected));
        Assert.That(result.Run.TotalWork, Is.EqualTo(expected.Nodes));
        if (batches == 4 && stealing)
            Assert.That(result.Run.Checkpoints!.Written, Is.GreaterThan(1));
    }

    [Test]
    public void Search_that_pauses_between_nodes_finds_the_whole_tree([Values] StealTransport transport)
    {
        UtsCounts expected = UtsReference.Search(Tree);

        UtsResult result = Search(4, new() { Tree = Tree, Stealing = new() { BetweenNodes = transport, RanksPerNode = 2 } },
            new() { Directory = Checkpoints, Interval = CheckpointInterval.EverySteps(5) });

        Assert.That(result.Counts, Is.EqualTo(expected));
    }

    [Test]
    public void Search_goes_on_where_it_was_on_any_number_of_ranks([Values(1, 2, 3, 4)] int ranks)
    {
        UtsCounts expected = UtsReference.Search(Tree);
        // Counts that are wrong are found at the end, so this run fails and its last checkpoint stays.
        Assert.Throws<SoraException>(() => Search(ranks, new() { Tree = Tree with { Published = new(1, 1, 1) } },
            new() { Directory = Checkpoints, Interval = CheckpointInterval.EverySteps(3) }));

        for (int readers = 1; readers <= 4; readers++)
        {
            RunResult result = Stopped.GoOn(readers, Checkpoints, (world, run) => UtsJob.Run(world, new() { Tree = Tree }, run).Run);

            Assert.That((result.Observables["nodes"], result.Observables["leaves"], result.Observables["depth"]), Is.EqualTo(((double)expected.Nodes, (double)expected.Leaves, (double)expected.Depth)));
            Assert.That(result.TotalWork, Is.LessThan(expected.Nodes), "what was found before is not searched again");
        }
    }

    [Test]
    public void Wish_to_stop_is_not_heard_where_nothing_would_be_saved()
    {
        using CancellationTokenSource stop = new();
        stop.Cancel();

        UtsResult result = Search(2, new() { Tree = Tree }, new() { Copies = CheckpointInterval.EverySteps(4), Stop = stop.Token });

        Assert.That(result.Counts, Is.EqualTo(UtsReference.Search(Tree)));
    }

    private static UtsResult Search(int ranks, UtsOptions options, CheckpointOptions checkpoints)
    {
        UtsResult? result = null;
        ThreadWorld.Run(ranks, world =>
        {
            UtsResult own = UtsJob.Run(world, options, new() { Checkpoints = checkpoints });
            if (world.IsRoot)
                result = own;
        });
        return result!;
    }
}
