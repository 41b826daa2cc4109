using static SoraHpc.Communication.ErrorClass;

namespace SoraHpc.Communication.Mpi.Abi;

/// <summary>Constants of Open MPI 3 to 5: a handle is the address of an exported object. Source: its mpi.h (4.1.4).</summary>
internal static unsafe class OpenMpiAbi
{
    internal static MpiAbi Create(MpiSymbols symbols)
    {
        nint Object(string name) => (nint)symbols.Required(name);
        return new MpiAbi
        {
            Name = "Open MPI", HandleBytes = 8,
            StatusBytes = 24, SourceAt = 0, TagAt = 4, ErrorAt = 8, LengthLowAt = 16, LengthHighAt = 20, LengthHighShift = 0,
            AnySource = -1, AnyTag = -1, ProcessNull = -2, Undefined = -32766, SplitShared = 0,
            LockExclusive = 1, LockShared = 2, LargestTagKey = 0, ErrorInStatus = 18, ErrorPending = 19,
            ThreadLevels = [0, 1, 2, 3], ReducesInPlaceAtAnyRoot = true, GoesOnWithoutTheDead = true,
            InPlace = 1, StatusIgnore = 0, Unweighted = 2,
            World = Object("ompi_mpi_comm_world"), Self = Object("ompi_mpi_comm_self"), NullCommunicator = Object("ompi_mpi_comm_null"),
            NullRequest = Object("ompi_request_null"), NoProcessMessage = Object("ompi_message_no_proc"),
            NullInfo = Object("ompi_mpi_info_null"), ErrorsReturn = Object("ompi_mpi_errors_return"), Byte = Object("ompi_mpi_byte"),
            Datatypes = [0, .. DatatypeNames.Select(Object)],
            Operations = [0, .. OperationNames.Select(Object)],
            // The vector units' op/avx (4.1) saturates where every other type, and C#, wraps around.
            WrongReductions = [(ReduceKind.Sum, ElementKind.Int8), (ReduceKind.Sum, ElementKind.UInt8), (ReduceKind.Sum, ElementKind.Int16),
                (ReduceKind.Sum, ElementKind.UInt16)],
            ErrorClasses = Classes,
        };
    }

    // In the order of ElementKind, after Opaque.
    private static readonly string[] DatatypeNames =
    [
        "ompi_mpi_int8_t", "ompi_mpi_uint8_t", "ompi_mpi_int16_t", "ompi_mpi_uint16_t", "ompi_mpi_int32_t", "ompi_mpi_uint32_t",
        "ompi_mpi_int64_t", "ompi_mpi_uint64_t", "ompi_mpi_float", "ompi_mpi_double", "ompi_mpi_c_double_complex", "ompi_mpi_c_bool",
        "ompi_mpi_double_int", "ompi_mpi_float_int", "ompi_mpi_2int",
    ];

    // In the order of ReduceKind, after User.
    private static readonly string[] OperationNames =
    [
        "ompi_mpi_op_sum", "ompi_mpi_op_prod", "ompi_mpi_op_min", "ompi_mpi_op_max", "ompi_mpi_op_land", "ompi_mpi_op_lor", "ompi_mpi_op_lxor",
        "ompi_mpi_op_band", "ompi_mpi_op_bor", "ompi_mpi_op_bxor", "ompi_mpi_op_minloc", "ompi_mpi_op_maxloc", "ompi_mpi_op_replace",
        "ompi_mpi_op_no_op",
    ];

    private static readonly Dictionary<int, ErrorClass> Classes = new()
    {
        [1] = ErrorClass.Buffer, [2] = Count, [3] = ErrorClass.Type, [4] = Tag, [5] = ErrorClass.Communicator, [6] = Rank,
        [7] = ErrorClass.Request, [8] = Root, [9] = Group, [10] = Operation, [11] = ErrorClass.Topology, [12] = Dimensions, [13] = Argument,
        [15] = Truncate, [17] = Internal, [19] = Pending, [30] = Io, [35] = Io, [39] = NoMemory, [46] = ErrorClass.Window,
        [47] = ErrorClass.Window, [50] = Spawn, [52] = Unsupported, [53] = ErrorClass.Window, [68] = ErrorClass.Window,
        [69] = ErrorClass.Window, [70] = ErrorClass.Window, [71] = ErrorClass.Window,
    };
}
