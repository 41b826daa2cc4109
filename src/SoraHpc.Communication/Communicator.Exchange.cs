using System.Buffers;

namespace SoraHpc.Communication;

// Every rank to every rank, and every rank to its neighbours.
public abstract unsafe partial class Communicator
{
    /// <summary>Sends block r of <paramref name="send"/> to rank r and receives block s from rank s; equal lengths everywhere. Collective.</summary>
    public void Alltoall<T>(ReadOnlySpan<T> send, Span<T> receive) where T : unmanaged
    {
        CheckLength(receive.Length, send.Length, "the receive buffer");
        CheckLength(send.Length % Size, 0, "the rest of the buffer after equal blocks");
        fixed (T* from = send, into = receive)
            Alltoall(Of(from, send.Length), Of(into, receive.Length), start: false);
    }

    /// <summary>As above, in place. Collective.</summary>
    public void Alltoall<T>(Span<T> data) where T : unmanaged
    {
        CheckLength(data.Length % Size, 0, "the rest of the buffer after equal blocks");
        fixed (T* at = data)
            Alltoall(InPlace<T>(), Of(at, data.Length), start: false);
    }

    /// <summary>Starts an alltoall. Collective.</summary>
    public Request StartAlltoall<T>(ReadOnlyMemory<T> send, Memory<T> receive) where T : unmanaged
    {
        CheckLength(receive.Length, send.Length, "the receive buffer");
        CheckLength(send.Length % Size, 0, "the rest of the buffer after equal blocks");
        MemoryHandle from = send.Pin(), into = receive.Pin();
        return Requests.Hold(Alltoall(Of((T*)from.Pointer, send.Length), Of((T*)into.Pointer, receive.Length), start: true), from, into);
    }

    /// <summary>Alltoall with blocks of different length: <paramref name="sendCounts"/>[r] elements go to rank r, <paramref name="receiveCounts"/>[s] come from rank s. Collective.</summary>
    public void Alltoallv<T>(ReadOnlySpan<T> send, ReadOnlySpan<int> sendCounts, Span<T> receive, ReadOnlySpan<int> receiveCounts) where T : unmanaged
    {
        CheckLength(sendCounts.Length, Size, "the list of send counts");
        CheckLength(receiveCounts.Length, Size, "the list of receive counts");
        CheckLength(send.Length, Total(sendCounts), "the send buffer");
        CheckLength(receive.Length, Total(receiveCounts), "the receive buffer");
        fixed (T* from = send, into = receive)
            Alltoallv(Of(from, send.Length), sendCounts, Displacements(sendCounts, stackalloc int[SmallSize]),
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
        return Requests.Hold(Alltoallv(Of((T*)from.Pointer, send.Length), sendCounts, Displacements(sendCounts, stackalloc int[SmallSize]),
            Of((T*)into.Pointer, receive.Length), receiveCounts, Displacements(receiveCounts, stackalloc int[SmallSize]), start: true), from, into);
    }

    /// <summary>Sends the same <paramref name="send"/> to every destination of <see cref="Topology"/> and receives one block from every source, in order; a block from ProcessNull stays as it was. Collective.</summary>
    public void NeighborAllgather<T>(ReadOnlySpan<T> send, Span<T> receive) where T : unmanaged
    {
        CheckLength(receive.Length, (nint)send.Length * CheckTopology().Sources.Count, "the receive buffer");
        fixed (T* from = send, into = receive)
            NeighborAllgather(Of(from, send.Length), Of(into, receive.Length), start: false);
    }

    /// <summary>Starts a neighbourhood allgather. Collective.</summary>
    public Request StartNeighborAllgather<T>(ReadOnlyMemory<T> send, Memory<T> receive) where T : unmanaged
    {
        CheckLength(receive.Length, (nint)send.Length * CheckTopology().Sources.Count, "the receive buffer");
        MemoryHandle from = send.Pin(), into = receive.Pin();
        return Requests.Hold(NeighborAllgather(Of((T*)from.Pointer, send.Length), Of((T*)into.Pointer, receive.Length), start: true), from, into);
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
            NeighborAlltoall(Of(from, send.Length), Of(into, receive.Length), start: false);
    }

    /// <summary>Neighbourhood alltoall with blocks of different length, one count per neighbour. Collective.</summary>
    public void NeighborAlltoallv<T>(ReadOnlySpan<T> send, ReadOnlySpan<int> sendCounts, Span<T> receive, ReadOnlySpan<int> receiveCounts) where T : unmanaged
    {
        CheckNeighborCounts(sendCounts, send.Length, receiveCounts, receive.Length);
        fixed (T* from = send, into = receive)
            NeighborAlltoallv(Of(from, send.Length), sendCounts, Displacements(sendCounts, stackalloc int[SmallSize]),
                Of(into, receive.Length), receiveCounts, Displacements(receiveCounts, stackalloc int[SmallSize]), start: false);
    }

    /// <summary>Starts a neighbourhood alltoallv; the counts are copied. Collective.</summary>
    public Request StartNeighborAlltoallv<T>(ReadOnlyMemory<T> send, ReadOnlySpan<int> sendCounts, Memory<T> receive, ReadOnlySpan<int> receiveCounts) where T : unmanaged
    {
        CheckNeighborCounts(sendCounts, send.Length, receiveCounts, receive.Length);
        MemoryHandle from = send.Pin(), into = receive.Pin();
        return Requests.Hold(NeighborAlltoallv(Of((T*)from.Pointer, send.Length), sendCounts, Displacements(sendCounts, stackalloc int[SmallSize]),
            Of((T*)into.Pointer, receive.Length), receiveCounts, Displacements(receiveCounts, stackalloc int[SmallSize]), start: true), from, into);
    }
}
