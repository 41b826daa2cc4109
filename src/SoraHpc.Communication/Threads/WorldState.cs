using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.ExceptionServices;
using SoraHpc.Communication.Faults;

namespace SoraHpc.Communication.Threads;

/// <summary>Why a world of threads ended early.</summary>
/// <param name="Rank">The world rank that failed; −1 for a signal.</param>
internal sealed record WorldFailure(int Rank, ExceptionDispatchInfo Exception, int ExitCode)
{
    /// <summary>For the messages of the ranks it takes along.</summary>
    internal string Reason => Rank < 0 ? Exception.SourceException.Message : $"rank {Rank} failed: {Exception.SourceException.Message}";
}

/// <summary>What all ranks of one world of threads share: who is there, who has left or died, and the first failure.</summary>
internal sealed class WorldState
{
    // Ranks that a message names, of those that wait in the same call.
    private const int MostNamed = 8;

    private readonly ThreadRun run;
    private readonly FaultInjection? faults;
    private WorldFailure? failure;
    private int[] dead = [];
    private int left, asleep;
    // Whether a call or a wait has to look further. All that an undisturbed world costs is reading this.
    private volatile bool isUnusual;
    private volatile bool closed;

    /// <param name="ranks">What each rank carries on from the world before.</param>
    internal WorldState(ThreadRun run, Incarnation[] ranks)
    {
        // With a core for every rank an answer often comes within a few microseconds; without, the core is better given away.
        int spins = ranks.Length <= Environment.ProcessorCount ? 200 : 4;
        this.run = run;
        Ranks = new ThreadRank[ranks.Length];
        for (int r = 0; r < ranks.Length; r++)
            Ranks[r] = new ThreadRank(this, r, spins) { Incarnation = ranks[r] };
        if (run.Schedule is { } schedule)
            (faults, isUnusual) = (new FaultInjection(schedule, this, ranks[0].Generation), true);
        if (run.ChecksMessages || faults is not null)
            MessageCheck = new MessageCheck(run.ChecksMessages, faults);
        Group = new ThreadGroup(this, Ranks);
    }

    internal ThreadRank[] Ranks { get; }

    /// <summary>All ranks, as the world's own communicator has them.</summary>
    internal ThreadGroup Group { get; }

    /// <summary>Whether the death of a rank leaves the others alive.</summary>
    internal bool Survives => run.Survives;

    /// <summary>Null where ranks run at the same time.</summary>
    internal Turns? Turns => run.Turns;

    /// <summary>Null where messages are not checked and none is made to go wrong.</summary>
    internal MessageCheck? MessageCheck { get; }

    internal WorldFailure? Failure => Volatile.Read(ref failure);

    /// <summary>Ranks that have died, ascending.</summary>
    internal int[] Dead => Volatile.Read(ref dead);

    /// <summary>When the first of them died; 0 while all live.</summary>
    internal long FirstDeathAt { get; private set; }

    /// <summary>Ranks whose body has returned or thrown.</summary>
    internal int LeftCount => Volatile.Read(ref left);

    /// <summary>Records the failure if it is the first and wakes every rank.</summary>
    internal void Fail(WorldFailure first)
    {
        if (Interlocked.CompareExchange(ref failure, first, null) is not null)
            return;
        isUnusual = true;
        run.OnFailure(first);
        WakeAll();
    }

    internal void CountLeft()
    {
        Interlocked.Increment(ref left);
        WakeAll();
    }

    internal void Close() => (closed, isUnusual) = (true, true);

    /// <summary>Every call passes here: it throws when the world has ended, and is where a schedule strikes.</summary>
    internal void Enter(ThreadRank rank, string call)
    {
        if (!isUnusual)
            return;
        ThrowEnded(rank, call);
        faults?.OnCall(rank, call);
    }

    /// <summary>Throws when the world has failed, lost a rank or is closed: every wait passes here.</summary>
    internal void ThrowIfEnded(ThreadRank rank, string call)
    {
        if (isUnusual)
            ThrowEnded(rank, call);
    }

    /// <summary>For a wait that can never end: says why, unless there is a better reason.</summary>
    [DoesNotReturn]
    internal void ThrowStuck(ThreadRank rank, string call, string reason)
    {
        ThrowIfEnded(rank, call);
        throw new CommunicationException(reason, call, rank.WorldRank, ErrorClass.ProcessFailed);
    }

    /// <summary>For the rank that finds that every other waits, too.</summary>
    [DoesNotReturn]
    internal void ThrowNobodyGoesOn(ThreadRank rank, string call)
    {
        ThrowIfEnded(rank, call);
        IEnumerable<string> waits = Ranks.Where(other => !other.HasLeft).GroupBy(other => other.WaitsIn, other => other.WorldRank)
            .Select(ranks => $"rank{(ranks.Count() == 1 ? "" : "s")} {string.Join(", ", ranks.Take(MostNamed))}{(ranks.Count() > MostNamed ? $" and {ranks.Count() - MostNamed} more" : "")} in {ranks.Key}");
        throw new CommunicationException($"no rank can go on: {string.Join("; ", waits)}", call, rank.WorldRank, ErrorClass.Deadlock);
    }

    /// <summary>Counts a rank that falls asleep; true when that leaves nobody awake who could wake another.</summary>
    internal bool CountAsleep()
    {
        if (Interlocked.Increment(ref asleep) < Ranks.Length - LeftCount || isUnusual && (Failure is not null || Dead.Length > 0))
            return false;
        // One that was seen asleep may be woken by one that is not seen yet: it is true only if nobody was woken while they were looked at.
        long wakes = Wakes();
        foreach (ThreadRank rank in Ranks)
            if (!rank.HasLeft && !rank.IsAsleep)
                return false;
        return Wakes() == wakes;
    }

    private long Wakes()
    {
        long sum = 0;
        foreach (ThreadRank rank in Ranks)
            sum += (uint)rank.Version;
        return sum;
    }

    internal void CountAwake() => Interlocked.Decrement(ref asleep);

    /// <summary>Has a rank die with the one that calls this, wherever it is.</summary>
    internal void Doom(ThreadRank rank) => rank.Doom();

    /// <summary>Ends the rank, on its own thread. When this throws, the others know, and nobody touches the rank's buffers any more. Returns
    /// where death comes too late: the rank is in the next world already, or the run is over.</summary>
    internal void Die(ThreadRank rank, string call)
    {
        if (!run.NoteDeath(this, rank))
            return;
        if (!run.Survives)
            Fail(new(rank.WorldRank, ExceptionDispatchInfo.Capture(new CommunicationException("the rank died", call, rank.WorldRank, ErrorClass.ProcessFailed)), 1));
        LetGo(rank);
        WakeAll();
        throw new RankDeath();
    }

    /// <summary>Enters a death. One rank at a time.</summary>
    internal void AddDead(ThreadRank rank)
    {
        rank.IsDead = true;
        Volatile.Write(ref dead, [.. dead.Append(rank.WorldRank).Order()]);
        FirstDeathAt = FirstDeathAt == 0 ? Stopwatch.GetTimestamp() : FirstDeathAt;
        isUnusual = true;
    }

    /// <summary>Between this world and the next: a schedule may strike once more.</summary>
    internal void EnterRecovery(ThreadRank rank)
    {
        rank.IsRecovering = true;
        ThrowIfEnded(rank, "Recover");
        faults?.OnRecovery(rank);
    }

    /// <summary>Tells whoever listens to the schedule.</summary>
    internal void Tell(ThreadRank rank, string what) => faults?.Tell(rank, what);

    internal void WakeAll()
    {
        foreach (ThreadRank rank in Ranks)
            rank.Wake();
    }

    private void ThrowEnded(ThreadRank rank, string call)
    {
        if (rank.IsDead)
            throw new RankDeath();
        if (rank.IsDoomed)
        {
            Tell(rank, $"dies with another in {call}");
            Die(rank, call);
        }
        if (Failure is { } first)
            throw new CommunicationException(first.Reason, call, rank.WorldRank, ErrorClass.Aborted);
        if (closed)
            throw new CommunicationException("the world is closed", call, rank.WorldRank, ErrorClass.Closed);
        if (Dead is { Length: > 0 } ranks && !rank.IsRecovering)
            ThrowRankFailure(rank, ranks, call);
    }

    // Everything started is given up, and nobody is at the rank's memory, before anything that is thrown can free it.
    private void LetGo(ThreadRank rank)
    {
        rank.Requests.WithdrawAll();
        Interlocked.MemoryBarrier();
        foreach (ThreadRank other in Ranks)
            if (other != rank)
                other.AwaitAccess();
    }

    private void ThrowRankFailure(ThreadRank rank, int[] ranks, string call)
    {
        LetGo(rank);
        if (rank.NoticedAt == 0)
        {
            rank.NoticedAt = Stopwatch.GetTimestamp();
            Tell(rank, $"{call} is broken off: {string.Join(", ", ranks)} died");
        }
        throw new RankFailureException(ranks, call, rank.WorldRank);
    }
}
