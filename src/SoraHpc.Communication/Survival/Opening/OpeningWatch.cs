using System.Diagnostics;
using System.Runtime.InteropServices;

namespace SoraHpc.Communication.Survival.Opening;

/// <summary>
/// Ends a run whose ranks do not all come together: MPI_Init waits for ever for one that has died (Open MPI with --enable-recovery), and the failure
/// detector needs an open MPI to be set up. From before MPI is opened until every rank can be reached by the detector.
/// </summary>
internal sealed partial class OpeningWatch : IDisposable
{
    private const int LookMilliseconds = 100, Terminate = 15;
    // A launcher starts the ranks of a host one after the other. When not all have been seen, and no more come, one was dead before anybody looked.
    private static readonly TimeSpan NoMoreCome = TimeSpan.FromSeconds(3);
    // The rank that speaks has this long before the others of its host end, should ending the launcher end nobody.
    private const int HeadStartMilliseconds = 1000;

    private readonly HostRanks? ranks;
    private readonly RunOutcome outcome;
    private readonly TimeSpan deadline;
    private readonly TextWriter error;
    private readonly Action<int> leave;
    private readonly string name;
    private readonly Stopwatch opening = Stopwatch.StartNew();
    private readonly Lock gate = new();
    private readonly Timer timer;
    private readonly bool isNew;
    private int mostSeen, fewer, forsaken;
    private bool hasSeenOthers;
    private TimeSpan lastCame;
    private bool isOver;

    /// <param name="ranks">Those of this host; null: they cannot be seen, and the deadline is all there is.</param>
    /// <param name="leave">Ends this process with an exit code, now.</param>
    internal OpeningWatch(HostRanks? ranks, SurvivalOptions survival, int rank, TextWriter error, Action<int> leave)
    {
        (this.ranks, outcome, deadline, this.error, this.leave) = (ranks, new(survival.OutcomeFile), survival.Deadline, error, leave);
        (isNew, name) = (rank < 0, $"rank {rank}");
        timer = new(_ => Look(), null, LookMilliseconds, LookMilliseconds);
    }

    /// <summary>All ranks have found each other, or this one ends the run for another reason.</summary>
    public void Dispose()
    {
        lock (gate)
            isOver = true;
        timer.Dispose();
    }

    private void Look()
    {
        lock (gate)
        {
            if (isOver)
                return;
            string? wrong = WhatIsWrong();
            if (isNew && (wrong is not null || AreOthersGone()))
                Leave();
            else if (wrong is not null)
                End(wrong);
        }
    }

    // A new rank speaks for nobody: those that have started it wait for it and say so, or have given it up and go on, or have ended.
    private void Leave()
    {
        isOver = true;
        leave(1);
    }

    // Those that a new rank was started by: MPI_Init would wait for them.
    private bool AreOthersGone()
    {
        int others = ranks?.Others ?? 0;
        hasSeenOthers |= others > 0;
        forsaken = hasSeenOthers && others == 0 ? forsaken + 1 : 0;
        return forsaken > 1;
    }

    private string? WhatIsWrong()
    {
        int living = ranks?.Living().Length ?? 0;
        if (living > mostSeen)
            (mostSeen, lastCame) = (living, opening.Elapsed);
        // One look may miss a process that is being replaced by its own program, or whose neighbour in the list is just leaving.
        fewer = living < mostSeen ? fewer + 1 : 0;
        if (fewer > 1 || mostSeen < ranks?.Count && opening.Elapsed - lastCame > NoMoreCome)
            return $"{ranks!.Count - living} of {ranks.Count} ranks on {Environment.MachineName} died before the ranks had found each other";
        return opening.Elapsed > deadline ? $"the ranks did not find each other within {deadline.TotalSeconds:0.#} s" : null;
    }

    // No call of MPI: the rank's own thread is within one that does not return.
    private void End(string wrong)
    {
        isOver = true;
        if (ranks is null || ranks.IsFirst)
        {
            error.WriteLine($"sora: {name}: {wrong}: start the run again (--restarts N does it by itself)");
            error.Flush();
            outcome.Write(1);
            if (ranks is not null)
                _ = Kill(ranks.Launcher, Terminate);
        }
        Thread.Sleep(HeadStartMilliseconds);
        leave(1);
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
