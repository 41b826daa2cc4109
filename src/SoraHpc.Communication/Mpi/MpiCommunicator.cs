using System.Runtime.CompilerServices;
using SoraHpc.Communication.Mpi.Abi;

namespace SoraHpc.Communication.Mpi;

/// <summary>A communicator of the system's MPI: every core is one look into the function table and one call.</summary>
internal sealed unsafe partial class MpiCommunicator : Communicator, IMpiObject
{
    private readonly MpiFunctions mpi;
    private readonly MpiAbi abi;
    private readonly MpiDatatypes types;
    private readonly MpiErrors errors;
    private readonly MpiStatusReader statuses;
    private readonly MpiRequestTable requests;
    private readonly MpiNeighborhood? neighborhood;
    private int[]? worldRanks;                          // made when first asked for
    private nint handle;                                // 0 once closed: no ABI has such a communicator

    private MpiCommunicator(MpiProcess process, nint handle, int rank, int size, Topology? topology)
        : base(rank, size, process.WorldRank, process.Requests, topology, process.Incarnation)
    {
        (Process, this.handle) = (process, handle);
        (mpi, abi, types, errors, statuses, requests) =
            (process.Functions, process.Abi, process.Datatypes, process.Errors, process.Statuses, process.Requests);
        neighborhood = topology is CartesianTopology grid ? MpiNeighborhood.Create(process, handle, grid) : null;
        process.Enter(this);
    }

    internal MpiProcess Process { get; }

    /// <inheritdoc/>
    public override int LargestTag => Process.LargestTag;

    /// <inheritdoc/>
    public override Transport Transport => Transport.Mpi;

    /// <inheritdoc/>
    public override nint NativeHandle => Open("NativeHandle");

    /// <inheritdoc/>
    public override string ProcessorName => Process.ProcessorName;

    internal override bool EnterForeignCore(string library) => Process.Library.SurvivingCalls?.TryEnter(library) ?? false;

    internal override void LeaveForeignCore() => Process.Library.SurvivingCalls?.Leave();

    internal static MpiCommunicator World(MpiProcess process) => Wrap(process, process.World);

    /// <summary>Takes over a communicator the library has made.</summary>
    /// <param name="topology">Its neighbours, given its rank in it; null for none.</param>
    internal static MpiCommunicator Wrap(MpiProcess process, nint handle, Func<int, Topology>? topology = null)
    {
        int rank, size;
        process.Errors.Check(process.Functions.CommSetErrhandler(handle, process.Abi.ErrorsReturn), "Comm_set_errhandler");
        process.Errors.Check(process.Functions.CommRank(handle, &rank), "Comm_rank");
        process.Errors.Check(process.Functions.CommSize(handle, &size), "Comm_size");
        return new(process, handle, rank, size, topology?.Invoke(rank));
    }

    /// <inheritdoc/>
    public override void Abort(int exitCode, string reason) => Process.Failures.End($"sora: rank {WorldRank}: {reason}", exitCode);

    /// <inheritdoc/>
    public override void Dispose()
    {
        if (handle == 0 || handle == Process.World)
            return;
        nint freed = handle, neighbours = neighborhood?.Handle ?? 0;
        Process.Leave(this);
        handle = 0;
        if (neighbours != 0)
            errors.Check(mpi.CommFree(&neighbours), "Comm_free");
        errors.Check(mpi.CommFree(&freed), "Comm_free");
    }

    void IMpiObject.Invalidate() => handle = 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private nint Open(string call)
    {
        if (handle == 0)
            errors.ThrowClosed(call);
        return handle;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Check(int code, string call)
    {
        if (code != 0)
            errors.Throw(code, call);
    }

    // The end of every collective: the null request after a blocking one, an entry in the table after a started one.
    private Request Done(int code, string call)
    {
        Check(code, call);
        return default;
    }

    private Request Started(int code, nint request, string call, object? kept = null)
    {
        Check(code, call);
        return requests.Add(request, kept);
    }
}
