// origin, count, datatype, target, displacement, count, datatype, window
using unsafe TransferCall = delegate* unmanaged[Cdecl]<void*, int, nint, int, nint, int, nint, nint, int>;
// size in bytes, displacement unit, info, communicator, base address, window
using unsafe AllocateCall = delegate* unmanaged[Cdecl]<nint, int, nint, nint, void**, nint*, int>;
using unsafe WindowCall = delegate* unmanaged[Cdecl]<nint, int>;
using unsafe TargetCall = delegate* unmanaged[Cdecl]<int, nint, int>;

namespace SoraHpc.Communication.Mpi.Abi;

internal sealed unsafe partial class MpiFunctions
{
    internal readonly AllocateCall WinAllocate = (AllocateCall)symbols.Required("MPI_Win_allocate");
    internal readonly AllocateCall WinAllocateShared = (AllocateCall)symbols.Required("MPI_Win_allocate_shared");
    internal readonly delegate* unmanaged[Cdecl]<nint, int, nint*, int*, void**, int> WinSharedQuery =
        (delegate* unmanaged[Cdecl]<nint, int, nint*, int*, void**, int>)symbols.Required("MPI_Win_shared_query");
    internal readonly delegate* unmanaged[Cdecl]<nint, nint, nint*, int> WinCreateDynamic =
        (delegate* unmanaged[Cdecl]<nint, nint, nint*, int>)symbols.Required("MPI_Win_create_dynamic");
    internal readonly delegate* unmanaged[Cdecl]<nint, void*, nint, int> WinAttach =
        (delegate* unmanaged[Cdecl]<nint, void*, nint, int>)symbols.Required("MPI_Win_attach");
    internal readonly delegate* unmanaged[Cdecl]<nint, void*, int> WinDetach =
        (delegate* unmanaged[Cdecl]<nint, void*, int>)symbols.Required("MPI_Win_detach");
    internal readonly delegate* unmanaged[Cdecl]<nint*, int> WinFree = (delegate* unmanaged[Cdecl]<nint*, int>)symbols.Required("MPI_Win_free");

    internal readonly TransferCall Put = (TransferCall)symbols.Required("MPI_Put");
    internal readonly TransferCall Get = (TransferCall)symbols.Required("MPI_Get");
    internal readonly delegate* unmanaged[Cdecl]<void*, int, nint, int, nint, int, nint, nint, nint, int> Accumulate =
        (delegate* unmanaged[Cdecl]<void*, int, nint, int, nint, int, nint, nint, nint, int>)symbols.Required("MPI_Accumulate");
    internal readonly delegate* unmanaged[Cdecl]<void*, void*, nint, int, nint, nint, nint, int> FetchAndOp =
        (delegate* unmanaged[Cdecl]<void*, void*, nint, int, nint, nint, nint, int>)symbols.Required("MPI_Fetch_and_op");
    internal readonly delegate* unmanaged[Cdecl]<void*, void*, void*, nint, int, nint, nint, int> CompareAndSwap =
        (delegate* unmanaged[Cdecl]<void*, void*, void*, nint, int, nint, nint, int>)symbols.Required("MPI_Compare_and_swap");

    internal readonly TargetCall WinFence = (TargetCall)symbols.Required("MPI_Win_fence");
    internal readonly delegate* unmanaged[Cdecl]<int, int, int, nint, int> WinLock =
        (delegate* unmanaged[Cdecl]<int, int, int, nint, int>)symbols.Required("MPI_Win_lock");
    internal readonly TargetCall WinUnlock = (TargetCall)symbols.Required("MPI_Win_unlock");
    internal readonly TargetCall WinLockAll = (TargetCall)symbols.Required("MPI_Win_lock_all");
    internal readonly WindowCall WinUnlockAll = (WindowCall)symbols.Required("MPI_Win_unlock_all");
    internal readonly TargetCall WinFlush = (TargetCall)symbols.Required("MPI_Win_flush");
    internal readonly WindowCall WinFlushAll = (WindowCall)symbols.Required("MPI_Win_flush_all");
    internal readonly WindowCall WinSync = (WindowCall)symbols.Required("MPI_Win_sync");
}
