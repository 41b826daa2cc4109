using System.Runtime.CompilerServices;
using SoraHpc.Communication.Mpi.Abi;

namespace SoraHpc.Communication.Mpi;

/// <summary>Reads a native status by the offsets of its ABI.</summary>
internal sealed unsafe class MpiStatusReader
{
    private const int Trial = 0x1234567;

    private readonly MpiFunctions mpi;
    private readonly MpiAbi abi;

    // Asking the library for the length of a short message costs a tenth of the message: it is read where this ABI keeps it, once
    // a status the library itself has filled in has shown that it is there.
    private readonly bool lengthIsWhereExpected;

    internal MpiStatusReader(MpiFunctions mpi, MpiAbi abi)
    {
        (this.mpi, this.abi) = (mpi, abi);
        NativeStatus trial = default;
        lengthIsWhereExpected = mpi.StatusSetElements(&trial, abi.Byte, Trial) == 0 && abi.LengthOf(&trial) == Trial;
    }

    /// <summary>Source, tag and length; the empty status when nobody sent.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal Status Read(void* status)
    {
        int source = abi.SourceOf(status);
        if (source < 0)                                  // the null process, or "any" in an empty status
            return Status.Empty;
        return new(source, abi.TagOf(status), lengthIsWhereExpected ? abi.LengthOf(status) : AskLength(status));
    }

    /// <summary>True when the operation was cancelled before it matched.</summary>
    internal bool IsCancelled(void* status)
    {
        int cancelled;
        _ = mpi.TestCancelled(status, &cancelled);
        return cancelled != 0;
    }

    private nint AskLength(void* status)
    {
        nint bytes;
        _ = mpi.GetElements(status, abi.Byte, &bytes);
        return bytes;
    }
}
