using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using SoraHpc.Communication;

namespace SoraHpc.Runtime.Stealing;

/// <summary>
/// The memory the ranks of a node share while they steal: every rank's <see cref="SharedTasks{TTask}"/> and, in the first rank's
/// share, how many ranks are idle and whether one has failed. Nothing here calls the communication layer while tasks run.
/// </summary>
internal sealed unsafe class StealingBoard<TTask> : IDisposable where TTask : unmanaged
{
    /// <summary>Words from one shared variable to the next: two cache lines of 64 B, which processors fetch in pairs.</summary>
    internal const int Line = 16;

    private const int HeaderLines = 6, IdleLine = 3, FailureLine = 4, LatencyLine = 5;

    private readonly Communicator node;
    private readonly Window<long> window;
    private readonly SharedTasks<TTask>[] shares;
    private readonly long* idle, failure, latency;

    /// <param name="capacity">Tasks a rank can offer at a time, a power of two.</param>
    /// <param name="ranksPerNode">So many ranks at most share a board; 0 for all of the node.</param>
    /// <remarks>Collective.</remarks>
    internal StealingBoard(Communicator communicator, int capacity, int ranksPerNode)
    {
        node = communicator.SplitShared(communicator.Rank);
        if (ranksPerNode > 0)
        {
            using Communicator whole = node;
            node = whole.Split(whole.Rank / ranksPerNode, whole.Rank)!;
        }
        Mates = MatesOf(communicator);
        long ringWords = ((long)capacity * sizeof(TTask) + sizeof(long) - 1) / sizeof(long);
        window = node.AllocateSharedWindow<long>(checked((int)((HeaderLines * Line + ringWords + Line - 1) / Line * Line)));
        window.LockAll();
        shares = new SharedTasks<TTask>[node.Size];
        for (int rank = 0; rank < shares.Length; rank++)
            shares[rank] = new(AddressOf(rank), (TTask*)(AddressOf(rank) + HeaderLines * Line), capacity);
        long* common = AddressOf(0);
        idle = common + IdleLine * Line;
        failure = common + FailureLine * Line;
        latency = common + LatencyLine * Line;
    }

    internal int Ranks => node.Size;

    /// <summary>Of every rank of the pool its number here; −1 where it does not share this memory.</summary>
    internal int[] Mates { get; }

    internal int Rank => node.Rank;

    /// <summary>Every rank holds nothing and looks for tasks: none exists any more.</summary>
    internal bool AllIdle => Volatile.Read(ref *idle) == node.Size;

    /// <summary>A task has thrown on some rank.</summary>
    internal bool HasFailed => Volatile.Read(ref *failure) != 0;

    /// <summary>The shortest successful steal seen on any rank [ticks of the clock]; 0 before the first.</summary>
    internal long StealTicks => Volatile.Read(ref *latency);

    internal ref readonly SharedTasks<TTask> this[int rank] => ref shares[rank];

    /// <summary>Empties everything; no rank returns before all have. Collective.</summary>
    internal void Open()
    {
        shares[node.Rank].Reset();
        shares[node.Rank].Rate = 0;
        if (node.IsRoot)
            (*idle, *failure, *latency) = (0, 0, 0);
        window.Sync();
        node.Barrier();
        window.Sync();
    }

    /// <summary>This rank has no task left: private, shared or being copied.</summary>
    internal void EnterIdle() => Interlocked.Increment(ref *idle);

    /// <summary>Before a claim: while a task is on its way from rank to rank one of the two always counts as busy.</summary>
    internal void LeaveIdle() => Interlocked.Decrement(ref *idle);

    internal void Fail() => Volatile.Write(ref *failure, 1);

    /// <summary>Keeps the shortest time; a lost race between two ranks only keeps the second shortest.</summary>
    internal void ReportSteal(long ticks)
    {
        if (StealTicks is var least && (least == 0 || ticks < least))
            Volatile.Write(ref *latency, Math.Max(1, ticks));
    }

    /// <summary>Throws where the world has ended because of something outside the pool: another rank's failure on threads, a death that a run survives.</summary>
    internal void ThrowIfWorldEnded() => _ = window.SharedOf(0);

    /// <summary>Collective.</summary>
    public void Dispose()
    {
        window.UnlockAll();
        window.Dispose();
        node.Dispose();
    }

    private int[] MatesOf(Communicator communicator)
    {
        int[] mates = new int[communicator.Size], here = node.Allgather(communicator.Rank);
        Array.Fill(mates, -1);
        for (int rank = 0; rank < here.Length; rank++)
            mates[here[rank]] = rank;
        return mates;
    }

    // The window's memory does not move: the library's own, or on the pinned heap.
    private long* AddressOf(int rank) => (long*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(window.SharedOf(rank)));
}
