using System.Diagnostics;
using SoraHpc.Communication.Mpi.Abi;
using SoraHpc.Communication.Survival;
using SoraHpc.Communication.Survival.Detection;
using SoraHpc.Communication.Survival.Opening;
using SoraHpc.Diagnostics;

namespace SoraHpc.Communication.Mpi;

/// <summary>
/// A process that survives the death of others. MPI never says that a rank is dead, so a <see cref="FailureDetector"/> does; no call waits
/// inside MPI (<see cref="SurvivingCalls"/>); the new world is a communicator made by the living alone (<see cref="MpiFormation"/>).
/// </summary>
internal sealed unsafe class MpiMortalRank : MortalRank, IDisposable
{
    // Messages between two living ranks still under way when all have stopped calling arrive in this time; only then may their buffers go.
    private const int SettleMilliseconds = 50;
    private const int WatchMilliseconds = 250, SuspicionMilliseconds = 1000, SpinsBeforeSleep = 1000;

    private readonly WorldOptions options;
    private readonly SurvivalOptions survival;
    private readonly Lock looking = new();
    private readonly FailureDetector detector;
    private readonly MpiFormation formation;
    private readonly Timer watch;
    private readonly OpeningWatch opening;
    private readonly RunOutcome outcome;
    private MpiProcess process;
    private bool hasSettled;
    private volatile bool isEndedByAnother;

    /// <param name="opening">Ends here: when all ranks have found each other.</param>
    internal MpiMortalRank(MpiProcess process, WorldOptions options, OpeningWatch opening)
    {
        (this.process, this.options, survival, this.opening) = (process, options, options.Survival!, opening);
        outcome = new(survival.OutcomeFile);
        detector = new(survival.Silence) { RunEnds = Follow, Expelled = Expel };
        formation = new(detector, survival, options.Error);
        watch = new(_ => CheckDeadline(), null, WatchMilliseconds, WatchMilliseconds);
        Heed(process);
    }

    /// <summary>Whether the world still is the one that MPI started, with everybody alive: only then can MPI be closed.</summary>
    internal bool IsWhole => detector.DeadCount == 0 && process.Incarnation.Generation == 0;

    internal MpiProcess Process => process;

    /// <summary>Refuses what cannot survive, before anything is communicated.</summary>
    internal static void Check(MpiProcess process, LaunchEnvironment launch)
    {
        if (!process.Abi.GoesOnWithoutTheDead)
            throw new UsageException($"{process.Abi.Name} cannot go on without a rank that died: use Open MPI, or have a failed run started again (--restarts N)");
        if (launch.Launcher == "Open MPI" && launch.Size > 1 && Environment.GetEnvironmentVariable("OMPI_MCA_orte_enable_recovery") is null or "0")
            throw new UsageException("this mpiexec ends all ranks when one dies: start it with --enable-recovery, or leave survival out");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        watch.Dispose();
        detector.Dispose();
    }

    protected override Communicator Open()
    {
        Take(formation.Begin(process));
        opening.Dispose();
        return MpiCommunicator.World(process);
    }

    protected override bool Finish()
    {
        detector.Say(LifeState.Done);
        for (int turn = 0; !detector.AllAreDone(); turn++)
        {
            if (detector.IsBroken && detector.Meet(LifeState.Arrived, out _) >= 0)
                return detector.AllAreDone() && Left();
            Progress(turn);
        }
        return Left();
    }

    protected override Communicator Recover()
    {
        long begun = Stopwatch.GetTimestamp();
        RecoveryStart start = new([.. detector.World], process.Incarnation, begun - (long)(detector.SinceFirstDeath.TotalSeconds * Stopwatch.Frequency));
        while (true)
        {
            if (detector.DeadCount > survival.MostFailures)
                throw new SoraException($"{detector.DeadCount} ranks have died, more than the {survival.MostFailures} that were to be survived");
            try
            {
                int next, turn = 0;
                int[] living;
                while ((next = detector.Meet(LifeState.Arrived | LifeState.Ready, out living)) < 0)
                    Progress(turn++);
                if (isEndedByAnother)
                    Thread.Sleep(Timeout.Infinite);         // it has died of ending the run, which then does not go on without it
                Take(formation.Form(process, start, next, living));
                hasSettled = false;
                detector.Recovered();
                return MpiCommunicator.World(process);
            }
            catch (RankFailureException)
            {
                // somebody died meanwhile: once more, without them too
            }
        }
    }

    // Known before the death of the rank that ends the run: it says so before it leaves.
    private void Follow(int exitCode)
    {
        isEndedByAnother = true;
        process.Failures.Follow(exitCode);
    }

    private bool Left()
    {
        outcome.Write(survival.ExitCode());
        // From here on a death changes nothing, but finalising would wait for the dead.
        detector.Died = () => DynamicLoader.ExitNow(0);
        detector.Say(LifeState.Left);
        return true;
    }

    private void Take(MpiProcess next)
    {
        if (next == process)
            return;
        process.Failures.Dispose();
        process = next;
        Heed(next);
    }

    private void Heed(MpiProcess present)
    {
        present.Errors.BrokenOff = BreakOff;
        present.Errors.Explain = Explain;
        present.Failures.Ending = exitCode =>
        {
            outcome.Write(exitCode);
            detector.EndRun(exitCode);
        };
        present.Failures.Watch(options.EndsOnStopSignals);
    }

    // Before the exception unwinds the frames that own buffers, all that still comes for them must have come.
    private RankFailureException BreakOff(string call)
    {
        int[] failed = detector.DeadRanks();
        if (!hasSettled)
        {
            hasSettled = true;
            process.Requests.Abandon();
            for (int turn = 0; detector.Meet(LifeState.Arrived, out _) < 0; turn++)
                Progress(turn);
            for (long begun = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(begun).TotalMilliseconds < SettleMilliseconds;)
                Progress(0);
        }
        return new(failed, call, process.WorldRank);
    }

    // Reading the memory of a process that has just died fails at once, before anybody can have heard of its death.
    private RankFailureException? Explain(string call)
    {
        for (long begun = Stopwatch.GetTimestamp(); !detector.IsBroken; Thread.Sleep(1))
            if (Stopwatch.GetElapsedTime(begun).TotalMilliseconds > SuspicionMilliseconds)
                return null;
        return BreakOff(call);
    }

    // MPI moves messages only while it is called.
    private void Progress(int turn)
    {
        int found;
        NativeStatus status;
        _ = process.Library.Own.Iprobe(process.Abi.AnySource, process.Abi.AnyTag, process.Abi.Self, &found, &status);
        if (turn < SpinsBeforeSleep)
            Thread.Yield();
        else
            Thread.Sleep(1);
    }

    // The timer does not wait for a look that ends the run.
    private void CheckDeadline()
    {
        if (!looking.TryEnter())
            return;
        try
        {
            EndWhatHangs();
        }
        finally
        {
            looking.Exit();
        }
    }

    private void EndWhatHangs()
    {
        TimeSpan known = detector.SinceFirstDeath;
        if (detector.IsBroken && known > survival.Grace && process.Library.SurvivingCalls!.Within(out TimeSpan time) is { } call && time > survival.Grace)
            process.Failures.End($"sora: rank {process.WorldRank}: ranks died, and {call} does not return without them (after {survival.Grace.TotalSeconds:0.#} s): " +
                "start the run again from its newest checkpoint (--restarts N does it by itself)", 1);
        if (known <= survival.Deadline)
            return;
        int[] missing = detector.MissingRanks();
        string why = missing.Length == 0 ? "all living ranks met, but MPI did not come back from making their communicator"
            : $"rank{(missing.Length == 1 ? "" : "s")} {string.Join(", ", missing)} did not leave what they did";
        process.Failures.End($"sora: rank {process.WorldRank}: ranks died, and the world was not formed anew within {survival.Deadline.TotalSeconds:0.#} s: {why}; " +
            "start the run again from its newest checkpoint (--restarts N does it by itself)", 1);
    }

    // The others go on without this rank: what it would still write would be in their way.
    private void Expel(string why)
    {
        options.Error.WriteLine($"sora: rank {process.WorldRank}: {why} (silence of {survival.Silence.TotalSeconds:0.#} s); it ends here");
        options.Error.Flush();
        DynamicLoader.ExitNow(1);
    }
}

/// <summary>What a recovery starts from.</summary>
/// <param name="World">Members of the world that broke, by rank.</param>
/// <param name="Incarnation">This rank's in it.</param>
/// <param name="KnownAt">When the first death was known, in ticks of <see cref="Stopwatch"/>.</param>
internal sealed record RecoveryStart(int[] World, Incarnation Incarnation, long KnownAt);
