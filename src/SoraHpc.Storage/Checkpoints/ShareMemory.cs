using System.Runtime.InteropServices;

namespace SoraHpc.Storage.Checkpoints;

/// <summary>Native memory for one rank's share of a file, kept from one checkpoint to the next: touching fresh memory costs half as much as writing it.</summary>
internal sealed unsafe partial class ShareMemory : IDisposable
{
    private const int PageBytes = 4096, HugePageBytes = 2 << 20, HugePages = 14;      // MADV_HUGEPAGE
    private long capacity;

    internal byte* Address { get; private set; }

    /// <summary>At least so many bytes, of any content.</summary>
    internal byte* Take(long bytes)
    {
        if (bytes <= capacity && Address is not null)
            return Address;
        Dispose();
        capacity = Math.Max(1, bytes);
        bool isLarge = capacity >= HugePageBytes;
        Address = (byte*)NativeMemory.AlignedAlloc((nuint)capacity, (nuint)(isLarge ? HugePageBytes : PageBytes));
        if (isLarge && OperatingSystem.IsLinux())
            _ = Advise(Address, (nuint)capacity, HugePages);      // a system without says no, and nothing changes
        return Address;
    }

    public void Dispose()
    {
        NativeMemory.AlignedFree(Address);
        Address = null;
        capacity = 0;
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(void* address, nuint bytes, int advice);
}
