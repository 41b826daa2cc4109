using SoraHpc.Communication.Faults;

namespace SoraHpc.Communication.Threads;

/// <summary>What a rank waits for.</summary>
internal interface ICondition
{
    bool Holds();

    /// <summary>Why it can never hold any more, or null. Asked only after <see cref="Holds"/> was false.</summary>
    string? WhyStuck();
}

/// <summary>One rank of a world of threads: how it waits, and the objects it keeps for reuse. Only <see cref="Wake"/> is called by others.</summary>
internal sealed class ThreadRank
{
    private readonly object gate = new();
    private readonly int spins;
    private readonly Stack<Transfer> transfers = new();
    private readonly Stack<CollectiveCall> calls = new();
    private int version, parked, parkedAt, missedPolls;
    private volatile bool hasLeft, isDoomed, isAccessing;

    internal ThreadRank(WorldState world, int worldRank, int spins)
    {
        (World, WorldRank, this.spins) = (world, worldRank, spins);
        Requests = new ThreadRequestTable(this);
    }

    internal WorldState World { get; }

    internal int WorldRank { get; }

    internal ThreadRequestTable Requests { get; }

    /// <summary>What the rank's communicators of this world carry on from those before.</summary>
    internal Incarnation Incarnation { get; init; } = Incarnation.First();

    /// <summary>Messages taken out of a queue by a matched probe and not yet received.</summary>
    internal MatchedMessages Matched { get; } = new();

    /// <summary>True once this rank's body has ended: it sends and receives nothing any more.</summary>
    internal bool HasLeft => hasLeft;

    /// <summary>Where the rank has its turns; null in a world whose ranks take none.</summary>
    internal TurnSeat? Seat { get; set; }

    /// <summary>What will go wrong with the next message it sends; null almost always.</summary>
    internal MessageFlaw? NextFlaw { get; set; }

    /// <summary>What it waits in, for whoever finds that nobody goes on.</summary>
    internal string WaitsIn { get; private set; } = "";

    /// <summary>Whether it has died, as far as it knows itself.</summary>
    internal bool IsDead { get; set; }

    /// <summary>Whether another rank's death takes this one along, at its next call or wait.</summary>
    internal bool IsDoomed => isDoomed;

    /// <summary>Whether it is between this world and the next: the death of others is no longer news.</summary>
    internal bool IsRecovering { get; set; }

    /// <summary>When it learned of a death; 0 while it knows of none.</summary>
    internal long NoticedAt { get; set; }

    /// <summary>Changes whenever somebody wakes the rank.</summary>
    internal int Version => Volatile.Read(ref version);

    internal void Leave()
    {
        hasLeft = true;
        World.CountLeft();
    }

    internal void Doom()
    {
        isDoomed = true;
        Wake();
    }

    /// <summary>Before memory is touched that its rank may free when it is broken off: from here until <see cref="EndAccess"/> it waits with that.</summary>
    internal void BeginAccess(string call)
    {
        if (!World.Survives)
            return;
        isAccessing = true;
        Interlocked.MemoryBarrier();            // the other side: told of a death, barrier, is anybody accessing
        if (World.Dead.Length == 0)
            return;
        isAccessing = false;                    // two that wait for each other's access would wait for ever
        World.ThrowIfEnded(this, call);
    }

    internal void EndAccess() => isAccessing = false;

    /// <summary>Returns when the rank is not within an access to another's memory that began before a death was known.</summary>
    internal void AwaitAccess()
    {
        SpinWait wait = default;
        while (isAccessing)
            wait.SpinOnce();
    }

    /// <summary>Asleep, and nobody has woken it: it does nothing until somebody does.</summary>
    internal bool IsAsleep => Volatile.Read(ref parked) > 0 && Version == Volatile.Read(ref parkedAt);

    /// <summary>Spins briefly, then sleeps, until the condition holds; throws when the world fails or the condition no longer can.</summary>
    internal void Wait<TCondition>(ref TCondition condition, string call) where TCondition : struct, ICondition, allows ref struct
    {
        while (true)
        {
            int seen = Volatile.Read(ref version);
            if (condition.Holds())
                return;
            World.ThrowIfEnded(this, call);
            if (condition.WhyStuck() is { } reason)
                World.ThrowStuck(this, call, reason);
            WaitsIn = call;
            if (World.Turns is { } turns)
            {
                if (!turns.Await(this, seen))
                    World.ThrowNobodyGoesOn(this, call);
            }
            else if (!Spin(seen))
                Park(seen);
        }
    }

    /// <summary>Makes this rank look again at what it waits for. Any thread; never under a mailbox's or board's lock.</summary>
    internal void Wake()
    {
        Interlocked.Increment(ref version);
        if (Volatile.Read(ref parked) == 0)
            return;
        lock (gate)
            Monitor.PulseAll(gate);
    }

    /// <summary>Called after a test that found nothing: a rank that polls must let the others run where cores are few.</summary>
    internal void MissedPoll()
    {
        if (World.Turns is { } turns)
        {
            if (!turns.GiveIdle(this))
                World.ThrowNobodyGoesOn(this, "Test");
        }
        else if ((++missedPolls & 15) == 0)
            Thread.Yield();
    }

    internal Transfer RentTransfer() => transfers.TryPop(out Transfer? transfer) ? transfer : new Transfer(this);

    internal void Return(Transfer transfer) => transfers.Push(transfer);

    internal CollectiveCall RentCall() => calls.TryPop(out CollectiveCall? call) ? call : new CollectiveCall(this);

    internal void Return(CollectiveCall call) => calls.Push(call);

    private bool Spin(int seen)
    {
        for (int i = 0; i < spins; i++)
        {
            if (Volatile.Read(ref version) != seen)
                return true;
            Thread.SpinWait(10);
        }
        return false;
    }

    private void Park(int seen)
    {
        Volatile.Write(ref parkedAt, seen);
        Interlocked.Increment(ref parked);      // before looking at the version again: Wake does it in the opposite order
        try
        {
            if (World.CountAsleep() && !IsRecovering)
                World.ThrowNobodyGoesOn(this, WaitsIn);
            lock (gate)
                while (Volatile.Read(ref version) == seen)
                    Monitor.Wait(gate);
        }
        finally
        {
            World.CountAwake();
            Interlocked.Decrement(ref parked);
        }
    }
}
