namespace SoraHpc.Storage;

/// <summary>Which MPI a build of libhdf5 was compiled against.</summary>
public enum Hdf5Flavour
{
    /// <summary>None: one process writes a file.</summary>
    Serial,
    /// <summary>Open MPI.</summary>
    OpenMpi,
    /// <summary>MPICH or one of its ABI family.</summary>
    Mpich,
}

/// <summary>One libhdf5 on this machine.</summary>
/// <param name="Path">The file.</param>
/// <param name="Flavour">The MPI it was compiled against.</param>
public sealed record Hdf5Build(string Path, Hdf5Flavour Flavour);
