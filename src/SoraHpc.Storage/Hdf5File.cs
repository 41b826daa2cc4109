using System.Runtime.InteropServices;
using SoraHpc.Communication;
using SoraHpc.Diagnostics;
using SoraHpc.Storage.Hdf5;

namespace SoraHpc.Storage;

/// <summary>
/// An HDF5 file, opened by one rank or by all ranks of a communicator. <see cref="Open"/>, <see cref="Create"/>, <see cref="Commit"/>
/// and <see cref="Dispose"/> are collective; when one fails, it fails with the same message on every rank.
/// A file that is created comes into being under a name of its own and takes its place, over an older one, only in
/// <see cref="Commit"/>: a run that fails leaves the older file as it was.
/// </summary>
public sealed class Hdf5File : Hdf5Group, IDisposable
{
    /// <summary>How long a failing rank waits for the others to fail too, before its failure ends the world.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly PartialFile? partial;

    private Hdf5File(OpenFile container, PartialFile? partial) : base(container, "/") => this.partial = partial;

    /// <summary>The path as given.</summary>
    public string FileName => Container.Name;

    /// <summary>Opens a file for reading. Collective.</summary>
    /// <param name="path">An HDF5 (or NetCDF-4) file that every rank can see.</param>
    /// <param name="communicator">The ranks that open it together; null: this rank alone.</param>
    /// <exception cref="Hdf5Exception">It is missing, not readable, not HDF5, or truncated.</exception>
    public static Hdf5File Open(string path, Communicator? communicator = null)
    {
        Hdf5Library library = Hdf5Library.Load();
        OpenFile file = new(library, Hdf5AccessChoice.For(communicator, library), communicator, path, isWritable: false);
        Opening.ForReading(file);
        return new Hdf5File(file, null);
    }

    /// <summary>Starts a new file, written beside its place until <see cref="Commit"/>. Collective.</summary>
    /// <param name="path">Where it will be; the directory exists and is writable.</param>
    /// <param name="communicator">The ranks that write it together; null: this rank alone.</param>
    /// <exception cref="Hdf5Exception">The directory is missing or not writable, or several processes would write without MPI-IO.</exception>
    public static Hdf5File Create(string path, Communicator? communicator = null)
    {
        Hdf5Library library = Hdf5Library.Load();
        OpenFile file = new(library, Hdf5AccessChoice.For(communicator, library), communicator, path, isWritable: true);
        if (file.Access == Hdf5Access.EachRankReads)
            throw file.Error(null, $"{communicator!.Size} processes cannot write one file: {library.WhyNoMpiIo()}");
        PartialFile partial = PartialFile.Start(file);
        try
        {
            Opening.ForWriting(file, partial.Path);
        }
        catch
        {
            partial.Delete(isFailing: true);
            throw;
        }
        return new Hdf5File(file, partial);
    }

    /// <summary>Closes a created file and puts it in its place. After this the file and its datasets are closed. Collective.</summary>
    /// <exception cref="Hdf5Exception">Something could not be written; the older file is still there.</exception>
    public void Commit()
    {
        if (partial is null)
            throw Container.Error(null, "the file is open for reading only");
        ObjectDisposedException.ThrowIf(!Container.IsOpen, this);
        if (Container.Communicator is { Size: > 1 } communicator)
            SharedFailure.AllAct(communicator, Container.Close);
        else
            Container.Close();
        partial.TakePlace();
    }

    /// <summary>Closes the file; a created one that was not committed is deleted. Collective under MPI-IO. A rank through which an
    /// exception is passing waits one second for the others, then leaves without closing: they may never come.</summary>
    public void Dispose()
    {
        bool isUnwinding = Marshal.GetExceptionPointers() != 0;
        try
        {
            if (Container.IsOpen && Container.AllHaveCome(isUnwinding ? Patience : null))
                Container.Close();
            else
                Container.Abandon();
        }
        catch (SoraException)
        {
            // Nothing is lost that was promised: what was read is read, and what was written was not committed. Where the world is
            // failing already, the first failure is the one to report.
            Container.Abandon();
        }
        partial?.Delete(isUnwinding);
    }
}
