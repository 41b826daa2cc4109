using System.Runtime.CompilerServices;

namespace SoraHpc.Communication;

/// <summary>What carries the messages of a communicator.</summary>
public enum Transport
{
    /// <summary>Ranks are threads of this process.</summary>
    Threads,
    /// <summary>Ranks are processes; messages go through the system's MPI.</summary>
    Mpi,
}

/// <summary>
/// A group of ranks that exchange messages: the standard's communicator, typed. The generic front is not virtual and compiles
/// to a pin and one call of a non-generic virtual core, which costs about 3 ns. Arguments wrong on this rank throw before any
/// communication. A communicator is used by one thread per rank unless the world was opened with <see cref="ThreadLevel.Multiple"/>.
/// </summary>
/// <remarks>
/// Lengths, counts and offsets are in elements; buffers may be empty. What is collective is called by all ranks, in the same order, with the same
/// root, operation and element type; blocking and started forms do not match each other. A rank that sends or receives does so alone, and another must answer.
/// <c>Start…</c> returns at once: what is sent must not change, and what is received into must not be touched, until the request is complete.
/// Every call may throw <see cref="CommunicationException"/>. A rank, root, tag, length or operation that is wrong on this rank is told before anything is sent;
/// a message longer than what it is received into, when it arrives; a communicator that was closed, as <see cref="ErrorClass.Closed"/>. On threads a call also ends
/// where another rank has failed (<see cref="ErrorClass.Aborted"/>) or all wait for each other (<see cref="ErrorClass.Deadlock"/>).
/// Under MPI a rank that fails ends all processes.
/// </remarks>
public abstract unsafe partial class Communicator : IDisposable
{
    /// <summary>Receive from whichever rank sends.</summary>
    public const int AnySource = -1;
    /// <summary>Receive a message of whichever tag.</summary>
    public const int AnyTag = -1;
    /// <summary>No neighbour: a transfer with it completes at once and moves nothing.</summary>
    public const int ProcessNull = -2;

    private readonly Incarnation incarnation;

    private protected Communicator(int rank, int size, int worldRank, RequestTable requests, Topology? topology, Incarnation incarnation)
    {
        (Rank, Size, WorldRank) = (rank, size, worldRank);
        (Requests, Topology, this.incarnation) = (requests, topology, incarnation);
    }

    /// <summary>This rank, in [0, <see cref="Size"/>).</summary>
    public int Rank { get; }

    /// <summary>Number of ranks, ≥ 1.</summary>
    public int Size { get; }

    /// <summary>This rank's number in the world: the one that error messages name.</summary>
    public int WorldRank { get; }

    /// <summary>How often the world was formed anew after the death of ranks: 0 at first; the same on every rank.</summary>
    public int Generation => incarnation.Generation;

    /// <summary>What this rank keeps over recoveries, the same for all its communicators. Empty in a replacement.</summary>
    public RankMemory Memory => incarnation.Memory;

    /// <summary>The recovery that formed this world; null in generation 0. The same on every rank but for the times.</summary>
    public RecoveryReport? Recovery => incarnation.Recovery;

    internal Incarnation Incarnation => incarnation;

    /// <summary>True on rank 0, the rank that gathers and prints.</summary>
    public bool IsRoot => Rank == 0;

    /// <summary>Neighbours, where the communicator was made with some.</summary>
    public Topology? Topology { get; }

    /// <summary>The grid of ranks, where the communicator was made with one.</summary>
    public CartesianTopology? Cartesian => Topology as CartesianTopology;

    /// <summary>Largest tag, ≥ 32767.</summary>
    public abstract int LargestTag { get; }

    /// <summary>What carries the messages.</summary>
    public abstract Transport Transport { get; }

    /// <summary>The library's own handle (MPI_Comm), for passing to other libraries; 0 on threads.</summary>
    public abstract nint NativeHandle { get; }

    /// <summary>The rank's name in error messages and reports: host name, or "thread".</summary>
    public abstract string ProcessorName { get; }

    internal RequestTable Requests { get; }

    /// <summary>Ends the whole job on every rank, at once. Does not return under MPI; on threads it wakes every rank with an exception.</summary>
    public abstract void Abort(int exitCode, string reason);

    // ---- making communicators; all collective ----

    /// <summary>Ranks of the same <paramref name="color"/> together, ordered by <paramref name="key"/>, ties by rank. A negative color joins none and gets null. Collective.</summary>
    public abstract Communicator? Split(int color, int key = 0);

    /// <summary>Ranks that can share memory together (one node). Collective.</summary>
    public abstract Communicator SplitShared(int key = 0);

    /// <summary>This rank alone. Local.</summary>
    public abstract Communicator Self();

    /// <summary>The same ranks with messages of their own: for a library that must not receive its caller's. Collective.</summary>
    public abstract Communicator Duplicate();

    /// <summary>A grid of ranks. <paramref name="dimensions"/> multiply to at most Size; ranks left over get null. Collective.</summary>
    /// <param name="reorder">The library may number the ranks to fit the machine.</param>
    public abstract Communicator? CreateCartesian(ReadOnlySpan<int> dimensions, ReadOnlySpan<bool> periodic, bool reorder = false);

    /// <summary>Sub-grids of a Cartesian communicator that keep the dimensions marked in <paramref name="keep"/>. Collective.</summary>
    public abstract Communicator CreateSubgrid(ReadOnlySpan<bool> keep);

    /// <summary>The same ranks with the neighbours given here; source and destination lists must agree over ranks. Collective.</summary>
    public abstract Communicator CreateGraph(ReadOnlySpan<int> sources, ReadOnlySpan<int> destinations);

    /// <summary>Connects two disjoint groups; called by all ranks of both. Collective over both groups.</summary>
    /// <param name="localLeader">Rank in this communicator that talks to the other group.</param>
    /// <param name="peer">A communicator both leaders are in.</param>
    /// <param name="remoteLeader">The other leader's rank in <paramref name="peer"/>.</param>
    public abstract Intercommunicator CreateIntercommunicator(int localLeader, Communicator peer, int remoteLeader, int tag = 0);

    /// <summary>Says that this rank is about to call another library that calls MPI by itself, such as a parallel HDF5, with ranks of this communicator. No death
    /// of another rank ends what waits there: in a run that survives deaths, one who does not come out of it ends the run after
    /// <see cref="SurvivalOptions.Grace"/>. Local; costs nothing.</summary>
    /// <param name="library">What a message calls it.</param>
    /// <returns>To be disposed by who comes out of the library. Within another such call it does nothing.</returns>
    public ForeignCall EnterForeign(string library) => new(EnterForeignCore(library) ? this : null);

    internal virtual bool EnterForeignCore(string library) => false;

    internal virtual void LeaveForeignCore()
    {
    }

    /// <summary>Collective for communicators that were made here; the world is closed by <see cref="World"/>.</summary>
    public abstract void Dispose();

    // ---- argument checks shared by both transports ----

    private void CheckDestination(int rank)
    {
        if ((uint)rank >= (uint)Size && rank != ProcessNull)
            ThrowRank(rank, nameof(Send));
    }

    private void CheckSource(int rank)
    {
        if ((uint)rank >= (uint)Size && rank != ProcessNull && rank != AnySource)
            ThrowRank(rank, nameof(Receive));
    }

    private void CheckRoot(int root, [CallerMemberName] string call = "")
    {
        if ((uint)root >= (uint)Size)
            throw new CommunicationException($"root {root} is not in [0, {Size})", call, WorldRank, ErrorClass.Root);
    }

    private void CheckOperation(ReduceOperation operation, ElementType type, [CallerMemberName] string call = "")
    {
        if (!operation.Accepts(type))
            ThrowOperation(operation, type, call);
    }

    private void CheckLength(nint actual, nint expected, string what, [CallerMemberName] string call = "")
    {
        if (actual != expected)
            ThrowLength(actual, expected, what, call);
    }

    private void ThrowRank(int rank, string call) =>
        throw new CommunicationException($"rank {rank} is not in [0, {Size})", call, WorldRank, ErrorClass.Rank);

    private void ThrowOperation(ReduceOperation operation, ElementType type, string call) =>
        throw new CommunicationException($"{operation} is not defined on {type.Kind} elements of {type.Size} B", call, WorldRank, ErrorClass.Operation);

    private void ThrowLength(nint actual, nint expected, string what, string call) =>
        throw new CommunicationException($"{what} holds {actual} elements, needed are {expected}", call, WorldRank, ErrorClass.Count);
}

/// <summary>Two disjoint groups that can talk to each other.</summary>
public abstract class Intercommunicator : IDisposable
{
    /// <summary>Ranks in the other group.</summary>
    public abstract int RemoteSize { get; }

    /// <summary>Both groups as one communicator; the group that says <paramref name="high"/> gets the higher ranks. Collective over both.</summary>
    public abstract Communicator Merge(bool high);

    /// <summary>Collective over both groups.</summary>
    public abstract void Dispose();
}
