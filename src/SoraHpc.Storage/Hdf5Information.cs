using SoraHpc.Storage.Hdf5;

namespace SoraHpc.Storage;

/// <summary>What the storage layer found on this machine, for people: which libhdf5 it uses and why.</summary>
/// <param name="Path">The library in use; null when there is none.</param>
/// <param name="Version">Its version, "1.10.8"; null when there is none.</param>
/// <param name="Flavour">The MPI it was compiled against.</param>
/// <param name="HasMpiIo">All ranks of the live MPI can write one file together.</param>
/// <param name="IsThreadSafe">The build's own claim; calls are made one at a time either way.</param>
/// <param name="Reason">Why this one, and what to install for a better one.</param>
/// <param name="Found">Every build on the loader's path.</param>
public sealed record Hdf5Information(
    string? Path, string? Version, Hdf5Flavour Flavour, bool HasMpiIo, bool IsThreadSafe, string Reason, IReadOnlyList<Hdf5Build> Found)
{
    /// <summary>Loads the library as opening a file would, and tells what it is. Under MPI, call it while the world is open. Does not throw
    /// when there is no library: then <see cref="Path"/> is null and <see cref="Reason"/> says what to install.</summary>
    public static unsafe Hdf5Information Read()
    {
        IReadOnlyList<Hdf5Build> found = Hdf5Search.Find();
        try
        {
            Hdf5Library library = Hdf5Library.Load();
            using Lock.Scope entered = library.Enter();
            uint major, minor, release;
            _ = library.H5.H5get_libversion(&major, &minor, &release);
            byte threadSafe = 0;
            if (library.H5.H5is_library_threadsafe is not null)
                _ = library.H5.H5is_library_threadsafe(&threadSafe);
            return new(library.Build.Path, $"{major}.{minor}.{release}", library.Build.Flavour, library.HasMpiIo, threadSafe != 0, library.Reason, found);
        }
        catch (Hdf5Exception missing)
        {
            return new(null, null, Hdf5Flavour.Serial, false, false, missing.Message, found);
        }
    }

    /// <summary>One line: path, version, access, reason.</summary>
    public override string ToString() => Path is null
        ? $"HDF5: none; {Reason}"
        : $"HDF5 {Version}: {Path} ({(HasMpiIo ? "parallel, MPI-IO" : "one process writes a file")}; {Reason})";
}
