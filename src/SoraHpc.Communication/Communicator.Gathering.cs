using System.Buffers;

namespace SoraHpc.Communication;

// Shares that come together in rank order, or are handed out in it.
public abstract unsafe partial class Communicator
{
    /// <summary>Collects equal shares in rank order; the root's <paramref name="receive"/> holds Size × send, elsewhere it may be empty. Collective.</summary>
    public void Gather<T>(ReadOnlySpan<T> send, Span<T> receive, int root = 0) where T : unmanaged
    {
        CheckRoot(root);
        if (Rank == root)
            CheckLength(receive.Length, (nint)send.Length * Size, "the receive buffer");
        fixed (T* from = send, into = receive)
            Gather(Of(from, send.Length), Of(into, receive.Length), root, start: false);
    }

    /// <summary>As <see cref="Gather{T}"/>; on the root <paramref name="data"/> is the whole, its own share in place; elsewhere the share. Collective.</summary>
    public void GatherInPlace<T>(Span<T> data, int root = 0) where T : unmanaged
    {
        CheckRoot(root);
        fixed (T* at = data)
            Gather(Rank == root ? InPlace<T>() : Of(at, data.Length), Rank == root ? Of(at, data.Length) : Of((T*)null, 0), root, start: false);
    }

    /// <summary>Starts a gather. Collective.</summary>
    public Request StartGather<T>(ReadOnlyMemory<T> send, Memory<T> receive, int root = 0) where T : unmanaged
    {
        CheckRoot(root);
        if (Rank == root)
            CheckLength(receive.Length, (nint)send.Length * Size, "the receive buffer");
        MemoryHandle from = send.Pin(), into = receive.Pin();
        return Requests.Hold(Gather(Of((T*)from.Pointer, send.Length), Of((T*)into.Pointer, receive.Length), root, start: true), from, into);
    }

    /// <summary>Collects shares of different length in rank order. <paramref name="counts"/> (elements per rank) matters on the root. Collective.</summary>
    public void Gatherv<T>(ReadOnlySpan<T> send, Span<T> receive, ReadOnlySpan<int> counts, int root = 0) where T : unmanaged
    {
        CheckRoot(root);
        if (Rank == root)
            CheckShares(counts, send.Length, receive.Length, "the receive buffer");
        fixed (T* from = send, into = receive)
            Gatherv(Of(from, send.Length), Of(into, receive.Length), Rank == root ? counts : default, Displacements(Rank == root ? counts : default, stackalloc int[SmallSize]), root, start: false);
    }

    /// <summary>Starts a gatherv; the counts are copied. Collective.</summary>
    public Request StartGatherv<T>(ReadOnlyMemory<T> send, Memory<T> receive, ReadOnlySpan<int> counts, int root = 0) where T : unmanaged
    {
        CheckRoot(root);
        ReadOnlySpan<int> shares = Rank == root ? counts : default;
        if (Rank == root)
            CheckShares(counts, send.Length, receive.Length, "the receive buffer");
        MemoryHandle from = send.Pin(), into = receive.Pin();
        return Requests.Hold(Gatherv(Of((T*)from.Pointer, send.Length), Of((T*)into.Pointer, receive.Length), shares,
            Displacements(shares, stackalloc int[SmallSize]), root, start: true), from, into);
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
            Scatter(Of(from, send.Length), Of(into, receive.Length), root, start: false);
    }

    /// <summary>As <see cref="Scatter{T}"/>; on the root <paramref name="data"/> is the whole and its own share stays in place; elsewhere the share. Collective.</summary>
    public void ScatterInPlace<T>(Span<T> data, int root = 0) where T : unmanaged
    {
        CheckRoot(root);
        fixed (T* at = data)
            Scatter(Rank == root ? Of(at, data.Length) : Of((T*)null, 0), Rank == root ? InPlace<T>() : Of(at, data.Length), root, start: false);
    }

    /// <summary>Starts a scatter. Collective.</summary>
    public Request StartScatter<T>(ReadOnlyMemory<T> send, Memory<T> receive, int root = 0) where T : unmanaged
    {
        CheckRoot(root);
        if (Rank == root)
            CheckLength(send.Length, (nint)receive.Length * Size, "the send buffer");
        MemoryHandle from = send.Pin(), into = receive.Pin();
        return Requests.Hold(Scatter(Of((T*)from.Pointer, send.Length), Of((T*)into.Pointer, receive.Length), root, start: true), from, into);
    }

    /// <summary>Hands out shares of different length; <paramref name="counts"/> matters on the root. Collective.</summary>
    public void Scatterv<T>(ReadOnlySpan<T> send, ReadOnlySpan<int> counts, Span<T> receive, int root = 0) where T : unmanaged
    {
        CheckRoot(root);
        if (Rank == root)
            CheckShares(counts, receive.Length, send.Length, "the send buffer");
        fixed (T* from = send, into = receive)
            Scatterv(Of(from, send.Length), Rank == root ? counts : default, Displacements(Rank == root ? counts : default, stackalloc int[SmallSize]), Of(into, receive.Length), root, start: false);
    }

    /// <summary>Starts a scatterv; the counts are copied. Collective.</summary>
    public Request StartScatterv<T>(ReadOnlyMemory<T> send, ReadOnlySpan<int> counts, Memory<T> receive, int root = 0) where T : unmanaged
    {
        CheckRoot(root);
        ReadOnlySpan<int> shares = Rank == root ? counts : default;
        if (Rank == root)
            CheckShares(counts, receive.Length, send.Length, "the send buffer");
        MemoryHandle from = send.Pin(), into = receive.Pin();
        return Requests.Hold(Scatterv(Of((T*)from.Pointer, send.Length), shares, Displacements(shares, stackalloc int[SmallSize]),
            Of((T*)into.Pointer, receive.Length), root, start: true), from, into);
    }

    /// <summary>Collects equal shares in rank order on every rank; <paramref name="receive"/> holds Size × send. Collective.</summary>
    public void Allgather<T>(ReadOnlySpan<T> send, Span<T> receive) where T : unmanaged
    {
        CheckLength(receive.Length, (nint)send.Length * Size, "the receive buffer");
        fixed (T* from = send, into = receive)
            Allgather(Of(from, send.Length), Of(into, receive.Length), start: false);
    }

    /// <summary>As above, in place: this rank's share is already at its position. Collective.</summary>
    public void Allgather<T>(Span<T> data) where T : unmanaged
    {
        CheckLength(data.Length % Size, 0, "the rest of the buffer after equal shares");
        fixed (T* at = data)
            Allgather(InPlace<T>(), Of(at, data.Length), start: false);
    }

    /// <summary>Starts an allgather. Collective.</summary>
    public Request StartAllgather<T>(ReadOnlyMemory<T> send, Memory<T> receive) where T : unmanaged
    {
        CheckLength(receive.Length, (nint)send.Length * Size, "the receive buffer");
        MemoryHandle from = send.Pin(), into = receive.Pin();
        return Requests.Hold(Allgather(Of((T*)from.Pointer, send.Length), Of((T*)into.Pointer, receive.Length), start: true), from, into);
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
            Allgatherv(Of(from, send.Length), Of(into, receive.Length), counts, Displacements(counts, stackalloc int[SmallSize]), start: false);
    }

    /// <summary>Starts an allgatherv; the counts are copied. Collective.</summary>
    public Request StartAllgatherv<T>(ReadOnlyMemory<T> send, Memory<T> receive, ReadOnlySpan<int> counts) where T : unmanaged
    {
        CheckShares(counts, send.Length, receive.Length, "the receive buffer");
        MemoryHandle from = send.Pin(), into = receive.Pin();
        return Requests.Hold(Allgatherv(Of((T*)from.Pointer, send.Length), Of((T*)into.Pointer, receive.Length), counts,
            Displacements(counts, stackalloc int[SmallSize]), start: true), from, into);
    }

    /// <summary>Collects shares of different length on every rank; the counts are found by an allgather first. Collective.</summary>
    public T[] Allgatherv<T>(ReadOnlySpan<T> send) where T : unmanaged
    {
        int[] counts = Allgather(send.Length);
        T[] receive = new T[checked((int)Total(counts))];
        Allgatherv(send, receive, counts);
        return receive;
    }
}
