using SoraHpc.Communication;
using SoraHpc.Storage;

namespace SoraHpc.Cli.Doctor;

/// <summary>Which libhdf5 a run would use, and whether it is the one that belongs to the MPI.</summary>
internal static class Hdf5Check
{
    internal static IEnumerable<Finding> Run(Communicator communicator)
    {
        Hdf5Information found = Hdf5Information.Read();
        yield return Library(found, communicator.Transport);
        Hdf5Flavour[] others = [.. found.Found.Select(build => build.Flavour).Where(flavour => flavour != found.Flavour).Distinct().Order()];
        if (others.Length > 0)
            yield return new(Severity.Ok, "HDF5", $"also installed: {string.Join(", ", others)}");
    }

    internal static Finding Library(Hdf5Information found, Transport transport)
    {
        if (found.Path is null)
            return new(Severity.Error, "HDF5", found.Reason);
        string text = $"{found.Version} ({found.Flavour}): {found.Path}";
        return transport == Transport.Threads ? new(Severity.Ok, "HDF5", $"{text}; one process writes, so no MPI-IO is needed")
            : found.HasMpiIo ? new(Severity.Ok, "HDF5", $"{text}; all ranks write one file together")
            : new(Severity.Warning, "HDF5", $"{text}; every rank reads by itself, but none can write one file with the others", found.Reason);
    }
}
