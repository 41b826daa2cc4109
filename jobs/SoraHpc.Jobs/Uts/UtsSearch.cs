using SoraHpc.Communication;
using SoraHpc.Runtime.Resilience;
using SoraHpc.Runtime.Stealing;

namespace SoraHpc.Jobs.Uts;

/// <summary>A search in rounds: where checkpoints are wanted the pool pauses when one is due, and its open nodes and the counts so far are
/// the checkpoint; without them there is one round. Every method is collective.</summary>
internal sealed class UtsSearch(Communicator world, TaskPool<UtsNode> pool, PausableTasks<UtsNode, IUtsExplorer> body, Checkpointer? checkpoints, CancellationToken stop)
{
    private UtsCounts earlier;
    private long round;

    /// <summary>Takes back the counts of the checkpoint to go on from and returns this rank's share of its open nodes.</summary>
    internal UtsNode[] Restore()
    {
        round = checkpoints!.StartStep;
        earlier = checkpoints.Start!.ReadShared<UtsCounts>("counts")[0];
        UtsNode[] open = checkpoints.Start.ReadList<UtsNode>("open-nodes");
        checkpoints.Restored();
        return open;
    }

    /// <summary>Searches below the seeds.</summary>
    /// <param name="found">What this rank has found in this run.</param>
    internal TaskStatistics Run(UtsNode[] seeds, Func<UtsCounts> found)
    {
        TaskStatistics all = default;
        while (true)
        {
            body.Begin(checkpoints?.SecondsToNext ?? double.PositiveInfinity, checkpoints?.StepsToNext ?? long.MaxValue, stop);
            all = all.Plus(pool.Run(seeds));
            if (checkpoints is null || world.Allreduce((long)body.Remaining.Length, ReduceOperation.Sum) == 0)
                return all;
            seeds = body.Remaining.ToArray();
            UtsCounts counts = Total(found());
            checkpoints.Save(++round, checkpoint =>
            {
                checkpoint.AddShared("counts", [counts]);
                checkpoint.AddList<UtsNode>("open-nodes", seeds);
            });
            if (world.Allreduce(stop.IsCancellationRequested ? 1L : 0, ReduceOperation.Max) != 0)
                throw checkpoints.Stopped(round);
        }
    }

    /// <summary>Over all ranks, and over the runs that this one goes on from.</summary>
    internal UtsCounts Total(UtsCounts own) => earlier.Plus(new(world.Allreduce(own.Nodes, ReduceOperation.Sum),
        world.Allreduce(own.Leaves, ReduceOperation.Sum), world.Allreduce(own.Depth, ReduceOperation.Max)));
}
