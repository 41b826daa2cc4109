using System.Runtime.InteropServices;

namespace SoraHpc.Storage.Checkpoints;

/// <summary>Native memory for one rank's share of a file, kept from one checkpoint to the next: touching fresh memory costs half as much as writing it.</summary>
internal sealed unsafe class ShareMemory : IDisposable
{
    private const int Alignment = 4096;
    private long capacity;

    internal byte* Address { get; private set; }

    /// <summary>At least so many bytes, of any content.</summary>
    internal byte* Take(long bytes)
    {
        if (bytes <= capacity && Address is not null)
            return Address;
        Dispose();
        capacity = Math.Max(1, bytes);
        return Address = (byte*)NativeMemory.AlignedAlloc((nuint)capacity, Alignment);
    }

    public void Dispose()
    {
        NativeMemory.AlignedFree(Address);
        Address = null;
        capacity = 0;
    }
}
