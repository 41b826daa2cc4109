namespace SoraHpc.Communication;

/// <summary>
/// One number that all ranks count with: every <see cref="Add"/> happens whole and hands out another value. It lives on one rank and is
/// reached one-sidedly; that rank takes no part. Used by one thread per rank.
/// </summary>
/// <remarks>With Open MPI inside a node, and on threads, the access completes whatever the home rank does. MPICH's default window completes
/// it when the home rank next calls MPI: a home rank that computes for a second makes the others wait for a second.</remarks>
public sealed class AtomicCounter : IDisposable
{
    private readonly Window<long> window;
    private readonly int home;
    private bool isOpen = true;

    /// <summary>A counter at 0. Collective; all else but closing it is local.</summary>
    /// <param name="home">The rank it lives on: one that often calls the communication layer. The same on every rank.</param>
    /// <exception cref="CommunicationException"><paramref name="home"/> is no rank.</exception>
    public AtomicCounter(Communicator communicator, int home = 0)
    {
        if ((uint)home >= (uint)communicator.Size)
            throw new CommunicationException($"home {home} is not in [0, {communicator.Size})", nameof(AtomicCounter), communicator.WorldRank, ErrorClass.Rank);
        this.home = home;
        window = communicator.AllocateWindow<long>(communicator.Rank == home ? 1 : 0);
        window.LockAll();
    }

    /// <summary>What it is now; another rank may have changed it when this returns.</summary>
    public long Value => window.FetchAndOperate(0, home, 0, ReduceOperation.NoOperation);

    /// <summary>Adds, and returns what it was before: with 1, a number nobody else gets.</summary>
    public long Add(long amount) => window.FetchAndOperate(amount, home, 0, ReduceOperation.Sum);

    /// <summary>Sets it, and returns what it was before.</summary>
    public long Exchange(long value) => window.FetchAndOperate(value, home, 0, ReduceOperation.Replace);

    /// <summary>Sets it if it is <paramref name="expected"/>; returns what it was before.</summary>
    public long CompareExchange(long value, long expected) => window.CompareAndSwap(value, expected, home, 0);

    /// <summary>Collective.</summary>
    public void Dispose()
    {
        if (!isOpen)
            return;
        isOpen = false;
        window.UnlockAll();
        window.Dispose();
    }
}
