using System.Runtime.InteropServices;

namespace SoraHpc.Storage.Hdf5;

/// <summary>The one libhdf5 of this process: chosen to match the live MPI, loaded once, entered by one thread at a time.</summary>
internal sealed unsafe class Hdf5Library
{
    // libhdf5 keeps its state in globals and two flavours share their symbol names, so a process can hold only one;
    // these two fields say what is true of the process anyway.
    private static readonly Lock Gate = new();
    private static Hdf5Library? loaded;

    private Hdf5Library(Hdf5Build build, string reason)
    {
        (Build, Reason) = (build, reason);
        try
        {
            nint handle = NativeLibrary.Load(build.Path);
            (H5, Types) = (new Hdf5Functions(handle), new Hdf5Types(handle));
        }
        catch (Exception failure) when (failure is DllNotFoundException or BadImageFormatException or EntryPointNotFoundException)
        {
            throw new Hdf5Exception($"{build.Path} is not a usable libhdf5: {failure.Message.ReplaceLineEndings(" ")}", failure);
        }
        // Nothing of HDF5 may run at process exit, after MPI is gone: files are closed by Dispose.
        _ = H5.H5dont_atexit();
    }

    internal Hdf5Build Build { get; }

    /// <summary>Why this build and no other, for people.</summary>
    internal string Reason { get; }

    internal Hdf5Functions H5 { get; }

    internal Hdf5Types Types { get; }

    /// <summary>The build has MPI-IO and its MPI is the live one.</summary>
    internal bool HasMpiIo => H5.H5Pset_fapl_mpio is not null && LiveMpi.Find()?.Flavour == Build.Flavour;

    /// <summary>The process's library, loaded at the first call. With MPI, the world must be open by then.</summary>
    /// <exception cref="Hdf5Exception">No libhdf5 on this machine.</exception>
    internal static Hdf5Library Load()
    {
        using (Gate.EnterScope())
        {
            loaded ??= Choose(LiveMpi.Find(), Hdf5Search.Find());
            _ = loaded.H5.H5open();
            return loaded;
        }
    }

    /// <summary>Takes the process-wide lock: neither parallel build is thread-safe. Never communicate inside it.</summary>
    internal Lock.Scope Enter()
    {
        Lock.Scope scope = Gate.EnterScope();
        // A thread-safe build has an error stack per thread, and each starts out printing.
        _ = H5.H5Eset_auto2(0, 0, 0);
        return scope;
    }

    /// <summary>Why processes cannot write together with the library in use, and what to do about it.</summary>
    internal string WhyNoMpiIo()
    {
        Hdf5Flavour wanted = LiveMpi.Find()?.Flavour ?? Hdf5Flavour.OpenMpi;
        return Hdf5Search.Find().Any(build => build.Flavour == wanted)
            ? $"the process loaded {Build.Path} before its MPI was live; open the MPI world first"
            : $"{Build.Path} has no MPI-IO for the live MPI; {HowToInstall(wanted)}";
    }

    /// <summary>The package that a build of this flavour comes in, as an instruction.</summary>
    internal static string HowToInstall(Hdf5Flavour flavour) => flavour switch
    {
        Hdf5Flavour.OpenMpi => "install HDF5 built with Open MPI (Debian 12: apt install libhdf5-openmpi-103-1)",
        Hdf5Flavour.Mpich => "install HDF5 built with MPICH (Debian 12: apt install libhdf5-mpich-103-1)",
        _ => "install HDF5 (Debian 12: apt install libhdf5-103-1)",
    };

    private static Hdf5Library Choose(LiveMpi? mpi, IReadOnlyList<Hdf5Build> builds)
    {
        if (builds.Count == 0)
            throw new Hdf5Exception($"no libhdf5 on this machine; {HowToInstall(mpi?.Flavour ?? Hdf5Flavour.Serial)}");
        Hdf5Flavour wanted = mpi?.Flavour ?? Hdf5Flavour.Serial;
        string live = mpi is null ? "no MPI is live" : $"the live MPI is {mpi.Path}";
        if (builds.FirstOrDefault(build => build.Flavour == wanted) is { } match)
            return new Hdf5Library(match, live);
        if (builds.FirstOrDefault(build => build.Flavour == Hdf5Flavour.Serial) is { } serial)
            return new Hdf5Library(serial, $"{live}, no build for it was found; {HowToInstall(wanted)}");
        if (mpi is null)
            return new Hdf5Library(builds[0], $"{live} and no serial build was found; a parallel one is used by one process alone");
        throw new Hdf5Exception($"{live}, but there is only {builds[0].Path} for another MPI; {HowToInstall(wanted)}");
    }
}
