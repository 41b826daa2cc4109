using SoraHpc.Communication;

namespace SoraHpc.Storage.Hdf5;

/// <summary>A thread's stay in libhdf5, for an open file: the library's lock, and under MPI-IO the word that it calls MPI by itself. Left by disposing.</summary>
internal readonly ref struct Hdf5Entry
{
    private readonly Lock.Scope scope;
    private readonly ForeignCall foreign;

    /// <param name="communicator">The ranks that call together; null where each calls for itself.</param>
    internal Hdf5Entry(Hdf5Library library, Communicator? communicator)
    {
        scope = library.Enter();
        foreign = communicator is null ? default : communicator.EnterForeign("parallel HDF5");
    }

    public void Dispose()
    {
        foreign.Dispose();
        scope.Dispose();
    }
}
