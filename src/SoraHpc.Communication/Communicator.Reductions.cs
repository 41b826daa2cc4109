using System.Buffers;

namespace SoraHpc.Communication;

// Reductions. In place means: the one buffer is operand and result.
public abstract unsafe partial class Communicator
{
    /// <summary>Element-wise reduction; the root gets the result. Collective.</summary>
    /// <param name="send">This rank's operand, of the same length on every rank.</param>
    /// <param name="receive">On the root as long as <paramref name="send"/>; elsewhere it may be empty and stays as it was.</param>
    /// <param name="operation">Defined on T (<see cref="ReduceOperation.Accepts"/>).</param>
    /// <param name="root">In [0, <see cref="Size"/>).</param>
    /// <exception cref="CommunicationException">The operation is not defined on T, the root is none, or the lengths differ.</exception>
    public void Reduce<T>(ReadOnlySpan<T> send, Span<T> receive, ReduceOperation operation, int root = 0) where T : unmanaged
    {
        CheckOperation(operation, ElementType.Of<T>());
        CheckRoot(root);
        if (Rank == root)
            CheckLength(receive.Length, send.Length, "the receive buffer");
        fixed (T* from = send, into = receive)
            Reduce(Of(from, send.Length), Of(into, receive.Length), operation, root, start: false);
    }

    /// <summary>As above, in place: on the root <paramref name="data"/> is operand and result, elsewhere only operand. Collective.</summary>
    public void Reduce<T>(Span<T> data, ReduceOperation operation, int root = 0) where T : unmanaged
    {
        CheckOperation(operation, ElementType.Of<T>());
        CheckRoot(root);
        fixed (T* at = data)
            Reduce(Rank == root ? InPlace<T>() : Of(at, data.Length), Of(at, data.Length), operation, root, start: false);
    }

    /// <summary>Starts the reduction. Collective.</summary>
    public Request StartReduce<T>(ReadOnlyMemory<T> send, Memory<T> receive, ReduceOperation operation, int root = 0) where T : unmanaged
    {
        CheckOperation(operation, ElementType.Of<T>());
        CheckRoot(root);
        if (Rank == root)
            CheckLength(receive.Length, send.Length, "the receive buffer");
        MemoryHandle from = send.Pin(), into = receive.Pin();
        return Requests.Hold(Reduce(Of((T*)from.Pointer, send.Length), Of((T*)into.Pointer, receive.Length), operation, root, start: true), from, into);
    }

    /// <summary>Reduces one value; the result is meaningful on the root alone. Collective.</summary>
    public T Reduce<T>(T value, ReduceOperation operation, int root = 0) where T : unmanaged
    {
        Reduce(new Span<T>(ref value), operation, root);
        return value;
    }

    /// <summary>Element-wise reduction; every rank gets the result. Collective.</summary>
    /// <param name="send">This rank's operand, of the same length on every rank.</param>
    /// <param name="receive">As long; must not overlap it.</param>
    /// <param name="operation">Defined on T (<see cref="ReduceOperation.Accepts"/>).</param>
    /// <exception cref="CommunicationException">The operation is not defined on T, or the lengths differ.</exception>
    public void Allreduce<T>(ReadOnlySpan<T> send, Span<T> receive, ReduceOperation operation) where T : unmanaged
    {
        CheckOperation(operation, ElementType.Of<T>());
        CheckLength(receive.Length, send.Length, "the receive buffer");
        fixed (T* from = send, into = receive)
            Allreduce(Of(from, send.Length), Of(into, receive.Length), operation, start: false);
    }

    /// <summary>As above, in place: <paramref name="data"/> is operand and result. Collective.</summary>
    public void Allreduce<T>(Span<T> data, ReduceOperation operation) where T : unmanaged
    {
        CheckOperation(operation, ElementType.Of<T>());
        fixed (T* at = data)
            Allreduce(InPlace<T>(), Of(at, data.Length), operation, start: false);
    }

    /// <summary>Starts the reduction. Collective.</summary>
    public Request StartAllreduce<T>(ReadOnlyMemory<T> send, Memory<T> receive, ReduceOperation operation) where T : unmanaged
    {
        CheckOperation(operation, ElementType.Of<T>());
        CheckLength(receive.Length, send.Length, "the receive buffer");
        MemoryHandle from = send.Pin(), into = receive.Pin();
        return Requests.Hold(Allreduce(Of((T*)from.Pointer, send.Length), Of((T*)into.Pointer, receive.Length), operation, start: true), from, into);
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
            Scan(Of(from, send.Length), Of(into, receive.Length), operation, start: false);
    }

    /// <summary>As above, in place: <paramref name="data"/> is operand and result. Collective.</summary>
    public void Scan<T>(Span<T> data, ReduceOperation operation) where T : unmanaged
    {
        CheckOperation(operation, ElementType.Of<T>());
        fixed (T* at = data)
            Scan(InPlace<T>(), Of(at, data.Length), operation, start: false);
    }

    /// <summary>Starts the reduction. Collective.</summary>
    public Request StartScan<T>(ReadOnlyMemory<T> send, Memory<T> receive, ReduceOperation operation) where T : unmanaged
    {
        CheckOperation(operation, ElementType.Of<T>());
        CheckLength(receive.Length, send.Length, "the receive buffer");
        MemoryHandle from = send.Pin(), into = receive.Pin();
        return Requests.Hold(Scan(Of((T*)from.Pointer, send.Length), Of((T*)into.Pointer, receive.Length), operation, start: true), from, into);
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
            Exscan(Of(from, send.Length), Of(into, receive.Length), operation, start: false);
    }

    /// <summary>As above, in place: <paramref name="data"/> is operand and result. Collective.</summary>
    public void Exscan<T>(Span<T> data, ReduceOperation operation) where T : unmanaged
    {
        CheckOperation(operation, ElementType.Of<T>());
        fixed (T* at = data)
            Exscan(InPlace<T>(), Of(at, data.Length), operation, start: false);
    }

    /// <summary>Starts the reduction. Collective.</summary>
    public Request StartExscan<T>(ReadOnlyMemory<T> send, Memory<T> receive, ReduceOperation operation) where T : unmanaged
    {
        CheckOperation(operation, ElementType.Of<T>());
        CheckLength(receive.Length, send.Length, "the receive buffer");
        MemoryHandle from = send.Pin(), into = receive.Pin();
        return Requests.Hold(Exscan(Of((T*)from.Pointer, send.Length), Of((T*)into.Pointer, receive.Length), operation, start: true), from, into);
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
            ReduceScatter(Of(from, send.Length), Of(into, receive.Length), operation, start: false);
    }

    /// <summary>Starts a reduce-scatter. Collective.</summary>
    public Request StartReduceScatter<T>(ReadOnlyMemory<T> send, Memory<T> receive, ReduceOperation operation) where T : unmanaged
    {
        CheckOperation(operation, ElementType.Of<T>());
        CheckLength(send.Length, (nint)receive.Length * Size, "the send buffer");
        MemoryHandle from = send.Pin(), into = receive.Pin();
        return Requests.Hold(ReduceScatter(Of((T*)from.Pointer, send.Length), Of((T*)into.Pointer, receive.Length), operation, start: true), from, into);
    }

    /// <summary>Reduce-scatter with a length of its own for every rank; <paramref name="receive"/> holds counts[Rank]. Collective.</summary>
    public void ReduceScatterv<T>(ReadOnlySpan<T> send, Span<T> receive, ReadOnlySpan<int> counts, ReduceOperation operation) where T : unmanaged
    {
        CheckOperation(operation, ElementType.Of<T>());
        CheckLength(counts.Length, Size, "the list of counts");
        CheckLength(send.Length, Total(counts), "the send buffer");
        CheckLength(receive.Length, counts[Rank], "the receive buffer");
        fixed (T* from = send, into = receive)
            ReduceScatterv(Of(from, send.Length), Of(into, receive.Length), counts, operation, start: false);
    }

    /// <summary>Starts a reduce-scatter with a length of its own for every rank; the counts are copied. Collective.</summary>
    public Request StartReduceScatterv<T>(ReadOnlyMemory<T> send, Memory<T> receive, ReadOnlySpan<int> counts, ReduceOperation operation) where T : unmanaged
    {
        CheckOperation(operation, ElementType.Of<T>());
        CheckLength(counts.Length, Size, "the list of counts");
        CheckLength(send.Length, Total(counts), "the send buffer");
        CheckLength(receive.Length, counts[Rank], "the receive buffer");
        MemoryHandle from = send.Pin(), into = receive.Pin();
        return Requests.Hold(ReduceScatterv(Of((T*)from.Pointer, send.Length), Of((T*)into.Pointer, receive.Length), counts, operation, start: true), from, into);
    }
}
