using System.Runtime.InteropServices;

namespace SoraHpc.Storage.Hdf5;

/// <summary>The MPI that this process has loaded and initialised.</summary>
/// <param name="Flavour">Which family.</param>
/// <param name="Path">The file it was loaded from.</param>
internal sealed unsafe record LiveMpi(Hdf5Flavour Flavour, string Path)
{
    /// <summary>Null when no MPI is loaded, or it is not initialised, or it is finalised already.</summary>
    internal static LiveMpi? Find()
    {
        const string maps = "/proc/self/maps";
        if (!File.Exists(maps))
            return null;
        foreach (string line in File.ReadLines(maps))
            if (line.IndexOf('/') is >= 0 and int at && FlavourOf(line[at..]) is Hdf5Flavour flavour && IsRunning(line[at..]))
                return new LiveMpi(flavour, line[at..]);
        return null;
    }

    /// <summary>MPI_INFO_NULL: the address of a global in Open MPI, a number in the MPICH family. Source: each mpi.h.</summary>
    internal nint NoInformation => Flavour == Hdf5Flavour.Mpich ? 0x1c000000 : NativeLibrary.GetExport(NativeLibrary.Load(Path), "ompi_mpi_info_null");

    private static Hdf5Flavour? FlavourOf(string path) => System.IO.Path.GetFileName(path) switch
    {
        string name when name.StartsWith("libmpi.so.40", StringComparison.Ordinal) => Hdf5Flavour.OpenMpi,
        string name when name.StartsWith("libmpich.so.12", StringComparison.Ordinal) => Hdf5Flavour.Mpich,
        string name when name.StartsWith("libmpi.so.12", StringComparison.Ordinal) => Hdf5Flavour.Mpich,
        _ => null,
    };

    // The standard allows both questions at any time, from any thread.
    private static bool IsRunning(string path)
    {
        nint library = NativeLibrary.Load(path);
        int initialised = 0, finalised = 0;
        _ = ((delegate* unmanaged<int*, int>)NativeLibrary.GetExport(library, "MPI_Initialized"))(&initialised);
        _ = ((delegate* unmanaged<int*, int>)NativeLibrary.GetExport(library, "MPI_Finalized"))(&finalised);
        NativeLibrary.Free(library);
        return initialised != 0 && finalised == 0;
    }
}
