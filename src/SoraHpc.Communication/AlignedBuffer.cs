using System.Buffers;
using System.Runtime.InteropServices;

namespace SoraHpc.Communication;

/// <summary>Native memory on a 64-byte boundary (a page's, from a page on: large messages are copied page by page; a huge page's, from 2 MiB on, on huge
/// pages where the system grants them and kept for the next when freed), zeroed and so page-touched by the thread that makes it; never moved by
/// the garbage collector, so messages from it need no pin. Whoever makes it disposes it.</summary>
public sealed unsafe class AlignedBuffer<T> : MemoryManager<T> where T : unmanaged
{
    /// <summary>A cache line, and the widest vector.</summary>
    public const int Alignment = 64;

    private const int PageBytes = 4096;

    private T* address;

    /// <param name="length">Elements, ≥ 0.</param>
    public AlignedBuffer(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        Length = length;
        nuint bytes = (nuint)Math.Max(1, length) * (nuint)sizeof(T);
        address = (T*)(bytes >= PagePool.Smallest ? PagePool.Rent(bytes) : NativeMemory.AlignedAlloc(bytes, bytes >= PageBytes ? (nuint)PageBytes : Alignment));
        NativeMemory.Clear(address, bytes);
    }

    /// <summary>Elements.</summary>
    public int Length { get; }

    /// <summary>First element; null after <c>Dispose</c>.</summary>
    public T* Address => address;

    /// <inheritdoc/>
    public override Span<T> GetSpan() => address is not null ? new(address, Length) : throw new ObjectDisposedException(nameof(AlignedBuffer<>));

    /// <inheritdoc/>
    public override MemoryHandle Pin(int elementIndex = 0) => new(address + elementIndex);

    /// <inheritdoc/>
    public override void Unpin() { }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (address is null)
            return;
        nuint bytes = (nuint)Math.Max(1, Length) * (nuint)sizeof(T);
        if (bytes >= PagePool.Smallest)
            PagePool.Return(address, bytes);
        else
            NativeMemory.AlignedFree(address);
        address = null;
    }
}
