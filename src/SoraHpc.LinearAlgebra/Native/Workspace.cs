using System.Runtime.InteropServices;

namespace SoraHpc.LinearAlgebra.Native;

/// <summary>Scratch memory of one call, not zeroed; large ones on huge pages, of which a fresh one costs 1/512 of the faults.</summary>
internal readonly unsafe ref struct Workspace
{
    private const int HugePage = 2 << 20, CacheLine = 64;

    // Some kernels read a little past the end of what they are given: see MatrixMemory.
    private const int Room = 4096;

    internal Workspace(long bytes)
    {
        nuint size = (nuint)(bytes + Room);
        Address = NativeMemory.AlignedAlloc(size, size >= HugePage ? (nuint)HugePage : CacheLine);
        if (size >= HugePage)
            NativeLoader.AdviseHugePages(Address, size);
    }

    internal void* Address { get; }

    public void Dispose() => NativeMemory.AlignedFree(Address);
}
