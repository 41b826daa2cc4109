using System.Diagnostics;
using System.Runtime.Intrinsics;
using SoraHpc.Communication;
using SoraHpc.Diagnostics;
using SoraHpc.Runtime;
using SoraHpc.Runtime.Elasticity;
using SoraHpc.Runtime.Resilience;
using SoraHpc.Runtime.Stealing;

namespace SoraHpc.Jobs.Uts;

/// <summary>The Unbalanced Tree Search: counts the nodes of a tree nobody knows the shape of before. Read <see cref="Run"/>, then <see cref="UtsExplorer{TVector,TLanes}"/>.</summary>
public static class UtsJob
{
    /// <summary>Searches the tree on all ranks of <paramref name="world"/>. Collective.</summary>
    /// <param name="run">Where checkpoints go, if any; a step between them is a batch of tasks on a rank.</param>
    /// <exception cref="UsageException">A slow rank there is not, checks, or an elasticity without stealing.</exception>
    /// <exception cref="SoraException">The counts are not those published for the tree.</exception>
    /// <exception cref="RunStoppedException">The search was asked to stop; what is open is in a checkpoint. On every rank.</exception>
    public static UtsResult Run(Communicator world, UtsOptions options, SoraOptions? run = null)
    {
        long begun = Stopwatch.GetTimestamp();
        if (options.SlowRank >= world.Size)
            throw new UsageException($"rank {options.SlowRank} is to be slow, but there are only {world.Size} ranks");
        if (run?.Integrity is not null)
            throw new UsageException("uts does not say how its numbers can be looked at: run it without checks");
        int lanes = LanesOf(options.Lanes);
        using IUtsExplorer explorer = Explorer(lanes, new TreeLevels(options.Tree), options.SlowRank == world.Rank ? options.SlowFactor : 1);
        using UtsSearch search = new(world, options, explorer, run?.Checkpoints);
        search.Run();
        string how = options.Stealing.Enabled ? $"stealing{(options.Victims is null ? "" : $" by {options.Victims}")}, {search.Transport}" : "even split, no stealing";
        string size = options.Elasticity is FixedSize ? "" : $"; {options.Elasticity}";
        return Gather(world, search, $"tree {options.Tree}; {how}; {lanes} {(lanes == 1 ? "lane" : "lanes")}{size}", begun);
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

    private static UtsResult Gather(Communicator world, UtsSearch search, string choices, long begun)
    {
        (TaskStatistics tasks, long steps) = search.OwnTasks;
        (UtsCounts own, UtsCounts all) = (search.Own, search.Counts);
        TaskStatistics[] allTasks = new TaskStatistics[world.IsRoot ? world.Size : 0];
        RankReport[] reports = new RankReport[allTasks.Length];
        double capability = tasks.BusySeconds > 0 ? own.Nodes / tasks.BusySeconds : 0;
        RankReport report = new(world.Rank, own.Nodes, own.Nodes, capability, tasks.BusySeconds, tasks.IdleSeconds, 0, double.NaN) { Steps = steps };
        world.Gather(new ReadOnlySpan<TaskStatistics>(in tasks), allTasks);
        world.Gather(new ReadOnlySpan<RankReport>(in report), reports);
        long tried = world.Allreduce(tasks.StealsTried, ReduceOperation.Sum), succeeded = world.Allreduce(tasks.StealsSucceeded, ReduceOperation.Sum);
        Dictionary<string, double> observables = new()
        {
            ["nodes"] = all.Nodes, ["leaves"] = all.Leaves, ["depth"] = all.Depth, ["nodes/s"] = all.Nodes / search.Seconds,
            ["steals tried"] = tried, ["steals"] = succeeded,
        };
        RunResult result = new("uts", choices, search.Steps, Stopwatch.GetElapsedTime(begun).TotalSeconds, observables, reports)
        {
            WorkUnit = "nodes", Checkpoints = search.Saved, Resizes = search.Resizes,
        };
        return new(result, all, search.Seconds, allTasks);
    }
}
