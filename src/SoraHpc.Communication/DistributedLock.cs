namespace SoraHpc.Communication;

/// <summary>
/// A lock that one rank at a time holds, in the order they asked: a ticket lock on one rank's memory. What a holder did to other ranks'
/// memory it completes (Flush) before <see cref="Exit"/>. Used by one thread per rank; not to be entered twice.
/// </summary>
/// <remarks>Waiting ranks ask again after a time in proportion to how many are before them, and call the communication layer meanwhile,
/// so that the home rank may wait too (see <see cref="AtomicCounter"/> for when an access completes).
/// Source: J. Mellor-Crummey and M. Scott, ACM Transactions on Computer Systems 9 (1991), "ticket lock".</remarks>
public sealed class DistributedLock : IDisposable
{
    private const int Tickets = 0, Serving = 1;
    private const int PollsPerRankBefore = 4;
    private const int PollsBeforeNaps = 2000;
    private const long NoTicket = -1;

    private readonly Communicator communicator;
    private readonly Window<long> window;
    private readonly int home;
    private long ticket = NoTicket;
    private bool isOpen = true;

    /// <summary>A lock that is free. Collective.</summary>
    /// <param name="home">The rank it lives on, the same on every rank.</param>
    /// <exception cref="CommunicationException"><paramref name="home"/> is no rank.</exception>
    public DistributedLock(Communicator communicator, int home = 0)
    {
        if ((uint)home >= (uint)communicator.Size)
            throw new CommunicationException($"home {home} is not in [0, {communicator.Size})", nameof(DistributedLock), communicator.WorldRank, ErrorClass.Rank);
        (this.communicator, this.home) = (communicator, home);
        window = communicator.AllocateWindow<long>(communicator.Rank == home ? 2 : 0);
        window.LockAll();
    }

    /// <summary>True while this rank holds it.</summary>
    public bool IsHeld => ticket != NoTicket;

    /// <summary>Waits until this rank holds the lock. Leave it by disposing what is returned, or by <see cref="Exit"/>. Not collective.</summary>
    /// <exception cref="InvalidOperationException">This rank holds it already.</exception>
    public Scope Enter()
    {
        if (IsHeld)
            throw new InvalidOperationException($"rank {communicator.WorldRank} holds the lock already");
        long drawn = window.FetchAndOperate(1, home, Tickets, ReduceOperation.Sum);
        int polls = 0;
        while (drawn - Read(Serving) is > 0 and long before)
            polls = GiveWay(before, polls);
        ticket = drawn;
        return new Scope(this);
    }

    /// <summary>Takes the lock if nobody holds it or waits for it; never waits for another rank's turn.</summary>
    public bool TryEnter()
    {
        if (IsHeld)
            return false;
        long serving = Read(Serving);
        if (window.CompareAndSwap(serving + 1, serving, home, Tickets) != serving)
            return false;
        ticket = serving;
        return true;
    }

    /// <summary>Gives the lock to the rank that has waited longest.</summary>
    /// <exception cref="InvalidOperationException">This rank does not hold it.</exception>
    public void Exit()
    {
        if (!IsHeld)
            throw new InvalidOperationException($"rank {communicator.WorldRank} does not hold the lock");
        ticket = NoTicket;
        window.FetchAndOperate(1, home, Serving, ReduceOperation.Sum);
    }

    /// <summary>Collective; nobody holds the lock.</summary>
    public void Dispose()
    {
        if (!isOpen)
            return;
        isOpen = false;
        window.UnlockAll();
        window.Dispose();
    }

    private long Read(int offset) => window.FetchAndOperate(0, home, offset, ReduceOperation.NoOperation);

    // A probe finds nothing to take; it lets MPI carry out what others want of this rank's memory, which reading it alone need not do.
    private int GiveWay(long before, int polls)
    {
        for (long i = 0; i < PollsPerRankBefore * before; i++, polls++)
            communicator.TryProbe(out _);
        if (polls < PollsBeforeNaps)
            Thread.Yield();
        else
            Thread.Sleep(1);
        return polls;
    }

    /// <summary>Holds the lock until disposed.</summary>
    public readonly ref struct Scope
    {
        private readonly DistributedLock held;

        internal Scope(DistributedLock held) => this.held = held;

        /// <summary>Leaves the lock.</summary>
        public void Dispose() => held.Exit();
    }
}
