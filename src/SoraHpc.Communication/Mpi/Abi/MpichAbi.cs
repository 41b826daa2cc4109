using static SoraHpc.Communication.ErrorClass;

namespace SoraHpc.Communication.Mpi.Abi;

/// <summary>Constants of the MPICH family (MPICH 3.1 to 5, Intel MPI, MVAPICH, Cray MPICH): a handle is a 32-bit number.
/// Source: its mpi.h (4.0.2).</summary>
internal static unsafe class MpichAbi
{
    internal static MpiAbi Create(MpiSymbols symbols) => new()
    {
        Name = "MPICH", HandleBytes = 4,
        StatusBytes = 20, SourceAt = 8, TagAt = 12, ErrorAt = 16, LengthLowAt = 0, LengthHighAt = 4, LengthHighShift = 1,
        AnySource = -2, AnyTag = -1, ProcessNull = -1, Undefined = -32766, SplitShared = 1,
        LockExclusive = 234, LockShared = 235, LargestTagKey = 0x64400001, ErrorInStatus = 17, ErrorPending = 18,
        ThreadLevels = [0, 1, 2, 3], ReducesInPlaceAtAnyRoot = false, GoesOnWithoutTheDead = false,
        // MPI_UNWEIGHTED is an exported variable that holds the pointer.
        InPlace = -1, StatusIgnore = 1, Unweighted = *(nint*)symbols.Required("MPI_UNWEIGHTED"),
        World = 0x44000000, Self = 0x44000001, NullCommunicator = 0x04000000, NullRequest = 0x2c000000, NoProcessMessage = 0x6c000000,
        NullInfo = 0x1c000000, ErrorsReturn = 0x54000001, Byte = 0x4c00010d,
        Datatypes = DatatypeHandles,
        Operations = OperationHandles,
        // 4.0 compares these as signed numbers.
        WrongReductions = [(ReduceKind.Min, ElementKind.UInt8), (ReduceKind.Max, ElementKind.UInt8), (ReduceKind.Min, ElementKind.UInt16),
            (ReduceKind.Max, ElementKind.UInt16), (ReduceKind.Min, ElementKind.UInt32), (ReduceKind.Max, ElementKind.UInt32),
            (ReduceKind.Min, ElementKind.UInt64), (ReduceKind.Max, ElementKind.UInt64)],
        ErrorClasses = Classes,
    };

    // In the order of ElementKind; handles are unsigned so that the upper half of a nint is zero, as behind an out-parameter.
    private static readonly nint[] DatatypeHandles =
    [
        0, 0x4c000137, 0x4c00013b, 0x4c000238, 0x4c00023c, 0x4c000439, 0x4c00043d, 0x4c00083a, 0x4c00083e,
        0x4c00040a, 0x4c00080b, 0x4c001041, 0x4c00013f, unchecked((nint)0x8c000001), unchecked((nint)0x8c000000), 0x4c000816,
    ];

    // In the order of ReduceKind.
    private static readonly nint[] OperationHandles =
    [
        0, 0x58000003, 0x58000004, 0x58000002, 0x58000001, 0x58000005, 0x58000007, 0x58000009, 0x58000006, 0x58000008, 0x5800000a,
        0x5800000b, 0x5800000c, 0x5800000d, 0x5800000e,
    ];

    private static readonly Dictionary<int, ErrorClass> Classes = new()
    {
        [1] = ErrorClass.Buffer, [2] = Count, [3] = ErrorClass.Type, [4] = Tag, [5] = ErrorClass.Communicator, [6] = Rank,
        [7] = Root, [8] = Group, [9] = Operation, [10] = ErrorClass.Topology, [11] = Dimensions, [12] = Argument, [14] = Truncate,
        [16] = Internal, [18] = Pending, [19] = ErrorClass.Request, [27] = Io, [32] = Io, [34] = NoMemory, [42] = Spawn, [44] = Unsupported,
        [45] = ErrorClass.Window, [49] = ErrorClass.Window, [50] = ErrorClass.Window, [55] = ErrorClass.Window, [56] = ErrorClass.Window,
        [57] = ErrorClass.Window, [58] = ErrorClass.Window, [76] = ProcessFailed, [101] = ProcessFailed, [102] = ProcessFailed, [103] = Revoked,
    };
}
