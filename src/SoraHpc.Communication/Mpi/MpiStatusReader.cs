using System.Runtime.CompilerServices;
using SoraHpc.Communication.Mpi.Abi;

namespace SoraHpc.Communication.Mpi;

/// <summary>Reads a native status by the offsets of its ABI.</summary>
internal sealed unsafe class MpiStatusReader(MpiFunctions mpi, MpiAbi abi)
{
    /// <summary>Source, tag and length; the empty status when nobody sent.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal Status Read(void* status)
    {
        int source = abi.SourceOf(status);
        if (source < 0)                                  // the null process, or "any" in an empty status
            return Status.Empty;
        int bytes;
        _ = mpi.GetCount(status, abi.Byte, &bytes);
        return new(source, abi.TagOf(status), bytes == abi.Undefined ? ReadLong(status) : bytes);
    }

    /// <summary>True when the operation was cancelled before it matched.</summary>
    internal bool IsCancelled(void* status)
    {
        int cancelled;
        _ = mpi.TestCancelled(status, &cancelled);
        return cancelled != 0;
    }

    // MPI_Get_count answers MPI_UNDEFINED past 2³¹ − 1.
    private nint ReadLong(void* status)
    {
        nint bytes;
        _ = mpi.GetElements(status, abi.Byte, &bytes);
        return bytes;
    }
}
