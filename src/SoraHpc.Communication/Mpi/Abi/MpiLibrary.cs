using System.Runtime.InteropServices;
using SoraHpc.Diagnostics;

namespace SoraHpc.Communication.Mpi.Abi;

/// <summary>The system's MPI: found, loaded, identified or refused by name.</summary>
internal sealed unsafe class MpiLibrary
{
    private static readonly string[] OpenMpiNames = ["libmpi.so.40"];
    private static readonly string[] MpichNames = ["libmpich.so.12", "libmpi.so.12"];
    private static readonly string[] OtherNames = ["libmpi.so", "libmpich.so"];

    private MpiLibrary(nint handle, string requested, bool survives)
    {
        void* version = NativeLibrary.TryGetExport(handle, "MPI_Get_library_version", out nint address) ? (void*)address
            : throw new UsageException($"{requested} is not an MPI library (it exports no MPI_Get_library_version): name Open MPI or MPICH");
        Path = DynamicLoader.FileOf(version) is { Length: > 0 } file ? file : requested;
        Version = ReadVersion((delegate* unmanaged[Cdecl]<byte*, int*, int>)version);
        MpiSymbols symbols = new(handle, Path);
        Abi = Identify(Version, symbols.Optional("ompi_mpi_comm_world") is not null) switch
        {
            MpiFamily.OpenMpi => OpenMpiAbi.Create(symbols),
            MpiFamily.Mpich => MpichAbi.Create(symbols),
            _ => throw new UsageException($"{Path} is \"{Version}\", which SoraHpc cannot call: use Open MPI or a library of the MPICH family"),
        };
        Functions = Own = new(symbols);
        if (survives)
        {
            SurvivingCalls = new(Own);
            Functions = new(symbols.With(SurvivingCalls.Replacements));
        }
        int major, minor;
        _ = Functions.GetVersion(&major, &minor);
        StandardVersion = $"{major}.{minor}";
    }

    /// <summary>The file, symbolic links resolved.</summary>
    internal string Path { get; }

    /// <summary>First line of MPI_Get_library_version.</summary>
    internal string Version { get; }

    /// <summary>"3.1" …</summary>
    internal string StandardVersion { get; }

    internal MpiAbi Abi { get; }
    /// <summary>What SoraHpc calls.</summary>
    internal MpiFunctions Functions { get; }

    /// <summary>The library's own, none replaced.</summary>
    internal MpiFunctions Own { get; }

    /// <summary>What replaces some of them in a run that survives deaths; else null.</summary>
    internal SurvivingCalls? SurvivingCalls { get; }

    /// <summary>Loads the library named explicitly (a path, a file name, "openmpi", "mpich"; or the variable SORA_MPI), else the one
    /// the launcher belongs to, else the one already in the process, else the first of the usual names.</summary>
    /// <param name="survives">Whether no call is to wait for the dead.</param>
    internal static MpiLibrary Load(string? name, LaunchEnvironment launch, bool survives = false)
    {
        PrepareEnvironment(survives);
        name ??= Environment.GetEnvironmentVariable("SORA_MPI") is { Length: > 0 } variable ? variable : null;
        string[] candidates = name is not null ? NamesOf(name) : Candidates(launch);
        string firstError = "";
        foreach (string candidate in candidates)
        {
            nint handle = DynamicLoader.Load(candidate, out string error);
            if (handle != 0)
                return new MpiLibrary(handle, candidate, survives);
            firstError = firstError.Length == 0 ? error : firstError;
        }
        throw name is not null
            ? new UsageException($"the MPI library \"{name}\" cannot be loaded: {firstError}")
            : new CommunicationException($"no MPI library found (tried {string.Join(", ", candidates.Distinct())}): " +
                "install Open MPI or MPICH, or set SORA_MPI to its path", "World.Run", -1, ErrorClass.Unsupported);
    }

    // What a library must find in the C environment when it is loaded.
    private static void PrepareEnvironment(bool survives)
    {
        // UCX, under MPICH, would take over SIGSEGV and SIGFPE, which the runtime turns into NullReferenceException and
        // DivideByZeroException: the next one, even caught, would kill the process.
        DynamicLoader.SetEnvironment("UCX_ERROR_SIGNALS", "", overwrite: true);
        // Open MPI 4.1 crashes in MPI_Compare_and_swap between ranks of a node when its windows go through osc/rdma (priority 101);
        // below 100, osc/sm serves windows inside a node, with the processor's own atomics. The user's own choice stands.
        DynamicLoader.SetEnvironment("OMPI_MCA_osc_rdma_priority", "90", overwrite: false);
        // Open MPI's launcher removes files of the node when a rank dies; what needs them for shared file pointers, which nobody uses here,
        // would complain with every file opened afterwards.
        if (survives)
            DynamicLoader.SetEnvironment("OMPI_MCA_sharedfp", "^sm", overwrite: false);
    }

    private static string[] NamesOf(string name) => name.ToLowerInvariant() switch
    {
        "openmpi" => [.. OpenMpiNames, "libmpi.so"],
        "mpich" => [.. MpichNames, "libmpich.so"],
        _ => [name],
    };

    private static string[] Candidates(LaunchEnvironment launch)
    {
        string[] usual = [.. OpenMpiNames, .. MpichNames, .. OtherNames];
        string[] launchers = launch.Library is { } library ? NamesOf(library) : [];
        return [.. launchers, .. usual.Where(DynamicLoader.IsLoaded), .. usual];
    }

    /// <summary>Which constants a library follows, from its own description; unknown ones are refused, never guessed.</summary>
    internal static MpiFamily Identify(string version, bool hasOpenMpiObjects)
    {
        if (hasOpenMpiObjects && version.StartsWith("Open MPI", StringComparison.Ordinal))
            return MpiFamily.OpenMpi;
        string[] mpichDescriptions = ["MPICH", "Intel(R) MPI", "MVAPICH", "CRAY MPICH", "ParaStation"];
        return !hasOpenMpiObjects && mpichDescriptions.Any(known => version.StartsWith(known, StringComparison.OrdinalIgnoreCase))
            ? MpiFamily.Mpich
            : MpiFamily.Unknown;
    }

    private static string ReadVersion(delegate* unmanaged[Cdecl]<byte*, int*, int> read)
    {
        byte* text = stackalloc byte[8192];             // the largest MPI_MAX_LIBRARY_VERSION_STRING of all ABIs
        int length;
        _ = read(text, &length);
        string all = Marshal.PtrToStringUTF8((nint)text) ?? "";
        return all.Split('\n', 2)[0].Replace('\t', ' ').Trim();
    }
}

/// <summary>Libraries that share constants and layouts.</summary>
internal enum MpiFamily { Unknown, OpenMpi, Mpich }
