using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;

namespace SoraHpc.Communication;

// Every collective has a blocking form over spans, a started form over memory, and where the standard has one a form in place
// (a single buffer). All ranks call the same collectives in the same order; lengths are in elements of T.
public abstract unsafe partial class Communicator
{
    /// <summary>No rank returns before every rank has called. Collective.</summary>
    public void Barrier() => Barrier(start: false);

    /// <summary>Starts a barrier. Collective.</summary>
    public Request StartBarrier() => Barrier(start: true);

    /// <summary>Copies the root's <paramref name="data"/> to every rank; the same length everywhere. Collective.</summary>
    public void Broadcast<T>(Span<T> data, int root = 0) where T : unmanaged
    {
        CheckRoot(root);
        fixed (T* at = data)
            Broadcast(Of(at, data.Length), root, start: false);
    }

    /// <summary>Starts a broadcast. Collective.</summary>
    public Request StartBroadcast<T>(Memory<T> data, int root = 0) where T : unmanaged
    {
        CheckRoot(root);
        MemoryHandle pin = data.Pin();
        return Requests.Hold(Broadcast(Of((T*)pin.Pointer, data.Length), root, start: true), pin);
    }

    /// <summary>The root's value on every rank. Collective.</summary>
    public T Broadcast<T>(T value, int root = 0) where T : unmanaged
    {
        Broadcast(new Span<T>(ref value), root);
        return value;
    }

    /// <summary>The root's text on every rank, whatever the others give; null travels as the empty text. Two broadcasts, one of the length. Collective.</summary>
    public string Broadcast(string? text, int root = 0)
    {
        byte[] own = Rank == root ? Encoding.UTF8.GetBytes(text ?? "") : [];
        int length = Broadcast(own.Length, root);
        byte[] bytes = Rank == root ? own : new byte[length];
        Broadcast<byte>(bytes, root);
        return Encoding.UTF8.GetString(bytes);
    }

    // ---- what the transports implement. start: false blocks and returns the null request; start: true copies count lists
    //      and returns an active request. An in-place operand is a payload for which IsInPlace is true. ----

    protected abstract Request BarrierCore(bool start);
    protected abstract Request BroadcastCore(in Payload data, int root, bool start);
    protected abstract Request ReduceCore(in Payload send, in Payload receive, ReduceOperation operation, int root, bool start);
    protected abstract Request AllreduceCore(in Payload send, in Payload receive, ReduceOperation operation, bool start);
    protected abstract Request ScanCore(in Payload send, in Payload receive, ReduceOperation operation, bool start);
    protected abstract Request ExscanCore(in Payload send, in Payload receive, ReduceOperation operation, bool start);
    protected abstract Request ReduceScatterCore(in Payload send, in Payload receive, ReduceOperation operation, bool start);
    protected abstract Request ReduceScattervCore(in Payload send, in Payload receive, ReadOnlySpan<int> counts, ReduceOperation operation, bool start);
    protected abstract Request GatherCore(in Payload send, in Payload receive, int root, bool start);
    protected abstract Request GathervCore(in Payload send, in Payload receive, ReadOnlySpan<int> counts, ReadOnlySpan<int> displacements, int root, bool start);
    protected abstract Request ScatterCore(in Payload send, in Payload receive, int root, bool start);
    protected abstract Request ScattervCore(in Payload send, ReadOnlySpan<int> counts, ReadOnlySpan<int> displacements, in Payload receive, int root, bool start);
    protected abstract Request AllgatherCore(in Payload send, in Payload receive, bool start);
    protected abstract Request AllgathervCore(in Payload send, in Payload receive, ReadOnlySpan<int> counts, ReadOnlySpan<int> displacements, bool start);
    protected abstract Request AlltoallCore(in Payload send, in Payload receive, bool start);
    protected abstract Request AlltoallvCore(in Payload send, ReadOnlySpan<int> sendCounts, ReadOnlySpan<int> sendDisplacements,
        in Payload receive, ReadOnlySpan<int> receiveCounts, ReadOnlySpan<int> receiveDisplacements, bool start);
    protected abstract Request NeighborAllgatherCore(in Payload send, in Payload receive, bool start);
    protected abstract Request NeighborAlltoallCore(in Payload send, in Payload receive, bool start);
    protected abstract Request NeighborAlltoallvCore(in Payload send, ReadOnlySpan<int> sendCounts, ReadOnlySpan<int> sendDisplacements,
        in Payload receive, ReadOnlySpan<int> receiveCounts, ReadOnlySpan<int> receiveDisplacements, bool start);

    /// <summary>True for the operand that says "in place": the data is in the other buffer.</summary>
    protected static bool IsInPlace(in Payload data) => data.Count < 0;

    private static Payload Of<T>(T* address, nint length) where T : unmanaged => new(address, length, ElementType.Of<T>());

    private static Payload InPlace<T>() where T : unmanaged => new(null, -1, ElementType.Of<T>());

    // Displacement lists of up to this many ranks live on the stack: 1 KiB each.
    private const int SmallSize = 256;

    private static ReadOnlySpan<int> Displacements(ReadOnlySpan<int> counts, Span<int> small)
    {
        Span<int> displacements = counts.Length <= small.Length ? small[..counts.Length] : new int[counts.Length];
        int at = 0;
        for (int r = 0; r < counts.Length; r++)
        {
            displacements[r] = at;
            at = checked(at + counts[r]);
        }
        return displacements;
    }

    private static nint Total(ReadOnlySpan<int> counts)
    {
        nint total = 0;
        foreach (int count in counts)
            total += count;
        return total;
    }

    private void CheckShares(ReadOnlySpan<int> counts, int own, int whole, string what, [CallerMemberName] string call = "")
    {
        CheckLength(counts.Length, Size, "the list of counts", call);
        CheckLength(own, counts[Rank], "this rank's share", call);
        CheckLength(whole, Total(counts), what, call);
    }

    private void CheckNeighborCounts(ReadOnlySpan<int> sendCounts, int send, ReadOnlySpan<int> receiveCounts, int receive, [CallerMemberName] string call = "")
    {
        Topology topology = CheckTopology(call);
        CheckLength(sendCounts.Length, topology.Destinations.Count, "the list of send counts", call);
        CheckLength(receiveCounts.Length, topology.Sources.Count, "the list of receive counts", call);
        CheckLength(send, Total(sendCounts), "the send buffer", call);
        CheckLength(receive, Total(receiveCounts), "the receive buffer", call);
    }

    private Topology CheckTopology([CallerMemberName] string call = "") => Topology
        ?? throw new CommunicationException("the communicator has no neighbours: make one with CreateCartesian or CreateGraph", call, WorldRank, ErrorClass.Topology);
}
