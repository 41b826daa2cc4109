using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.ExceptionServices;
using SoraHpc.Communication.Faults;
using SoraHpc.Diagnostics;

namespace SoraHpc.Communication.Threads;

/// <summary>
/// The threads of one run, from one world to the next. A world that has lost a rank is followed by another when every living member has
/// left what it did and every dead one its stack: nothing of the old world is then in anybody's hands.
/// </summary>
internal sealed class ThreadRun
{
    /// <summary>Stack of a rank [B]: as roomy as a process's main thread is under most launchers.</summary>
    private const int StackBytes = 16 << 20;

    private readonly Lock gate = new();
    private readonly Action<Communicator> body;
    private readonly WorldOptions options;
    private readonly Action<WorldFailure>? onFailure;
    private readonly List<Thread> threads = [];
    private readonly CountdownEvent ends = new(1);
    private ThreadMember[] members;
    private WorldState world;
    private Timer? deadline;
    private int deaths;
    private volatile bool isComplete;

    internal ThreadRun(Action<Communicator> body, WorldOptions options, Action<WorldFailure>? onFailure = null)
    {
        (this.body, this.options, this.onFailure) = (body, options, onFailure);
        Turns = Schedule is { TakeTurns: true } ? new Turns(Schedule.Seed) : null;
        Form(0, [.. Enumerable.Range(0, options.Ranks).Select(_ => new ThreadMember(this, new RankMemory()))], null);
    }

    internal FaultSchedule? Schedule => options.Faults;

    internal bool ChecksMessages => options.CheckMessages;

    internal bool Survives => options.Survival is not null;

    internal Turns? Turns { get; }

    /// <summary>The body has returned on all ranks of one world.</summary>
    internal bool IsComplete => isComplete;

    internal WorldFailure? Failure => world.Failure;

    /// <summary>Set by the first failure, or when all threads have ended.</summary>
    internal ManualResetEventSlim Ended { get; } = new();

    /// <summary>Starts a thread for every member.</summary>
    internal void Start()
    {
        foreach (ThreadMember member in members)
            StartThread(member);
        Turns?.Begin();
        CountEnd();
    }

    /// <summary>Waits for all threads; for those of a run that has failed no longer than <paramref name="grace"/>.</summary>
    internal void Join(TimeSpan grace)
    {
        Ended.Wait();
        if (Failure is null)
            ends.Wait();
        else
            ends.Wait(grace);
        deadline?.Dispose();
        lock (gate)
            world.Close();
    }

    /// <summary>Ends the run for a reason no rank gives.</summary>
    internal void Fail(Exception reason, int exitCode)
    {
        lock (gate)
            world.Fail(new(-1, ExceptionDispatchInfo.Capture(reason), exitCode));
    }

    internal void OnFailure(WorldFailure first)
    {
        onFailure?.Invoke(first);
        Ended.Set();
    }

    /// <summary>Changes what a member is at, and goes on to what that was the last obstacle to.</summary>
    internal void Arrive(Action change)
    {
        lock (gate)
        {
            change();
            Proceed();
        }
    }

    /// <summary>Takes note of a death in <paramref name="of"/>; false when that world is over already, and the rank lives on in the next.</summary>
    internal bool NoteDeath(WorldState of, ThreadRank rank)
    {
        lock (gate)
        {
            if (of != world || isComplete)
                return false;
            of.AddDead(rank);
            deaths++;
            if (options.Survival is { } survival)
                deadline ??= new Timer(_ => FailLate(of), null, survival.Deadline, Timeout.InfiniteTimeSpan);
            return true;
        }
    }

    private void StartThread(ThreadMember member)
    {
        ends.AddCount();
        new Thread(() => RunThread(member), StackBytes) { IsBackground = true, Name = $"rank {member.Rank.WorldRank}" }.Start();
    }

    private void RunThread(ThreadMember member)
    {
        if (Turns is not null)
            Turns.Take(member.Rank);
        try
        {
            member.Run(body);
        }
        // The filter runs before the stack unwinds: the others learn of the failure, and let go of this rank's buffers,
        // before a using block frees them or waits for those others in a collective Dispose.
        catch (Exception failure) when (Report(member, failure))
        {
        }
        finally
        {
            End(member);
        }
    }

    // A dead rank has been reported already; whatever comes after its death is no failure.
    private static bool Report(ThreadMember member, Exception failure)
    {
        ThreadRank rank = member.Rank;
        if (!rank.IsDead)
            rank.World.Fail(new(rank.WorldRank, ExceptionDispatchInfo.Capture(failure), Communication.Failure.ExitCode(failure)));
        rank.Requests.WithdrawAll();
        return true;
    }

    private void End(ThreadMember member)
    {
        member.Rank.Requests.WithdrawAll();
        try
        {
            member.Memory.Clear();
        }
        catch (Exception failure) when (Report(member, failure))
        {
        }
        if (!member.Rank.HasLeft)
            member.Rank.Leave();
        Arrive(() => member.IsGone = true);
        Turns?.Leave(member.Rank);
        CountEnd();
    }

    private void CountEnd()
    {
        if (ends.Signal())
            Ended.Set();
    }

    private void Proceed()
    {
        if (isComplete || world.Failure is not null)
            return;
        if (members.All(member => member.HasReturned))
        {
            isComplete = true;
            world.WakeAll();
        }
        else if (world.Dead.Length > 0 && members.All(member => member.Rank.IsDead ? member.IsGone : member.IsWaiting))
            GoOn();
    }

    // By the thread that was waited for last: a living rank that arrives, or a dead one at the end of its stack.
    private void GoOn()
    {
        ThreadMember[] living = [.. members.Where(member => !member.Rank.IsDead)];
        if (living.Length == 0 || options.Survival is not { } survival || deaths > survival.MostFailures)
        {
            string reason = living.Length == 0 ? "all ranks have died: nobody is left to go on" : $"{deaths} ranks have died, {options.Survival?.MostFailures} at most were to be survived";
            world.Fail(new(-1, ExceptionDispatchInfo.Capture(new SoraException(reason)), 1));
            return;
        }
        ThreadMember[] next = survival.Replace ? [.. members.Select(member => member.Rank.IsDead ? new ThreadMember(this, new RankMemory()) : member)] : living;
        RecoveryReport report = Describe(living, next);
        Form(report.Generation, next, report);
        options.Error.WriteLine($"sora: {report}");
        deadline?.Dispose();
        deadline = null;
        foreach (ThreadMember member in next.Except(living))
            StartThread(member);
    }

    [MemberNotNull(nameof(world), nameof(members))]
    private void Form(int generation, ThreadMember[] crew, RecoveryReport? recovery)
    {
        (members, world) = (crew, new WorldState(this, Array.ConvertAll(crew, member => new Incarnation(generation, member.Memory, recovery))));
        for (int r = 0; r < crew.Length; r++)
            if (crew[r].IsWaiting)
                crew[r].Invite(world.Ranks[r]);
            else
            {
                crew[r].Join(world.Ranks[r]);
                Turns?.Add(world.Ranks[r]);
            }
    }

    private RecoveryReport Describe(ThreadMember[] living, ThreadMember[] next)
    {
        long now = Stopwatch.GetTimestamp(), noticed = Math.Max(world.FirstDeathAt, living.Max(member => member.Rank.NoticedAt));
        return new(living[0].Rank.Incarnation.Generation + 1, world.Dead, members.Length, next.Length, next.Length - living.Length,
            Stopwatch.GetElapsedTime(world.FirstDeathAt, noticed), Stopwatch.GetElapsedTime(noticed, now), Stopwatch.GetElapsedTime(now));
    }

    private void FailLate(WorldState of)
    {
        lock (gate)
        {
            if (of != world || isComplete)
                return;
            IEnumerable<int> missing = members.Where(member => member.Rank.IsDead ? !member.IsGone : !member.IsWaiting).Select(member => member.Rank.WorldRank);
            world.Fail(new(-1, ExceptionDispatchInfo.Capture(new SoraException(
                $"rank {string.Join(", ", missing)} has not left what it does {options.Survival!.Deadline.TotalSeconds:0.#} s after rank {string.Join(", ", world.Dead)} died: raise the deadline of survival if it computes so long")), 1));
        }
    }
}
