using SoraHpc.Communication;

namespace SoraHpc.Storage.Hdf5;

/// <summary>Opens and creates files in each of the ways of access. Collective.</summary>
internal static unsafe class Opening
{
    private const uint ReadOnly = 0, Truncate = 2;            // H5F_ACC_RDONLY, H5F_ACC_TRUNC
    private const uint OrderTrackedAndIndexed = 1 | 2;        // H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED

    internal static void ForReading(OpenFile file)
    {
        switch (file.Access)
        {
            case Hdf5Access.Alone:
                CheckReadable(file);
                OpenHere(file);
                break;
            case Hdf5Access.EachRankReads:
                SharedFailure.AllAct(file.Communicator!, () => { CheckReadable(file); OpenHere(file); });
                break;
            case Hdf5Access.SharedInProcess:
                SharedFailure.RootActs(file.Communicator!, () => { CheckReadable(file); OpenHere(file); });
                Share(file);
                break;
            default:
                SharedFailure.RootActs(file.Communicator!, () => CheckReadable(file));
                Together(file, () => OpenHere(file));
                break;
        }
    }

    internal static void ForWriting(OpenFile file, string path)
    {
        switch (file.Access)
        {
            case Hdf5Access.Alone:
                CreateHere(file, path);
                break;
            case Hdf5Access.SharedInProcess:
                SharedFailure.RootActs(file.Communicator!, () => CreateHere(file, path));
                Share(file);
                break;
            default:
                Together(file, () => CreateHere(file, path));
                break;
        }
    }

    /// <summary>Every rank but the first takes identifiers of its own of the file that rank 0 opened.</summary>
    private static void Share(OpenFile file)
    {
        long opened = file.Communicator!.Broadcast(file.Id);
        if (!file.IsRoot)
            using (file.Library.Enter())
                file.Opened(file.Check(file.H5.H5Freopen(opened), null));
        // Rank 0 may close its identifier only when all have theirs.
        file.Communicator.Barrier();
    }

    private static void Together(OpenFile file, Action open)
    {
        try
        {
            SharedFailure.AllAct(file.Communicator!, open);
        }
        catch
        {
            file.Abandon();
            throw;
        }
    }

    private static void OpenHere(OpenFile file)
    {
        using Hdf5Entry entered = file.EnterLibrary();
        long access = AccessList(file);
        long id;
        fixed (byte* name = Text.ToUtf8(file.Name))
            id = file.Check(file.H5.H5Fopen(name, ReadOnly, access), null);
        file.Opened(id);
        _ = file.H5.H5Pclose(access);
    }

    private static void CreateHere(OpenFile file, string path)
    {
        using Hdf5Entry entered = file.EnterLibrary();
        long creation = file.Check(file.H5.H5Pcreate(file.Library.Types.FileCreate), null), access = AccessList(file);
        // NetCDF-4 shows variables and attributes in the order in which they were made.
        file.Check(file.H5.H5Pset_link_creation_order(creation, OrderTrackedAndIndexed), null);
        file.Check(file.H5.H5Pset_attr_creation_order(creation, OrderTrackedAndIndexed), null);
        long id;
        fixed (byte* name = Text.ToUtf8(path))
            id = file.Check(file.H5.H5Fcreate(name, Truncate, creation, access), null);
        file.Opened(id);
        _ = file.H5.H5Pclose(access);
        _ = file.H5.H5Pclose(creation);
    }

    private static long AccessList(OpenFile file)
    {
        long list = file.Check(file.H5.H5Pcreate(file.Library.Types.FileAccess), null);
        if (file.Access != Hdf5Access.MpiIo)
            return list;
        file.Check(file.H5.H5Pset_fapl_mpio(list, file.Communicator!.NativeHandle, LiveMpi.Find()!.NoInformation), null);
        if (file.H5.H5Pset_coll_metadata_write is not null)
            file.Check(file.H5.H5Pset_coll_metadata_write(list, 1), null);
        return list;
    }

    /// <summary>What HDF5 would say in its own words, said in the user's: missing, unreadable, another format.</summary>
    private static void CheckReadable(OpenFile file)
    {
        if (!File.Exists(file.Name))
            throw file.Error(null, Directory.Exists(file.Name) ? "it is a directory; name a file" : "there is no such file: check its name and the directory it is looked for in");
        Span<byte> head = stackalloc byte[8];
        try
        {
            using FileStream stream = new(file.Name, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
            head = head[..stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)];
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw file.Error(null, $"cannot be read: {failure.Message}");
        }
        using Lock.Scope entered = file.Library.Enter();
        fixed (byte* name = Text.ToUtf8(file.Name))
            if (file.H5.H5Fis_hdf5(name) <= 0)
                throw file.Error(null, head.Length == 0 ? "the file is empty"
                    : head.StartsWith("CDF"u8) ? "it is a NetCDF-3 file, not HDF5; convert it with nccopy -k nc4"
                    : "it is not an HDF5 file, or its beginning is damaged");
    }
}
