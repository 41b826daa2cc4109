using System.Diagnostics;
using System.Runtime.Intrinsics;
using SoraHpc.Communication;
using SoraHpc.Diagnostics;
using SoraHpc.Runtime;
using SoraHpc.Runtime.Resilience;
using SoraHpc.Runtime.Stealing;

namespace SoraHpc.Jobs.Uts;

/// <summary>The Unbalanced Tree Search: counts the nodes of a tree nobody knows the shape of before. Read <see cref="Run"/>, then <see cref="UtsExplorer{TVector,TLanes}"/>.</summary>
public static class UtsJob
{
    // Without stealing every rank gets this many subtrees on average, where the tree has so many.
    private const int SubtreesPerRank = 64;

    /// <summary>Searches the tree on all ranks of <paramref name="world"/>. Collective.</summary>
    /// <param name="run">Where checkpoints go, if any; a step between them is a batch of tasks on a rank.</param>
    /// <exception cref="SoraException">The counts are not those published for the tree.</exception>
    /// <exception cref="RunStoppedException">The search was asked to stop; what is open is in a checkpoint. On every rank.</exception>
    public static UtsResult Run(Communicator world, UtsOptions options, SoraOptions? run = null)
    {
        long begun = Stopwatch.GetTimestamp();
        if (options.SlowRank >= world.Size)
            throw new UsageException($"rank {options.SlowRank} is to be slow, but there are only {world.Size} ranks");
        if (run?.Integrity is not null)
            throw new UsageException("uts does not say how its numbers can be looked at: run it without checks");
        UtsTree tree = options.Tree;
        int lanes = LanesOf(options.Lanes);
        using IUtsExplorer explorer = Explorer(lanes, new TreeLevels(tree), options.SlowRank == world.Rank ? options.SlowFactor : 1);
        VictimSelection victims = options.Victims ?? VictimSelection.By((thief, ranks) => new NearThenRandom(thief, ranks, options.Stealing.Capabilities));
        PausableTasks<UtsNode, IUtsExplorer> body = new(explorer);
        using TaskPool<UtsNode> pool = victims.CreatePool<UtsNode, PausableTasks<UtsNode, IUtsExplorer>>(world, body, options.Stealing);
        using Checkpointer? checkpoints = run?.Checkpoints is { } saving ? new(world, saving, "uts", ResultFingerprint.Of(tree)) : null;
        UtsSearch search = new(world, pool, body, checkpoints, run?.Checkpoints?.Stop ?? default);
        (UtsNode[] seeds, UtsCounts above) = checkpoints?.Start is not null ? (search.Restore(), default) : Seeds(world, tree, options.Stealing.Enabled);
        world.Barrier();
        long started = Stopwatch.GetTimestamp();
        TaskStatistics tasks = search.Run(seeds, () => above.Plus(explorer.Found));
        double seconds = world.Allreduce(Stopwatch.GetElapsedTime(started).TotalSeconds, ReduceOperation.Max);

        UtsCounts own = above.Plus(explorer.Found), all = search.Total(own);
        if (tree.Published is { } published && published != all)
            throw new SoraException($"uts {tree.Name}: found {Describe(all)}; published are {Describe(published)}");
        string how = options.Stealing.Enabled ? $"stealing{(options.Victims is null ? "" : $" by {options.Victims}")}, {pool.Transport}" : "even split, no stealing";
        CheckpointReport? saved = checkpoints?.Finish();
        return Gather(world, $"tree {tree}; {how}; {lanes} {(lanes == 1 ? "lane" : "lanes")}", all, own, tasks, seconds, begun, saved);
    }

    /// <summary>Lanes a search uses when <paramref name="asked"/> for.</summary>
    internal static int LanesOf(int asked) => asked != 0 ? asked
        : Vector512.IsHardwareAccelerated ? 16 : Vector256.IsHardwareAccelerated ? 8 : Vector128.IsHardwareAccelerated ? 4 : 1;

    internal static IUtsExplorer Explorer(int lanes, TreeLevels levels, int repetitions) => lanes switch
    {
        16 => new UtsExplorer<Vector512<uint>, Lanes16>(levels, repetitions),
        8 => new UtsExplorer<Vector256<uint>, Lanes8>(levels, repetitions),
        4 => new UtsExplorer<Vector128<uint>, Lanes4>(levels, repetitions),
        _ => new UtsExplorer<uint, Lanes1>(levels, repetitions),
    };

    // With stealing the root is enough, on one rank. Without, all ranks make the first levels and each takes every n-th subtree.
    private static (UtsNode[] Seeds, UtsCounts Above) Seeds(Communicator world, UtsTree tree, bool stealing)
    {
        UtsNode root = UtsNode.Root(tree);
        UtsCounts above = world.IsRoot ? new(1, root.Children == 0 ? 1 : 0, 0) : default;
        Queue<UtsNode> open = new(root.Children > 0 ? [root] : []);
        if (stealing)
            return (world.IsRoot ? open.ToArray() : [], above);
        while (open.Count < SubtreesPerRank * world.Size && open.TryDequeue(out UtsNode node))
            for (int i = 0; i < node.Children; i++)
            {
                UtsNode child = node.Child(tree, i);
                if (world.IsRoot)
                    above = new(above.Nodes + 1, above.Leaves + (child.Children == 0 ? 1 : 0), Math.Max(above.Depth, child.Depth));
                if (child.Children > 0)
                    open.Enqueue(child);
            }
        return ([.. open.Where((_, i) => i % world.Size == world.Rank)], above);
    }

    private static UtsResult Gather(Communicator world, string choices, UtsCounts all, UtsCounts own, TaskStatistics tasks, double seconds, long begun, CheckpointReport? saved)
    {
        TaskStatistics[] allTasks = new TaskStatistics[world.IsRoot ? world.Size : 0];
        RankReport[] reports = new RankReport[allTasks.Length];
        double capability = tasks.BusySeconds > 0 ? own.Nodes / tasks.BusySeconds : 0;
        RankReport report = new(world.Rank, own.Nodes, own.Nodes, capability, tasks.BusySeconds, tasks.IdleSeconds, 0, double.NaN);
        world.Gather(new ReadOnlySpan<TaskStatistics>(in tasks), allTasks);
        world.Gather(new ReadOnlySpan<RankReport>(in report), reports);
        long tried = world.Allreduce(tasks.StealsTried, ReduceOperation.Sum), succeeded = world.Allreduce(tasks.StealsSucceeded, ReduceOperation.Sum);
        Dictionary<string, double> observables = new()
        {
            ["nodes"] = all.Nodes, ["leaves"] = all.Leaves, ["depth"] = all.Depth, ["nodes/s"] = all.Nodes / seconds,
            ["steals tried"] = tried, ["steals"] = succeeded,
        };
        return new(new("uts", choices, 1, Stopwatch.GetElapsedTime(begun).TotalSeconds, observables, reports) { WorkUnit = "nodes", Checkpoints = saved }, all, seconds, allTasks);
    }

    private static string Describe(UtsCounts counts) => $"{counts.Nodes} nodes, {counts.Leaves} leaves, depth {counts.Depth}";
}
