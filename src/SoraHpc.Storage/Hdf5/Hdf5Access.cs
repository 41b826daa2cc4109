using SoraHpc.Communication;

namespace SoraHpc.Storage.Hdf5;

/// <summary>How the ranks of a communicator get at one file.</summary>
internal enum Hdf5Access
{
    /// <summary>One rank, no partner.</summary>
    Alone,
    /// <summary>Ranks are threads of this process: each has its own identifiers of the same open file; rank 0 changes metadata.</summary>
    SharedInProcess,
    /// <summary>Ranks are processes and the library has their MPI's MPI-IO.</summary>
    MpiIo,
    /// <summary>Ranks are processes but the library has no MPI-IO: every rank opens the file by itself, for reading only.</summary>
    EachRankReads,
}

internal static class Hdf5AccessChoice
{
    internal static Hdf5Access For(Communicator? communicator, Hdf5Library library) => communicator switch
    {
        null or { Size: 1 } => Hdf5Access.Alone,
        { Transport: Transport.Threads } => Hdf5Access.SharedInProcess,
        _ when library.HasMpiIo => Hdf5Access.MpiIo,
        _ => Hdf5Access.EachRankReads,
    };
}
