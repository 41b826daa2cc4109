using System.Runtime.InteropServices;

namespace SoraHpc.Communication;

/// <summary>Linux's transparent huge pages: on most systems only where a program asks.</summary>
internal static unsafe partial class HugePages
{
    private const int HugePage = 14;                    // MADV_HUGEPAGE of sys/mman.h

    [LibraryImport("libc.so.6", EntryPoint = "madvise")]
    private static partial int Advise(void* address, nuint bytes, int advice);

    /// <summary>Asks for them; a system without says no, and nothing changes.</summary>
    internal static void Advise(void* address, nuint bytes) => _ = Advise(address, bytes, HugePage);
}
