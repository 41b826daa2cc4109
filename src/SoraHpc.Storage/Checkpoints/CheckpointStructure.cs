using Microsoft.Win32.SafeHandles;
using SoraHpc.Communication;
using SoraHpc.Storage.Hdf5;

namespace SoraHpc.Storage.Checkpoints;

/// <summary>Gives a new checkpoint file its shape: room for the preamble and for every array. By one rank alone.</summary>
internal static unsafe class CheckpointStructure
{
    private const uint Truncate = 2;                          // H5F_ACC_TRUNC
    private const int AllocateEarly = 1, FillNever = 1;       // H5D_ALLOC_TIME_EARLY, H5D_FILL_TIME_NEVER

    /// <summary>Arrays begin on a page's boundary.</summary>
    private const int Alignment = 4096;

    private const int LargestPiece = 1 << 20;

    /// <summary>As HDF5: contiguous datasets whose places are known before a number is written, so that ranks need neither HDF5 nor MPI to fill them.</summary>
    internal static CheckpointArray[] MakeHdf5(string path, IReadOnlyList<CheckpointArray> arrays, CheckpointHeader header, int preambleBytes)
    {
        Hdf5Library library = Hdf5Library.Load();
        OpenFile file = new(library, Hdf5Access.Alone, null, path, isWritable: true);
        using Lock.Scope entered = library.Enter();
        Create(file, path, (ulong)preambleBytes);
        try
        {
            Hdf5Group root = new(file, "/");
            root.Attributes.WriteString("job", header.Job);
            root.Attributes.Write("fingerprint", header.Fingerprint);
            root.Attributes.Write("step", header.Step);
            root.Attributes.Write("time", header.Time);
            return [.. arrays.Select(array => array with { Offset = Add(file, root, array) })];
        }
        finally
        {
            file.Close();
        }
    }

    /// <summary>Without HDF5, for encrypted files: the arrays one after the other.</summary>
    internal static CheckpointArray[] MakePlain(string path, IReadOnlyList<CheckpointArray> arrays, int preambleBytes)
    {
        long at = preambleBytes;
        CheckpointArray[] placed = new CheckpointArray[arrays.Count];
        for (int i = 0; i < placed.Length; i++)
        {
            placed[i] = arrays[i] with { Offset = arrays[i].Elements > 0 ? at : 0 };
            at += (arrays[i].Bytes + Alignment - 1) / Alignment * Alignment;
        }
        using FileStream stream = new(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        stream.SetLength(at);
        return placed;
    }

    /// <summary>Of everything in the file that is neither preamble nor array.</summary>
    internal static ulong HashOf(SafeFileHandle file, Preamble preamble)
    {
        ulong hash = 0;
        foreach ((_, byte[] bytes) in PiecesOf(file, preamble))
            hash = XxHash64.Of(bytes, hash);
        return hash;
    }

    /// <summary>Copies everything that is neither preamble nor array into a file that then has the same length and the same arrays, of any content.</summary>
    internal static void Copy(SafeFileHandle from, SafeFileHandle to, Preamble preamble)
    {
        RandomAccess.SetLength(to, preamble.FileBytes);
        foreach ((long at, byte[] bytes) in PiecesOf(from, preamble))
            RandomAccess.Write(to, bytes, at);
    }

    private static IEnumerable<(long Offset, byte[] Bytes)> PiecesOf(SafeFileHandle file, Preamble preamble)
    {
        long at = preamble.Length;
        foreach (CheckpointArray array in preamble.Arrays.Where(array => array.Elements > 0).OrderBy(array => array.Offset)
            .Append(new("", ElementKind.UInt8, 1, [0], preamble.FileBytes)))
        {
            if (array.Offset < at || array.Offset > preamble.FileBytes)
                throw new DamagedException("its arrays lie over each other");
            while (at < array.Offset)
            {
                byte[] piece = new byte[Math.Min(array.Offset - at, LargestPiece)];
                if (!Disk.TryRead(file, piece, at))
                    throw new DamagedException("it ends too early");
                yield return (at, piece);
                at += piece.Length;
            }
            at += array.Bytes;
        }
    }

    private static void Create(OpenFile file, string path, ulong preambleBytes)
    {
        Hdf5Functions h5 = file.H5;
        long creation = file.Check(h5.H5Pcreate(file.Library.Types.FileCreate), null), access = file.Check(h5.H5Pcreate(file.Library.Types.FileAccess), null);
        file.Check(h5.H5Pset_userblock(creation, preambleBytes), null);
        file.Check(h5.H5Pset_alignment(access, Alignment, Alignment), null);
        fixed (byte* name = Text.ToUtf8(path))
            file.Opened(file.Check(h5.H5Fcreate(name, Truncate, creation, access), null));
        _ = h5.H5Pclose(access);
        _ = h5.H5Pclose(creation);
    }

    private static long Add(OpenFile file, Hdf5Group root, CheckpointArray array)
    {
        string path = "/" + array.Name;
        Hdf5Functions h5 = file.H5;
        long creation = root.CreationList(array.Name, new DatasetLayout());
        file.Check(h5.H5Pset_fill_time(creation, FillNever), array.Name);
        file.Check(h5.H5Pset_alloc_time(creation, AllocateEarly), array.Name);
        (ElementKind kind, long[] shape) = array.Kind switch
        {
            ElementKind.Complex => (ElementKind.Double, [.. array.Shape, 2]),
            ElementKind number when Hdf5Types.IsNumber(number) => (number, array.Shape),
            _ => (ElementKind.UInt8, (long[])[.. array.Shape, array.ElementBytes]),
        };
        root.Create(path, array.Name, file.Library.Types.Native(kind), shape, new DatasetLayout(), creation);
        if (array.Elements == 0)
            return 0;
        long dataset;
        fixed (byte* name = Text.ToUtf8(path))
            dataset = file.Check(h5.H5Dopen2(file.Id, name, 0), array.Name);
        ulong offset = h5.H5Dget_offset(dataset);
        _ = h5.H5Idec_ref(dataset);
        return offset != ulong.MaxValue ? (long)offset : throw file.Error(array.Name, "HDF5 gave it no place in the file");
    }
}
