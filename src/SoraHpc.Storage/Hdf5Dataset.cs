using SoraHpc.Storage.Hdf5;

namespace SoraHpc.Storage;

/// <summary>An array in an HDF5 file. Describing it is local; <see cref="Extend"/> is collective; a transfer is what its
/// <see cref="TransferMode"/> says. Closed with its file, or earlier by <see cref="Dispose"/>.</summary>
public sealed unsafe partial class Hdf5Dataset : IDisposable
{
    private const int Chunked = 2;                      // H5D_CHUNKED
    private readonly OpenFile file;
    private readonly string item;
    private readonly long id;
    private long[] shape;
    private long fileSpace;

    private Hdf5Dataset(OpenFile file, string path, long id)
    {
        (this.file, Path, this.id, item) = (file, path, id, $"dataset {path.TrimStart('/')}");
        Attributes = new Hdf5Attributes(file, path);
        (fileSpace, shape) = ReadSpace();
        long type = file.Check(file.H5.H5Dget_type(id), item);
        ElementType = Hdf5ElementType.Of(file.H5, type);
        _ = file.H5.H5Tclose(type);
        (ChunkShape, Filters) = ReadLayout();
    }

    /// <summary>The absolute path in the file.</summary>
    public string Path { get; }

    /// <summary>The last part of the path.</summary>
    public string Name => Path[(Path.LastIndexOf('/') + 1)..];

    /// <summary>Attributes of the dataset.</summary>
    public Hdf5Attributes Attributes { get; }

    /// <summary>Elements along every dimension, slowest first; empty for a scalar. A copy.</summary>
    public long[] Shape => [.. shape];

    /// <summary>Number of dimensions.</summary>
    public int Rank => shape.Length;

    /// <summary>All elements.</summary>
    public long Elements => shape.Aggregate(1L, (product, length) => product * length);

    /// <summary>The whole dataset as a slab.</summary>
    public Hyperslab Whole => Hyperslab.Whole(shape);

    /// <summary>What one element is in the file.</summary>
    public Hdf5ElementType ElementType { get; }

    /// <summary>Elements of a chunk along every dimension; null when contiguous or compact.</summary>
    public IReadOnlyList<long>? ChunkShape { get; }

    /// <summary>Names of the filters in the order in which they are applied when writing: "shuffle", "deflate" …</summary>
    public IReadOnlyList<string> Filters { get; }

    internal OpenFile File => file;

    /// <summary>"dataset g/z", for messages.</summary>
    internal string Item => item;

    internal static Hdf5Dataset Open(OpenFile file, string path)
    {
        using Hdf5Entry entered = file.Enter();
        fixed (byte* name = Text.ToUtf8(path))
            return new Hdf5Dataset(file, path, file.Track(file.Check(file.H5.H5Dopen2(file.Id, name, 0), $"dataset {path.TrimStart('/')}")));
    }

    /// <summary>Changes the lengths of a dataset made with a <see cref="DatasetLayout.MaximumShape"/>. Collective.</summary>
    public void Extend(ReadOnlySpan<long> newShape)
    {
        CheckRank(newShape.Length, "the new shape");
        long[] lengths = newShape.ToArray();
        file.Change(item, () =>
        {
            using Hdf5Entry entered = file.Enter();
            fixed (long* at = lengths)
                file.Check(file.H5.H5Dset_extent(id, (ulong*)at), item);
        });
        using (file.Enter())
        {
            file.Release(fileSpace);
            (fileSpace, shape) = ReadSpace();
        }
        // Rank 0 of threads may change the shape again only when all have seen this one.
        if (file.Access == Hdf5Access.SharedInProcess)
            file.Communicator!.Barrier();
    }

    /// <summary>Closes this rank's hold on the dataset before the file is closed. Local.</summary>
    public void Dispose()
    {
        if (!file.IsOpen)
            return;
        file.Release(fileSpace);
        file.Release(id);
    }

    private (long Space, long[] Shape) ReadSpace()
    {
        long space = file.Track(file.Check(file.H5.H5Dget_space(id), item));
        ulong* lengths = stackalloc ulong[32];          // H5S_MAX_RANK
        int rank = (int)file.Check(file.H5.H5Sget_simple_extent_ndims(space), item);
        file.Check(file.H5.H5Sget_simple_extent_dims(space, lengths, null), item);
        return (space, new ReadOnlySpan<long>(lengths, rank).ToArray());
    }

    private (long[]? ChunkShape, string[] Filters) ReadLayout()
    {
        long list = file.Check(file.H5.H5Dget_create_plist(id), item);
        long[]? chunk = null;
        if (file.H5.H5Pget_layout(list) == Chunked)
        {
            ulong* lengths = stackalloc ulong[32];
            int rank = (int)file.Check(file.H5.H5Pget_chunk(list, 32, lengths), item);
            chunk = new ReadOnlySpan<long>(lengths, rank).ToArray();
        }
        string[] filters = new string[Math.Max(0, file.H5.H5Pget_nfilters(list))];
        for (uint i = 0; i < filters.Length; i++)
            filters[i] = NameOfFilter(list, i);
        _ = file.H5.H5Pclose(list);
        return (chunk, filters);
    }

    private string NameOfFilter(long list, uint index)
    {
        uint flags, configuration;
        nuint values = 0;
        byte* name = stackalloc byte[64];
        int filter = file.H5.H5Pget_filter2(list, index, &flags, &values, null, 64, name, &configuration);
        return filter switch
        {
            1 => "deflate",
            2 => "shuffle",
            3 => "fletcher32",
            4 => "szip",
            5 => "nbit",
            6 => "scaleoffset",
            _ => $"{Text.FromUtf8(name, 64)} ({filter})",
        };
    }

    private void CheckRank(int rank, string what)
    {
        if (rank != shape.Length)
            throw file.Error(item, $"{what} has {rank} dimensions, the dataset {shape.Length}: ({string.Join(", ", shape)})");
    }
}
