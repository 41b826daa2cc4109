using System.Runtime.InteropServices;

namespace SoraHpc.Communication.Mpi;

internal sealed unsafe partial class SurvivingCalls
{
    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int DuplicateCall(nint comm, nint* made);
    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int SplitCall(nint comm, int color, int key, nint* made);
    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int SplitTypeCall(nint comm, int kind, int key, nint info, nint* made);
    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int GridCall(nint comm, int dimensions, int* sides, int* periods, int reorder, nint* made);
    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int SubgridCall(nint comm, int* keep, nint* made);
    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int GraphCall(nint comm, int sources, int* from, nint fromWeights, int destinations, int* to, nint toWeights, nint info, int reorder, nint* made);
    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int IntercommCall(nint comm, int leader, nint peer, int remoteLeader, int tag, nint* made);
    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int MergeCall(nint comm, int high, nint* made);
    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int FreeCall(nint* handle);
    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int AllocateCall(nint bytes, int unit, nint info, nint comm, void** memory, nint* window);
    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int DynamicCall(nint info, nint comm, nint* window);
    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int SharedQueryCall(nint window, int rank, nint* bytes, int* unit, void** address);
    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int WindowCall(nint window);
    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int TargetCall(int target, nint window);
    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int LockCall(int kind, int target, int assertion, nint window);
    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int FetchCall(void* value, void* old, nint type, int target, nint offset, nint operation, nint window);
    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int SwapCall(void* value, void* expected, void* old, nint type, int target, nint offset, nint window);

    private void ReplaceCreation()
    {
        Replace("MPI_Comm_dup", new DuplicateCall((comm, made) => MeetFor("MPI_Comm_dup", comm) is not 0 and int code ? code : Leave(mpi.CommDup(comm, made))));
        Replace("MPI_Comm_split", new SplitCall((comm, color, key, made) => MeetFor("MPI_Comm_split", comm) is not 0 and int code ? code : Leave(mpi.CommSplit(comm, color, key, made))));
        Replace("MPI_Comm_split_type", new SplitTypeCall((comm, kind, key, info, made) =>
            MeetFor("MPI_Comm_split_type", comm) is not 0 and int code ? code : Leave(mpi.CommSplitType(comm, kind, key, info, made))));
        Replace("MPI_Cart_create", new GridCall((comm, dimensions, sides, periods, reorder, made) =>
            MeetFor("MPI_Cart_create", comm) is not 0 and int code ? code : Leave(mpi.CartCreate(comm, dimensions, sides, periods, reorder, made))));
        Replace("MPI_Cart_sub", new SubgridCall((comm, keep, made) => MeetFor("MPI_Cart_sub", comm) is not 0 and int code ? code : Leave(mpi.CartSub(comm, keep, made))));
        Replace("MPI_Dist_graph_create_adjacent", new GraphCall((comm, sources, from, fromWeights, destinations, to, toWeights, info, reorder, made) =>
            MeetFor("MPI_Dist_graph_create_adjacent", comm) is not 0 and int code ? code
                : Leave(mpi.DistGraphCreateAdjacent(comm, sources, from, fromWeights, destinations, to, toWeights, info, reorder, made))));
        Replace("MPI_Intercomm_create", new IntercommCall((comm, leader, peer, remoteLeader, tag, made) =>
            MeetFor("MPI_Intercomm_create", comm) is not 0 and int code ? code : Leave(mpi.IntercommCreate(comm, leader, peer, remoteLeader, tag, made))));
        Replace("MPI_Intercomm_merge", new MergeCall((comm, high, made) => MeetFor("MPI_Intercomm_merge", comm) is not 0 and int code ? code : Leave(mpi.IntercommMerge(comm, high, made))));
        // What is left of a broken world stays until the process ends: freeing it would wait for the dead.
        Replace("MPI_Comm_free", new FreeCall(comm => IsBroken ? 0 : mpi.CommFree(comm)));
    }

    private void ReplaceOneSided()
    {
        Replace("MPI_Win_allocate", new AllocateCall((bytes, unit, info, comm, memory, window) =>
            MeetFor("MPI_Win_allocate", comm) is not 0 and int code ? code : Leave(mpi.WinAllocate(bytes, unit, info, comm, memory, window))));
        Replace("MPI_Win_allocate_shared", new AllocateCall((bytes, unit, info, comm, memory, window) =>
            MeetFor("MPI_Win_allocate_shared", comm) is not 0 and int code ? code : Leave(mpi.WinAllocateShared(bytes, unit, info, comm, memory, window))));
        Replace("MPI_Win_create_dynamic", new DynamicCall((info, comm, window) => MeetFor("MPI_Win_create_dynamic", comm) is not 0 and int code ? code : Leave(mpi.WinCreateDynamic(info, comm, window))));
        // Waits for nobody, but who looks at others' memory in a loop asks it in between whether they live.
        Replace("MPI_Win_shared_query", new SharedQueryCall((window, rank, bytes, unit, address) =>
            IsBroken ? RankFailed : mpi.WinSharedQuery(window, rank, bytes, unit, address)));
        Replace("MPI_Win_free", new FreeCall(window => IsBroken ? 0 : mpi.WinFree(window)));
        Replace("MPI_Fetch_and_op", new FetchCall((value, old, type, target, offset, operation, window) =>
            Enters("MPI_Fetch_and_op") ? Leave(mpi.FetchAndOp(value, old, type, target, offset, operation, window)) : RankFailed));
        Replace("MPI_Compare_and_swap", new SwapCall((value, expected, old, type, target, offset, window) =>
            Enters("MPI_Compare_and_swap") ? Leave(mpi.CompareAndSwap(value, expected, old, type, target, offset, window)) : RankFailed));
        Targeted("MPI_Win_fence", mpi.WinFence);
        Targeted("MPI_Win_unlock", mpi.WinUnlock);
        Targeted("MPI_Win_lock_all", mpi.WinLockAll);
        Targeted("MPI_Win_flush", mpi.WinFlush);
        Whole("MPI_Win_unlock_all", mpi.WinUnlockAll);
        Whole("MPI_Win_flush_all", mpi.WinFlushAll);
        Whole("MPI_Win_sync", mpi.WinSync);
        Replace("MPI_Win_lock", new LockCall((kind, target, assertion, window) => Enters("MPI_Win_lock") ? Leave(mpi.WinLock(kind, target, assertion, window)) : RankFailed));
    }

    private void Targeted(string name, delegate* unmanaged[Cdecl]<int, nint, int> call) =>
        Replace(name, new TargetCall((target, window) => Enters(name) ? Leave(call(target, window)) : RankFailed));

    private void Whole(string name, delegate* unmanaged[Cdecl]<nint, int> call) =>
        Replace(name, new WindowCall(window => Enters(name) ? Leave(call(window)) : RankFailed));
}
