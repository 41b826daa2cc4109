using unsafe Call = delegate* unmanaged[Cdecl]<int>;
using unsafe QueryInt = delegate* unmanaged[Cdecl]<int*, int>;
using unsafe QueryIntPair = delegate* unmanaged[Cdecl]<int*, int*, int>;
using unsafe QueryText = delegate* unmanaged[Cdecl]<byte*, int*, int>;
using unsafe HandleCall = delegate* unmanaged[Cdecl]<nint, int>;
using unsafe HandleToInt = delegate* unmanaged[Cdecl]<nint, int*, int>;
using unsafe HandleToHandle = delegate* unmanaged[Cdecl]<nint, nint*, int>;
using unsafe HandleOut = delegate* unmanaged[Cdecl]<nint*, int>;
using unsafe HandlePair = delegate* unmanaged[Cdecl]<nint, nint, int>;

namespace SoraHpc.Communication.Mpi.Abi;

/// <summary>Every MPI function SoraHpc calls, looked up once when the library is loaded; in the standard's order. A handle argument
/// is a nint in every ABI (a 32-bit handle is the low half of the register); what a handle pointer points to has the ABI's width.</summary>
internal sealed unsafe partial class MpiFunctions(MpiSymbols symbols)
{
    // ---- datatypes ----
    internal readonly delegate* unmanaged[Cdecl]<int, nint, nint*, int> TypeContiguous =
        (delegate* unmanaged[Cdecl]<int, nint, nint*, int>)symbols.Required("MPI_Type_contiguous");
    internal readonly delegate* unmanaged[Cdecl]<int, int*, nint*, void*, nint*, int> TypeCreateStruct =
        (delegate* unmanaged[Cdecl]<int, int*, nint*, void*, nint*, int>)symbols.Required("MPI_Type_create_struct");
    internal readonly HandleOut TypeCommit = (HandleOut)symbols.Required("MPI_Type_commit");
    internal readonly HandleOut TypeFree = (HandleOut)symbols.Required("MPI_Type_free");

    // ---- reduction operations ----
    internal readonly delegate* unmanaged[Cdecl]<nint, int, nint*, int> OpCreate =
        (delegate* unmanaged[Cdecl]<nint, int, nint*, int>)symbols.Required("MPI_Op_create");
    internal readonly HandleOut OpFree = (HandleOut)symbols.Required("MPI_Op_free");

    // ---- communicators ----
    internal readonly HandleToInt CommRank = (HandleToInt)symbols.Required("MPI_Comm_rank");
    internal readonly HandleToInt CommSize = (HandleToInt)symbols.Required("MPI_Comm_size");
    internal readonly HandleToInt CommRemoteSize = (HandleToInt)symbols.Required("MPI_Comm_remote_size");
    internal readonly HandleToHandle CommDup = (HandleToHandle)symbols.Required("MPI_Comm_dup");
    internal readonly delegate* unmanaged[Cdecl]<nint, int, int, nint*, int> CommSplit =
        (delegate* unmanaged[Cdecl]<nint, int, int, nint*, int>)symbols.Required("MPI_Comm_split");
    internal readonly delegate* unmanaged[Cdecl]<nint, int, int, nint, nint*, int> CommSplitType =
        (delegate* unmanaged[Cdecl]<nint, int, int, nint, nint*, int>)symbols.Required("MPI_Comm_split_type");
    internal readonly HandleOut CommFree = (HandleOut)symbols.Required("MPI_Comm_free");
    internal readonly delegate* unmanaged[Cdecl]<nint, int, nint, int, int, nint*, int> IntercommCreate =
        (delegate* unmanaged[Cdecl]<nint, int, nint, int, int, nint*, int>)symbols.Required("MPI_Intercomm_create");
    internal readonly delegate* unmanaged[Cdecl]<nint, int, nint*, int> IntercommMerge =
        (delegate* unmanaged[Cdecl]<nint, int, nint*, int>)symbols.Required("MPI_Intercomm_merge");
    internal readonly delegate* unmanaged[Cdecl]<nint, int, void**, int*, int> CommGetAttr =
        (delegate* unmanaged[Cdecl]<nint, int, void**, int*, int>)symbols.Required("MPI_Comm_get_attr");
    internal readonly delegate* unmanaged[Cdecl]<nint, byte*, int> CommSetName =
        (delegate* unmanaged[Cdecl]<nint, byte*, int>)symbols.Required("MPI_Comm_set_name");
    internal readonly delegate* unmanaged[Cdecl]<nint, byte*, int*, int> CommGetName =
        (delegate* unmanaged[Cdecl]<nint, byte*, int*, int>)symbols.Required("MPI_Comm_get_name");

    // ---- groups and processes: for going on after the death of ranks ----
    internal readonly HandleToHandle CommGroup = (HandleToHandle)symbols.Required("MPI_Comm_group");
    internal readonly delegate* unmanaged[Cdecl]<nint, int, int*, nint*, int> GroupIncl =
        (delegate* unmanaged[Cdecl]<nint, int, int*, nint*, int>)symbols.Required("MPI_Group_incl");
    internal readonly HandleOut GroupFree = (HandleOut)symbols.Required("MPI_Group_free");
    internal readonly delegate* unmanaged[Cdecl]<nint, nint, int, nint*, int> CommCreateGroup =
        (delegate* unmanaged[Cdecl]<nint, nint, int, nint*, int>)symbols.Required("MPI_Comm_create_group");
    internal readonly HandleOut CommGetParent = (HandleOut)symbols.Required("MPI_Comm_get_parent");
    internal readonly delegate* unmanaged[Cdecl]<byte*, byte**, int, nint, int, nint, nint*, int*, int> CommSpawn =
        (delegate* unmanaged[Cdecl]<byte*, byte**, int, nint, int, nint, nint*, int*, int>)symbols.Required("MPI_Comm_spawn");

    // ---- topologies ----
    internal readonly delegate* unmanaged[Cdecl]<nint, int, int*, int*, int, nint*, int> CartCreate =
        (delegate* unmanaged[Cdecl]<nint, int, int*, int*, int, nint*, int>)symbols.Required("MPI_Cart_create");
    internal readonly delegate* unmanaged[Cdecl]<nint, int*, nint*, int> CartSub =
        (delegate* unmanaged[Cdecl]<nint, int*, nint*, int>)symbols.Required("MPI_Cart_sub");
    internal readonly delegate* unmanaged[Cdecl]<nint, int, int*, nint, int, int*, nint, nint, int, nint*, int> DistGraphCreateAdjacent =
        (delegate* unmanaged[Cdecl]<nint, int, int*, nint, int, int*, nint, nint, int, nint*, int>)
        symbols.Required("MPI_Dist_graph_create_adjacent");

    // ---- environment ----
    internal readonly QueryIntPair GetVersion = (QueryIntPair)symbols.Required("MPI_Get_version");
    internal readonly QueryText GetLibraryVersion = (QueryText)symbols.Required("MPI_Get_library_version");
    internal readonly QueryText GetProcessorName = (QueryText)symbols.Required("MPI_Get_processor_name");
    internal readonly HandlePair CommSetErrhandler = (HandlePair)symbols.Required("MPI_Comm_set_errhandler");
    internal readonly HandlePair WinSetErrhandler = (HandlePair)symbols.Required("MPI_Win_set_errhandler");
    internal readonly delegate* unmanaged[Cdecl]<int, byte*, int*, int> ErrorString =
        (delegate* unmanaged[Cdecl]<int, byte*, int*, int>)symbols.Required("MPI_Error_string");
    internal readonly delegate* unmanaged[Cdecl]<int, int*, int> ErrorClass =
        (delegate* unmanaged[Cdecl]<int, int*, int>)symbols.Required("MPI_Error_class");
    internal readonly delegate* unmanaged[Cdecl]<void*, void*, int, int*, int> InitThread =
        (delegate* unmanaged[Cdecl]<void*, void*, int, int*, int>)symbols.Required("MPI_Init_thread");
    internal readonly QueryInt QueryThread = (QueryInt)symbols.Required("MPI_Query_thread");
    internal readonly QueryInt Initialized = (QueryInt)symbols.Required("MPI_Initialized");
    internal readonly QueryInt Finalized = (QueryInt)symbols.Required("MPI_Finalized");
    internal readonly Call Finalize = (Call)symbols.Required("MPI_Finalize");
    internal readonly delegate* unmanaged[Cdecl]<nint, int, int> Abort =
        (delegate* unmanaged[Cdecl]<nint, int, int>)symbols.Required("MPI_Abort");
}
