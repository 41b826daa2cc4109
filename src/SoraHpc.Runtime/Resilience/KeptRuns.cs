using System.Diagnostics;
using SoraHpc.Communication;

namespace SoraHpc.Runtime.Resilience;

/// <summary>
/// The runs of one body, as this rank knows them: kept in its memory, so that when the body is called again each run finds what is its own, and the one
/// that a death has broken off says so. Runs of equal jobs with equal fingerprints are the same: they come to the same result.
/// </summary>
internal sealed class KeptRuns : IDisposable
{
    private readonly List<KeptRun> runs = [];
    private KeptRun? latest;
    private int generation;

    /// <summary>This rank's. Local.</summary>
    internal static KeptRuns Of(Communicator world) => world.Memory.Get(() => new KeptRuns());

    /// <summary>A run begins, or begins again, or goes on with other particles. The first of a new world finds out which run the death has broken off: the one that had begun last. Local.</summary>
    internal KeptRun Open(Communicator world, string job, ulong fingerprint)
    {
        if (world.Generation != generation)
        {
            TimeSpan recovery = world.Recovery is { } report ? report.Agreement + report.Formation : TimeSpan.Zero;
            latest?.BreakOff(world.Generation, Stopwatch.GetTimestamp() - (long)(recovery.TotalSeconds * Stopwatch.Frequency));
            (generation, latest) = (world.Generation, null);
        }
        runs.RemoveAll(run => run is { IsDone: true, BrokenOffBefore: 0 });
        if (runs.Find(run => run.Job == job && run.Fingerprint == fingerprint) is not { } found)
            runs.Add(found = new(job, fingerprint));
        found.IsDone = false;
        return latest = found;
    }

    /// <summary>The time that <paramref name="run"/> does again because of deaths [s]; null when none has broken it off, or all of them were told of before. Collective.</summary>
    /// <param name="from">The step it goes on from.</param>
    internal double? Tell(Communicator world, KeptRun run, long from)
    {
        if (world.Generation == 0)
            return null;
        int told = world.Allreduce(run.BrokenOffBefore, ReduceOperation.Max);
        if (told == 0)
            return null;
        // A rank that is new has lost nothing, and does not know of what others have told.
        double lost = world.Allreduce(run.BrokenOffBefore == 0 ? 0 : run.SecondsLost(from), ReduceOperation.Max);
        run.LostSeconds = lost + world.Allreduce(run.LostSeconds, ReduceOperation.Max);
        // One rank may have been at the end of a run when another had begun the next: the death is told of once.
        foreach (KeptRun one in runs)
            if (one == run || one.BrokenOffBefore == told)
                one.BrokenOffBefore = 0;
        return run.LostSeconds;
    }

    /// <summary>A run begins without this rank: should it be broken off, the one before was not. Local.</summary>
    internal void StandBy()
    {
        if (latest is { IsDone: true })
            latest = null;
    }

    /// <summary>The run that has begun last is over: its copies are not needed any more. Local.</summary>
    internal void Finish() => latest?.Finish();

    public void Dispose()
    {
        foreach (KeptRun run in runs)
            run.Dispose();
    }
}
