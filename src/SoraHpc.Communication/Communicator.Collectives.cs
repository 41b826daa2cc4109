using System.Buffers;
using System.Runtime.CompilerServices;

namespace SoraHpc.Communication;

// Every collective has a blocking form over spans, a started form over memory, and where the standard has one a form in place
// (a single buffer). All ranks call the same collectives in the same order; lengths are in elements of T.
public abstract unsafe partial class Communicator
{
    /// <summary>No rank returns before every rank has called. Collective.</summary>
    public void Barrier() => BarrierCore(start: false);

    /// <summary>Starts a barrier. Collective.</summary>
    public Request StartBarrier() => BarrierCore(start: true);

    /// <summary>Copies the root's <paramref name="data"/> to every rank; the same length everywhere. Collective.</summary>
    public void Broadcast<T>(Span<T> data, int root = 0) where T : unmanaged
    {
        CheckRoot(root);
        fixed (T* at = data)
            BroadcastCore(Of(at, data.Length), root, start: false);
    }

    /// <summary>Starts a broadcast. Collective.</summary>
    public Request StartBroadcast<T>(Memory<T> data, int root = 0) where T : unmanaged
    {
        CheckRoot(root);
        MemoryHandle pin = data.Pin();
        return Requests.Hold(BroadcastCore(Of((T*)pin.Pointer, data.Length), root, start: true), pin);
    }

    /// <summary>The root's value on every rank. Collective.</summary>
    public T Broadcast<T>(T value, int root = 0) where T : unmanaged
    {
        Broadcast(new Span<T>(ref value), root);
        return value;
    }

    /// <summary>Element-wise reduction; the root gets the result, the other ranks' <paramref name="receive"/> may be empty. Collective.</summary>
    public void Reduce<T>(ReadOnlySpan<T> send, Span<T> receive, ReduceOperation operation, int root = 0) where T : unmanaged
    {
        CheckOperation(operation, ElementType.Of<T>());
        CheckRoot(root);
        if (Rank == root)
            CheckLength(receive.Length, send.Length, "the receive buffer");
        fixed (T* from = send, into = receive)
            ReduceCore(Of(from, send.Length), Of(into, receive.Length), operation, root, start: false);
    }

    /// <summary>As above, in place: on the root <paramref name="data"/> is operand and result, elsewhere only operand. Collective.</summary>
    public void Reduce<T>(Span<T> data, ReduceOperation operation, int root = 0) where T : unmanaged
    {
        CheckOperation(operation, ElementType.Of<T>());
        CheckRoot(root);
        fixed (T* at = data)
            ReduceCore(Rank == root ? InPlace<T>() : Of(at, data.Length), Of(at, data.Length), operation, root, start: false);
    }

    /// <summary>Starts the reduction. Collective.</summary>
    public Request StartReduce<T>(ReadOnlyMemory<T> send, Memory<T> receive, ReduceOperation operation, int root = 0) where T : unmanaged
    {
        CheckOperation(operation, ElementType.Of<T>());
        CheckRoot(root);
        if (Rank == root)
            CheckLength(receive.Length, send.Length, "the receive buffer");
        MemoryHandle from = send.Pin(), into = receive.Pin();
        return Requests.Hold(ReduceCore(Of((T*)from.Pointer, send.Length), Of((T*)into.Pointer, receive.Length), operation, root, start: true), from, into);
    }

    /// <summary>Reduces one value; the result is meaningful on the root alone. Collective.</summary>
    public T Reduce<T>(T value, ReduceOperation operation, int root = 0) where T : unmanaged
    {
        Reduce(new Span<T>(ref value), operation, root);
        return value;
    }

    /// <summary>Element-wise reduction; every rank gets the result. Collective.</summary>
    public void Allreduce<T>(ReadOnlySpan<T> send, Span<T> receive, ReduceOperation operation) where T : unmanaged
    {
        CheckOperation(operation, ElementType.Of<T>());
        CheckLength(receive.Length, send.Length, "the receive buffer");
        fixed (T* from = send, into = receive)
            AllreduceCore(Of(from, send.Length), Of(into, receive.Length), operation, start: false);
    }

    /// <summary>As above, in place: <paramref name="data"/> is operand and result. Collective.</summary>
    public void Allreduce<T>(Span<T> data, ReduceOperation operation) where T : unmanaged
    {
        CheckOperation(operation, ElementType.Of<T>());
        fixed (T* at = data)
            AllreduceCore(InPlace<T>(), Of(at, data.Length), operation, start: false);
    }

    /// <summary>Starts the reduction. Collective.</summary>
    public Request StartAllreduce<T>(ReadOnlyMemory<T> send, Memory<T> receive, ReduceOperation operation) where T : unmanaged
    {
        CheckOperation(operation, ElementType.Of<T>());
        CheckLength(receive.Length, send.Length, "the receive buffer");
        MemoryHandle from = send.Pin(), into = receive.Pin();
        return Requests.Hold(AllreduceCore(Of((T*)from.Pointer, send.Length), Of((T*)into.Pointer, receive.Length), operation, start: true), from, into);
    }

    /// <summary>Reduces one value; every rank gets the result. Collective.</summary>
    public T Allreduce<T>(T value, ReduceOperation operation) where T : unmanaged
    {
        Allreduce(new Span<T>(ref value), operation);
        return value;
    }

    /// <summary>Inclusive prefix reduction: rank r gets the reduction over ranks 0 … r. Collective.</summary>
    public void Scan<T>(ReadOnlySpan<T> send, Span<T> receive, ReduceOperation operation) where T : unmanaged
    {
        CheckOperation(operation, ElementType.Of<T>());
        CheckLength(receive.Length, send.Length, "the receive buffer");
        fixed (T* from = send, into = receive)
            ScanCore(Of(from, send.Length), Of(into, receive.Length), operation, start: false);
    }

    /// <summary>As above, in place: <paramref name="data"/> is operand and result. Collective.</summary>
    public void Scan<T>(Span<T> data, ReduceOperation operation) where T : unmanaged
    {
        CheckOperation(operation, ElementType.Of<T>());
        fixed (T* at = data)
            ScanCore(InPlace<T>(), Of(at, data.Length), operation, start: false);
    }

    /// <summary>Starts the reduction. Collective.</summary>
    public Request StartScan<T>(ReadOnlyMemory<T> send, Memory<T> receive, ReduceOperation operation) where T : unmanaged
    {
        CheckOperation(operation, ElementType.Of<T>());
        CheckLength(receive.Length, send.Length, "the receive buffer");
        MemoryHandle from = send.Pin(), into = receive.Pin();
        return Requests.Hold(ScanCore(Of((T*)from.Pointer, send.Length), Of((T*)into.Pointer, receive.Length), operation, start: true), from, into);
    }

    /// <summary>Inclusive prefix reduction of one value. Collective.</summary>
    public T Scan<T>(T value, ReduceOperation operation) where T : unmanaged
    {
        Scan(new Span<T>(ref value), operation);
        return value;
    }

    /// <summary>Exclusive prefix reduction: rank r gets the reduction over ranks 0 … r − 1; rank 0's result stays as it was. Collective.</summary>
    public void Exscan<T>(ReadOnlySpan<T> send, Span<T> receive, ReduceOperation operation) where T : unmanaged
    {
        CheckOperation(operation, ElementType.Of<T>());
        CheckLength(receive.Length, send.Length, "the receive buffer");
        fixed (T* from = send, into = receive)
            ExscanCore(Of(from, send.Length), Of(into, receive.Length), operation, start: false);
    }

    /// <summary>As above, in place: <paramref name="data"/> is operand and result. Collective.</summary>
    public void Exscan<T>(Span<T> data, ReduceOperation operation) where T : unmanaged
    {
        CheckOperation(operation, ElementType.Of<T>());
        fixed (T* at = data)
            ExscanCore(InPlace<T>(), Of(at, data.Length), operation, start: false);
    }

    /// <summary>Starts the reduction. Collective.</summary>
    public Request StartExscan<T>(ReadOnlyMemory<T> send, Memory<T> receive, ReduceOperation operation) where T : unmanaged
    {
        CheckOperation(operation, ElementType.Of<T>());
        CheckLength(receive.Length, send.Length, "the receive buffer");
        MemoryHandle from = send.Pin(), into = receive.Pin();
        return Requests.Hold(ExscanCore(Of((T*)from.Pointer, send.Length), Of((T*)into.Pointer, receive.Length), operation, start: true), from, into);
    }

    /// <summary>Exclusive prefix reduction of one value; rank 0 gets <c>default</c>, the neutral element of a sum. Collective.</summary>
    public T Exscan<T>(T value, ReduceOperation operation) where T : unmanaged
    {
        T result = default;
        Exscan(new ReadOnlySpan<T>(in value), new Span<T>(ref result), operation);
        return Rank == 0 ? default : result;
    }

    /// <summary>Reduces Size × n elements and leaves block r of n on rank r; <paramref name="receive"/> holds n. Collective.</summary>
    public void ReduceScatter<T>(ReadOnlySpan<T> send, Span<T> receive, ReduceOperation operation) where T : unmanaged
    {
        CheckOperation(operation, ElementType.Of<T>());
        CheckLength(send.Length, (nint)receive.Length * Size, "the send buffer");
        fixed (T* from = send, into = receive)
            ReduceScatterCore(Of(from, send.Length), Of(into, receive.Length), operation, start: false);
    }

    /// <summary>Starts a reduce-scatter. Collective.</summary>
    public Request StartReduceScatter<T>(ReadOnlyMemory<T> send, Memory<T> receive, ReduceOperation operation) where T : unmanaged
    {
        CheckOperation(operation, ElementType.Of<T>());
        CheckLength(send.Length, (nint)receive.Length * Size, "the send buffer");
        MemoryHandle from = send.Pin(), into = receive.Pin();
        return Requests.Hold(ReduceScatterCore(Of((T*)from.Pointer, send.Length), Of((T*)into.Pointer, receive.Length), operation, start: true), from, into);
    }

    /// <summary>Reduce-scatter with a length of its own for every rank; <paramref name="receive"/> holds counts[Rank]. Collective.</summary>
    public void ReduceScatterv<T>(ReadOnlySpan<T> send, Span<T> receive, ReadOnlySpan<int> counts, ReduceOperation operation) where T : unmanaged
    {
        CheckOperation(operation, ElementType.Of<T>());
        CheckLength(counts.Length, Size, "the list of counts");
        CheckLength(send.Length, Total(counts), "the send buffer");
        CheckLength(receive.Length, counts[Rank], "the receive buffer");
        fixed (T* from = send, into = receive)
            ReduceScattervCore(Of(from, send.Length), Of(into, receive.Length), counts, operation, start: false);
    }

    /// <summary>Collects equal shares in rank order; the root's <paramref name="receive"/> holds Size × send, elsewhere it may be empty. Collective.</summary>
    public void Gather<T>(ReadOnlySpan<T> send, Span<T> receive, int root = 0) where T : unmanaged
    {
        CheckRoot(root);
        if (Rank == root)
            CheckLength(receive.Length, (nint)send.Length * Size, "the receive buffer");
        fixed (T* from = send, into = receive)
            GatherCore(Of(from, send.Length), Of(into, receive.Length), root, start: false);
    }

    /// <summary>As <see cref="Gather{T}"/>; on the root <paramref name="data"/> is the whole, its own share in place; elsewhere the share. Collective.</summary>
    public void GatherInPlace<T>(Span<T> data, int root = 0) where T : unmanaged
    {
        CheckRoot(root);
        fixed (T* at = data)
            GatherCore(Rank == root ? InPlace<T>() : Of(at, data.Length), Rank == root ? Of(at, data.Length) : Of((T*)null, 0), root, start: false);
    }

    /// <summary>Starts a gather. Collective.</summary>
    public Request StartGather<T>(ReadOnlyMemory<T> send, Memory<T> receive, int root = 0) where T : unmanaged
    {
        CheckRoot(root);
        if (Rank == root)
            CheckLength(receive.Length, (nint)send.Length * Size, "the receive buffer");
        MemoryHandle from = send.Pin(), into = receive.Pin();
        return Requests.Hold(GatherCore(Of((T*)from.Pointer, send.Length), Of((T*)into.Pointer, receive.Length), root, start: true), from, into);
    }

    /// <summary>Collects shares of different length in rank order. <paramref name="counts"/> (elements per rank) matters on the root. Collective.</summary>
    public void Gatherv<T>(ReadOnlySpan<T> send, Span<T> receive, ReadOnlySpan<int> counts, int root = 0) where T : unmanaged
    {
        CheckRoot(root);
        if (Rank == root)
            CheckShares(counts, send.Length, receive.Length, "the receive buffer");
        fixed (T* from = send, into = receive)
            GathervCore(Of(from, send.Length), Of(into, receive.Length), Rank == root ? counts : default, Displacements(Rank == root ? counts : default, stackalloc int[SmallSize]), root, start: false);
    }

    /// <summary>Collects shares of different length; the counts are found by a gather first. The whole on the root, elsewhere empty. Collective.</summary>
    public T[] Gatherv<T>(ReadOnlySpan<T> send, int root = 0) where T : unmanaged
    {
        int[] counts = Rank == root ? new int[Size] : [];
        int length = send.Length;
        Gather(new ReadOnlySpan<int>(in length), counts, root);
        T[] receive = new T[checked((int)Total(counts))];
        Gatherv(send, receive, counts, root);
        return receive;
    }

    /// <summary>Hands out equal shares of the root's <paramref name="send"/> (Size × receive) in rank order. Collective.</summary>
    public void Scatter<T>(ReadOnlySpan<T> send, Span<T> receive, int root = 0) where T : unmanaged
    {
        CheckRoot(root);
        if (Rank == root)
            CheckLength(send.Length, (nint)receive.Length * Size, "the send buffer");
        fixed (T* from = send, into = receive)
            ScatterCore(Of(from, send.Length), Of(into, receive.Length), root, start: false);
    }

    /// <summary>As <see cref="Scatter{T}"/>; on the root <paramref name="data"/> is the whole and its own share stays in place; elsewhere the share. Collective.</summary>
    public void ScatterInPlace<T>(Span<T> data, int root = 0) where T : unmanaged
    {
        CheckRoot(root);
        fixed (T* at = data)
            ScatterCore(Rank == root ? Of(at, data.Length) : Of((T*)null, 0), Rank == root ? InPlace<T>() : Of(at, data.Length), root, start: false);
    }

    /// <summary>Starts a scatter. Collective.</summary>
    public Request StartScatter<T>(ReadOnlyMemory<T> send, Memory<T> receive, int root = 0) where T : unmanaged
    {
        CheckRoot(root);
        if (Rank == root)
            CheckLength(send.Length, (nint)receive.Length * Size, "the send buffer");
        MemoryHandle from = send.Pin(), into = receive.Pin();
        return Requests.Hold(ScatterCore(Of((T*)from.Pointer, send.Length), Of((T*)into.Pointer, receive.Length), root, start: true), from, into);
    }

    /// <summary>Hands out shares of different length; <paramref name="counts"/> matters on the root. Collective.</summary>
    public void Scatterv<T>(ReadOnlySpan<T> send, ReadOnlySpan<int> counts, Span<T> receive, int root = 0) where T : unmanaged
    {
        CheckRoot(root);
        if (Rank == root)
            CheckShares(counts, receive.Length, send.Length, "the send buffer");
        fixed (T* from = send, into = receive)
            ScattervCore(Of(from, send.Length), Rank == root ? counts : default, Displacements(Rank == root ? counts : default, stackalloc int[SmallSize]), Of(into, receive.Length), root, start: false);
    }

    /// <summary>Collects equal shares in rank order on every rank; <paramref name="receive"/> holds Size × send. Collective.</summary>
    public void Allgather<T>(ReadOnlySpan<T> send, Span<T> receive) where T : unmanaged
    {
        CheckLength(receive.Length, (nint)send.Length * Size, "the receive buffer");
        fixed (T* from = send, into = receive)
            AllgatherCore(Of(from, send.Length), Of(into, receive.Length), start: false);
    }

    /// <summary>As above, in place: this rank's share is already at its position. Collective.</summary>
    public void Allgather<T>(Span<T> data) where T : unmanaged
    {
        CheckLength(data.Length % Size, 0, "the rest of the buffer after equal shares");
        fixed (T* at = data)
            AllgatherCore(InPlace<T>(), Of(at, data.Length), start: false);
    }

    /// <summary>Starts an allgather. Collective.</summary>
    public Request StartAllgather<T>(ReadOnlyMemory<T> send, Memory<T> receive) where T : unmanaged
    {
        CheckLength(receive.Length, (nint)send.Length * Size, "the receive buffer");
        MemoryHandle from = send.Pin(), into = receive.Pin();
        return Requests.Hold(AllgatherCore(Of((T*)from.Pointer, send.Length), Of((T*)into.Pointer, receive.Length), start: true), from, into);
    }

    /// <summary>Every rank's value, in rank order, on every rank. Collective.</summary>
    public T[] Allgather<T>(T value) where T : unmanaged
    {
        T[] all = new T[Size];
        Allgather(new ReadOnlySpan<T>(in value), all);
        return all;
    }

    /// <summary>Collects shares of different length on every rank; counts as they are on every rank. Collective.</summary>
    public void Allgatherv<T>(ReadOnlySpan<T> send, Span<T> receive, ReadOnlySpan<int> counts) where T : unmanaged
    {
        CheckShares(counts, send.Length, receive.Length, "the receive buffer");
        fixed (T* from = send, into = receive)
            AllgathervCore(Of(from, send.Length), Of(into, receive.Length), counts, Displacements(counts, stackalloc int[SmallSize]), start: false);
    }

    /// <summary>Collects shares of different length on every rank; the counts are found by an allgather first. Collective.</summary>
    public T[] Allgatherv<T>(ReadOnlySpan<T> send) where T : unmanaged
    {
        int[] counts = Allgather(send.Length);
        T[] receive = new T[checked((int)Total(counts))];
        Allgatherv(send, receive, counts);
        return receive;
    }

    /// <summary>Sends block r of <paramref name="send"/> to rank r and receives block s from rank s; equal lengths everywhere. Collective.</summary>
    public void Alltoall<T>(ReadOnlySpan<T> send, Span<T> receive) where T : unmanaged
    {
        CheckLength(receive.Length, send.Length, "the receive buffer");
        CheckLength(send.Length % Size, 0, "the rest of the buffer after equal blocks");
        fixed (T* from = send, into = receive)
            AlltoallCore(Of(from, send.Length), Of(into, receive.Length), start: false);
    }

    /// <summary>As above, in place. Collective.</summary>
    public void Alltoall<T>(Span<T> data) where T : unmanaged
    {
        CheckLength(data.Length % Size, 0, "the rest of the buffer after equal blocks");
        fixed (T* at = data)
            AlltoallCore(InPlace<T>(), Of(at, data.Length), start: false);
    }

    /// <summary>Starts an alltoall. Collective.</summary>
    public Request StartAlltoall<T>(ReadOnlyMemory<T> send, Memory<T> receive) where T : unmanaged
    {
        CheckLength(receive.Length, send.Length, "the receive buffer");
        CheckLength(send.Length % Size, 0, "the rest of the buffer after equal blocks");
        MemoryHandle from = send.Pin(), into = receive.Pin();
        return Requests.Hold(AlltoallCore(Of((T*)from.Pointer, send.Length), Of((T*)into.Pointer, receive.Length), start: true), from, into);
    }

    /// <summary>Alltoall with blocks of different length: <paramref name="sendCounts"/>[r] elements go to rank r, <paramref name="receiveCounts"/>[s] come from rank s. Collective.</summary>
    public void Alltoallv<T>(ReadOnlySpan<T> send, ReadOnlySpan<int> sendCounts, Span<T> receive, ReadOnlySpan<int> receiveCounts) where T : unmanaged
    {
        CheckLength(sendCounts.Length, Size, "the list of send counts");
        CheckLength(receiveCounts.Length, Size, "the list of receive counts");
        CheckLength(send.Length, Total(sendCounts), "the send buffer");
        CheckLength(receive.Length, Total(receiveCounts), "the receive buffer");
        fixed (T* from = send, into = receive)
            AlltoallvCore(Of(from, send.Length), sendCounts, Displacements(sendCounts, stackalloc int[SmallSize]),
                Of(into, receive.Length), receiveCounts, Displacements(receiveCounts, stackalloc int[SmallSize]), start: false);
    }

    /// <summary>Starts an alltoallv; the counts are copied. Collective.</summary>
    public Request StartAlltoallv<T>(ReadOnlyMemory<T> send, ReadOnlySpan<int> sendCounts, Memory<T> receive, ReadOnlySpan<int> receiveCounts) where T : unmanaged
    {
        CheckLength(sendCounts.Length, Size, "the list of send counts");
        CheckLength(receiveCounts.Length, Size, "the list of receive counts");
        CheckLength(send.Length, Total(sendCounts), "the send buffer");
        CheckLength(receive.Length, Total(receiveCounts), "the receive buffer");
        MemoryHandle from = send.Pin(), into = receive.Pin();
        return Requests.Hold(AlltoallvCore(Of((T*)from.Pointer, send.Length), sendCounts, Displacements(sendCounts, stackalloc int[SmallSize]),
            Of((T*)into.Pointer, receive.Length), receiveCounts, Displacements(receiveCounts, stackalloc int[SmallSize]), start: true), from, into);
    }

    /// <summary>Sends the same <paramref name="send"/> to every destination of <see cref="Topology"/> and receives one block from every source, in order; a block from ProcessNull stays as it was. Collective.</summary>
    public void NeighborAllgather<T>(ReadOnlySpan<T> send, Span<T> receive) where T : unmanaged
    {
        CheckLength(receive.Length, (nint)send.Length * CheckTopology().Sources.Count, "the receive buffer");
        fixed (T* from = send, into = receive)
            NeighborAllgatherCore(Of(from, send.Length), Of(into, receive.Length), start: false);
    }

    /// <summary>Sends block i of <paramref name="send"/> to destination i and receives block j from source j of <see cref="Topology"/>; equal lengths. Collective.</summary>
    public void NeighborAlltoall<T>(ReadOnlySpan<T> send, Span<T> receive) where T : unmanaged
    {
        Topology topology = CheckTopology();
        if (topology.Destinations.Count > 0)
            CheckLength(send.Length % topology.Destinations.Count, 0, "the rest of the send buffer after equal blocks");
        if (topology.Sources.Count > 0)
            CheckLength(receive.Length % topology.Sources.Count, 0, "the rest of the receive buffer after equal blocks");
        fixed (T* from = send, into = receive)
            NeighborAlltoallCore(Of(from, send.Length), Of(into, receive.Length), start: false);
    }

    /// <summary>Neighbourhood alltoall with blocks of different length, one count per neighbour. Collective.</summary>
    public void NeighborAlltoallv<T>(ReadOnlySpan<T> send, ReadOnlySpan<int> sendCounts, Span<T> receive, ReadOnlySpan<int> receiveCounts) where T : unmanaged
    {
        CheckNeighborCounts(sendCounts, send.Length, receiveCounts, receive.Length);
        fixed (T* from = send, into = receive)
            NeighborAlltoallvCore(Of(from, send.Length), sendCounts, Displacements(sendCounts, stackalloc int[SmallSize]),
                Of(into, receive.Length), receiveCounts, Displacements(receiveCounts, stackalloc int[SmallSize]), start: false);
    }

    /// <summary>Starts a neighbourhood alltoallv; the counts are copied. Collective.</summary>
    public Request StartNeighborAlltoallv<T>(ReadOnlyMemory<T> send, ReadOnlySpan<int> sendCounts, Memory<T> receive, ReadOnlySpan<int> receiveCounts) where T : unmanaged
    {
        CheckNeighborCounts(sendCounts, send.Length, receiveCounts, receive.Length);
        MemoryHandle from = send.Pin(), into = receive.Pin();
        return Requests.Hold(NeighborAlltoallvCore(Of((T*)from.Pointer, send.Length), sendCounts, Displacements(sendCounts, stackalloc int[SmallSize]),
            Of((T*)into.Pointer, receive.Length), receiveCounts, Displacements(receiveCounts, stackalloc int[SmallSize]), start: true), from, into);
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
