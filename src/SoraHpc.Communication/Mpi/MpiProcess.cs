using System.Runtime.InteropServices;
using SoraHpc.Communication.Mpi.Abi;
using SoraHpc.Diagnostics;

namespace SoraHpc.Communication.Mpi;

/// <summary>This process's MPI, initialised: the library's tables and everything made with them, closed in the right order.</summary>
internal sealed unsafe class MpiProcess
{
    // MPI_COMM_SELF carries this name while a world is open: MPI itself remembers, whoever asks.
    private const string OpenMark = "SoraHpc world", SelfName = "MPI_COMM_SELF";

    private readonly HashSet<IMpiObject> open = [];
    private readonly TextWriter error;
    private readonly LaunchEnvironment launch;
    private readonly bool ownsMpi, concurrent;

    private MpiProcess(MpiLibrary library, ThreadLevel provided, bool ownsMpi, bool concurrent, LaunchEnvironment launch, TextWriter error,
        nint world, Incarnation incarnation)
    {
        (Library, this.ownsMpi, this.concurrent, this.launch, this.error, World, Incarnation) = (library, ownsMpi, concurrent, launch, error, world, incarnation);
        (Functions, Abi) = (library.Functions, library.Abi);
        int rank, size;
        _ = Functions.CommRank(world, &rank);
        _ = Functions.CommSize(world, &size);
        (WorldRank, WorldSize) = (rank, size);
        Errors = new(Functions, Abi, rank);
        Errors.Check(Functions.CommSetErrhandler(world, Abi.ErrorsReturn), "Comm_set_errhandler");
        Errors.Check(Functions.CommSetErrhandler(Abi.Self, Abi.ErrorsReturn), "Comm_set_errhandler");
        Failures = new(Functions, Abi, rank, error);
        Datatypes = new(Functions, Abi, Errors);
        Operations = new(Functions, Abi, Errors, Failures);
        Statuses = new(Functions, Abi);
        Requests = new(Functions, Abi, Errors, Statuses, concurrent);
        ProcessorName = ReadProcessorName();
        LargestTag = ReadLargestTag();
        Information = MpiInformation.Of(library, launch) with { ThreadLevel = provided, WorldSize = size };
    }

    internal MpiLibrary Library { get; }
    internal MpiFunctions Functions { get; }
    internal MpiAbi Abi { get; }
    internal MpiErrors Errors { get; }
    internal MpiFailures Failures { get; }
    internal MpiDatatypes Datatypes { get; }
    internal MpiOperations Operations { get; }
    internal MpiStatusReader Statuses { get; }
    internal MpiRequestTable Requests { get; }
    internal MpiInformation Information { get; }
    /// <summary>The library's handle of the world: MPI_COMM_WORLD, or what was formed of it without the dead.</summary>
    internal nint World { get; }
    /// <summary>What the communicators of this world carry on from those before.</summary>
    internal Incarnation Incarnation { get; private set; }
    /// <summary>An address nothing is read from or written to.</summary>
    internal nint EmptyBuffer { get; } = sizeof(double);

    internal int WorldRank { get; }
    internal int WorldSize { get; }
    internal int LargestTag { get; }
    internal string ProcessorName { get; }

    /// <summary>Loads and initialises MPI, or joins one that the host program has initialised.</summary>
    internal static MpiProcess Open(WorldOptions options, LaunchEnvironment launch)
    {
        MpiLibrary library = MpiLibrary.Load(options.MpiLibrary, launch, options.Survival is not null);
        bool ownsMpi = !CheckInitialized(library);
        int provided;
        if (ownsMpi)
            _ = library.Functions.InitThread(null, null, library.Abi.ThreadLevels[(int)options.ThreadLevel], &provided);
        else
            _ = library.Functions.QueryThread(&provided);
        ThreadLevel level = (ThreadLevel)Array.LastIndexOf(library.Abi.ThreadLevels, provided);
        MpiProcess process = new(library, level, ownsMpi, options.ThreadLevel == ThreadLevel.Multiple, launch, options.Error,
            library.Abi.World, Incarnation.First());
        try
        {
            process.CheckLaunch(options.ThreadLevel);
        }
        catch (SoraException)
        {
            process.Close();
            throw;
        }
        process.Name(OpenMark);
        return process;
    }

    /// <summary>This process in a world formed anew; what belonged to the one before is closed here and left alone in the library.</summary>
    internal MpiProcess Reborn(nint world, Incarnation incarnation)
    {
        Invalidate();
        return new(Library, Information.ThreadLevel ?? ThreadLevel.Funneled, ownsMpi, concurrent, launch, error, world, incarnation);
    }

    /// <summary>Notes how this world came to be, before it is handed out.</summary>
    internal MpiProcess With(RecoveryReport report)
    {
        Incarnation = Incarnation with { Recovery = report };
        return this;
    }

    /// <summary>A communicator whose neighbours are these. Collective.</summary>
    internal nint CreateGraph(nint communicator, int[] sources, int[] destinations)
    {
        nint made = 0;
        int none = 0;                                   // an address for an empty list
        fixed (int* from = sources, to = destinations)
            Errors.Check(Functions.DistGraphCreateAdjacent(communicator, sources.Length, from is null ? &none : from, Abi.Unweighted,
                destinations.Length, to is null ? &none : to, Abi.Unweighted, Abi.NullInfo, 0, &made), nameof(CreateGraph));
        Errors.Check(Functions.CommSetErrhandler(made, Abi.ErrorsReturn), "Comm_set_errhandler");
        return made;
    }

    internal void Enter(IMpiObject made)
    {
        lock (open)
            open.Add(made);
    }

    internal void Leave(IMpiObject made)
    {
        lock (open)
            open.Remove(made);
    }

    /// <summary>Everything made here is closed, then MPI is finalised if this opened it. All ranks come here; no barrier is needed.</summary>
    internal void Close()
    {
        int left = Requests.ActiveCount;
        if (left > 0)
        {
            error.WriteLine($"sora: rank {WorldRank}: {left} transfer{(left == 1 ? " was" : "s were")} started and never waited for");
            error.Flush();
        }
        // Freeing a communicator or window here could deadlock: other ranks may have left other ones open. MPI_Finalize frees them.
        Invalidate();
        Operations.Close();
        Datatypes.Close();
        Name(SelfName);
        if (ownsMpi)
        {
            // With a message left over, finalising may wait for it for ever.
            using Timer? limit = left > 0 ? Failures.LeaveAfter(2000, 1) : null;
            _ = Functions.Finalize();
        }
        Failures.Dispose();
    }

    /// <summary>Leaves without a word to the library, which would wait for the dead.</summary>
    internal void Leave()
    {
        Invalidate();
        Failures.Dispose();
    }

    private void Invalidate()
    {
        foreach (IMpiObject made in open)
            made.Invalidate();
        open.Clear();
    }

    private static bool CheckInitialized(MpiLibrary library)
    {
        int initialized, finalized;
        _ = library.Functions.Initialized(&initialized);
        _ = library.Functions.Finalized(&finalized);
        if (finalized != 0)
            throw new CommunicationException("MPI was finalised in this process and cannot be opened again: open one world and keep it",
                "World.Run", -1, ErrorClass.Closed);
        if (initialized == 0)
            return false;
        byte* name = stackalloc byte[256];
        int length;
        _ = library.Functions.CommGetName(library.Abi.Self, name, &length);
        return Marshal.PtrToStringUTF8((nint)name) != OpenMark ? true
            : throw new CommunicationException("a world is already open in this process", "World.Run", -1, ErrorClass.Other);
    }

    // With another library's launcher every process silently becomes rank 0 of 1.
    private void CheckLaunch(ThreadLevel asked)
    {
        if (Information.LauncherSize > 0 && Information.LauncherSize != WorldSize)
            throw new UsageException($"the launcher ({Information.Launcher}) started {Information.LauncherSize} ranks but " +
                $"{Information.Path} ({Information.LibraryVersion.Split(',')[0]}) sees {WorldSize}: launch with that library's own mpiexec, or set SORA_MPI to the launcher's library");
        if (Information.ThreadLevel < asked)
            throw new UsageException($"{Information.Path} provides thread level {Information.ThreadLevel}, asked was {asked}: ask for less, or use a library built for it");
    }

    private void Name(string name)
    {
        byte* text = stackalloc byte[64];
        text[System.Text.Encoding.UTF8.GetBytes(name, new Span<byte>(text, 63))] = 0;
        _ = Functions.CommSetName(Abi.Self, text);
    }

    private string ReadProcessorName()
    {
        byte* name = stackalloc byte[256];
        int length;
        Errors.Check(Functions.GetProcessorName(name, &length), "Get_processor_name");
        return Marshal.PtrToStringUTF8((nint)name) ?? "";
    }

    private int ReadLargestTag()
    {
        int* value;
        int found;
        Errors.Check(Functions.CommGetAttr(Abi.World, Abi.LargestTagKey, (void**)&value, &found), "Comm_get_attr");
        return found != 0 ? *value : 32767;             // the least the standard promises
    }
}

/// <summary>A communicator or window: told when MPI is gone, so that later calls fail cleanly.</summary>
internal interface IMpiObject
{
    void Invalidate();
}
