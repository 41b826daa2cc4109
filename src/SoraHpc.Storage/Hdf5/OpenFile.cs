using System.Diagnostics;
using System.Runtime.CompilerServices;
using SoraHpc.Communication;
using SoraHpc.Diagnostics;

namespace SoraHpc.Storage.Hdf5;

/// <summary>One rank's hold on an open file: its identifier, the identifiers made from it, and how the ranks act together.</summary>
internal sealed unsafe class OpenFile
{
    private const int ObjectReference = 0;   // H5R_OBJECT
    private readonly HashSet<long> children = [];
    private readonly Dictionary<Type, long> structTypes = [];
    private readonly Communicator? gate;
    private long collectiveTransfer;

    internal OpenFile(Hdf5Library library, Hdf5Access access, Communicator? communicator, string name, bool isWritable)
    {
        (Library, Access, Communicator, Name, IsWritable) = (library, access, communicator, name, isWritable);
        // Meeting at the end must not meet another collective of the caller.
        gate = access == Hdf5Access.MpiIo ? communicator!.Duplicate() : null;
    }

    internal Hdf5Library Library { get; }
    internal Hdf5Functions H5 => Library.H5;
    internal Hdf5Access Access { get; }
    internal Communicator? Communicator { get; }

    /// <summary>The path as the user gave it.</summary>
    internal string Name { get; }
    internal bool IsWritable { get; }
    internal bool IsOpen => Id > 0;
    internal long Id { get; private set; }

    /// <summary>This rank answers for what must be done once.</summary>
    internal bool IsRoot => Communicator?.IsRoot ?? true;

    internal void Opened(long id) => Id = id;

    /// <summary>Takes the library's lock, with the file open.</summary>
    internal Hdf5Entry Enter()
    {
        ObjectDisposedException.ThrowIf(!IsOpen, typeof(Hdf5File));
        return EnterLibrary();
    }

    /// <summary>As <see cref="Enter"/>, whether the file is open or not.</summary>
    internal Hdf5Entry EnterLibrary() => new(Library, Access == Hdf5Access.MpiIo ? Communicator : null);

    // ---- errors ----

    /// <summary>A negative result becomes an exception that names the file, the object, the cause and the call.</summary>
    internal long Check(long result, string? item, [CallerArgumentExpression(nameof(result))] string call = "")
    {
        if (result < 0)
            throw Failed(item, call);
        return result;
    }

    private Hdf5Exception Failed(string? item, string call)
    {
        string function = call[(call.LastIndexOf('.', call.IndexOf('(')) + 1)..call.IndexOf('(')];
        return new Hdf5Exception(Name, item, $"{Hdf5ErrorStack.RootCause(H5)} ({function})");
    }

    internal Hdf5Exception Error(string? item, string cause) => new(Name, item, cause);

    // ---- acting together ----

    /// <summary>Changes metadata: every rank under MPI-IO, rank 0 where the file is shared in the process. Collective.</summary>
    internal void Change(string? item, Action change)
    {
        if (!IsWritable)
            throw Error(item, "the file is open for reading only");
        if (Access == Hdf5Access.SharedInProcess)
            SharedFailure.RootActs(Communicator!, change);
        else
            change();
    }

    /// <summary>The list for a transfer of this mode; 0 is the default list.</summary>
    internal long Transfer(TransferMode mode)
    {
        if (Access != Hdf5Access.MpiIo || mode == TransferMode.Independent)
            return 0;
        if (collectiveTransfer == 0)
        {
            const int collective = 1;        // H5FD_MPIO_COLLECTIVE
            collectiveTransfer = Track(Check(H5.H5Pcreate(Library.Types.Transfer), null));
            Check(H5.H5Pset_dxpl_mpio(collectiveTransfer, collective), null);
        }
        return collectiveTransfer;
    }

    /// <summary>The memory type of a struct, made once per file.</summary>
    internal long StructType(Type type, Func<long> make)
    {
        if (!structTypes.TryGetValue(type, out long id))
            structTypes[type] = id = Track(make());
        return id;
    }

    /// <summary>The name of the object a stored reference points at; null when it points nowhere. Inside <see cref="Enter"/>.</summary>
    internal string? NameOf(void* reference)
    {
        long target = H5.H5Rdereference2(Id, 0, ObjectReference, reference);
        if (target < 0)
            return null;
        byte* name = stackalloc byte[1024];
        nint length = H5.H5Iget_name(target, name, 1024);
        _ = H5.H5Idec_ref(target);
        return length > 0 ? Text.FromUtf8(name, 1024) : null;
    }

    // ---- identifiers ----

    /// <summary>Remembers an identifier until <see cref="Release"/> or the file's end.</summary>
    internal long Track(long id)
    {
        children.Add(id);
        return id;
    }

    internal void Release(long id)
    {
        if (!children.Remove(id))
            return;
        using Hdf5Entry entered = EnterLibrary();
        _ = H5.H5Idec_ref(id);
    }

    /// <summary>Closes every identifier of this rank, the file last: MPI-IO refuses to close a file with open objects. Collective under MPI-IO.</summary>
    internal void Close()
    {
        if (!IsOpen)
            return;
        using Hdf5Entry entered = EnterLibrary();
        foreach (long child in children)
            _ = H5.H5Idec_ref(child);
        children.Clear();
        long id = Id;
        Id = 0;
        Check(H5.H5Fclose(id), null);
        gate?.Dispose();
    }

    /// <summary>Waits under MPI-IO until every rank has come to close the file; false when they have not come in time.</summary>
    /// <param name="patience">Null: as long as it takes.</param>
    internal bool AllHaveCome(TimeSpan? patience)
    {
        if (gate is null)
            return true;
        Request arrival = gate.StartBarrier();
        if (patience is null)
        {
            arrival.Wait();
            return true;
        }
        var waited = Stopwatch.StartNew();
        while (!arrival.Test(out _))
        {
            if (waited.Elapsed > patience)
                return false;
            Thread.Sleep(1);
        }
        return true;
    }

    /// <summary>Forgets the file without a call of the library. For a rank whose partners do not come: its world is about to be aborted.</summary>
    internal void Abandon() => Id = 0;
}
