using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SoraHpc.Communication.Mpi;

/// <summary>Native arrays of requests and statuses for the calls over many: on the stack when they are few.</summary>
internal readonly unsafe ref struct NativeRequests
{
    private const int SmallLength = 32;
    private const int HandleWords = 1, StatusWords = 4;

    /// <summary>Longs of stack to hand to the constructor: 1.25 KiB.</summary>
    internal const int SmallWords = SmallLength * (HandleWords + StatusWords);

    internal readonly void* Handles, Statuses;
    private readonly void* allocated;

    /// <param name="length">Requests.</param>
    /// <param name="small">Memory of the caller's frame, <see cref="SmallWords"/> long.</param>
    internal NativeRequests(int length, Span<long> small)
    {
        allocated = length > SmallLength ? NativeMemory.Alloc((nuint)length, (HandleWords + StatusWords) * sizeof(long)) : null;
        Handles = allocated is not null ? allocated : Unsafe.AsPointer(ref small[0]);
        Statuses = (byte*)Handles + (nint)length * HandleWords * sizeof(long);
    }

    public void Dispose() => NativeMemory.Free(allocated);
}
