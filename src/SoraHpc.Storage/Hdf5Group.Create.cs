using SoraHpc.Storage.Hdf5;

namespace SoraHpc.Storage;

public unsafe partial class Hdf5Group
{
    private const int Simple = 1, Scalar = 0;                 // H5S_SIMPLE, H5S_SCALAR
    private const uint OrderTrackedAndIndexed = 1 | 2;        // H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED
    private const int FillNever = 1;                          // H5D_FILL_TIME_NEVER

    /// <summary>A group, with those above it as needed. One that is there already is returned. Collective.</summary>
    public Hdf5Group CreateGroup(string name)
    {
        string path = Absolute(name), item = $"group {path.TrimStart('/')}";
        Container.Change(item, () =>
        {
            using Hdf5Entry entered = Container.Enter();
            if (KindOf(path) == GroupObject)
                return;
            long links = IntermediateGroups(item), creation = Container.Check(Container.H5.H5Pcreate(Container.Library.Types.GroupCreate), item);
            _ = Container.H5.H5Pset_link_creation_order(creation, OrderTrackedAndIndexed);
            _ = Container.H5.H5Pset_attr_creation_order(creation, OrderTrackedAndIndexed);
            fixed (byte* at = Text.ToUtf8(path))
                _ = Container.H5.H5Gclose(Container.Check(Container.H5.H5Gcreate2(Container.Id, at, links, creation, 0), item));
            _ = Container.H5.H5Pclose(creation);
            _ = Container.H5.H5Pclose(links);
        });
        return new Hdf5Group(Container, path);
    }

    /// <summary>A dataset of numbers, or of structs of numbers as compounds, stored as they are in memory. Groups on the way are made.
    /// Collective: all ranks pass the same.</summary>
    /// <param name="name">Path relative to this group.</param>
    /// <param name="shape">Elements along every dimension, slowest first, each ≥ 0; empty: one scalar.</param>
    /// <param name="fill">What an element is that nobody writes; null: 0.</param>
    /// <exception cref="Hdf5Exception">The name is taken, or the layout does not fit the shape.</exception>
    public Hdf5Dataset CreateDataset<T>(string name, ReadOnlySpan<long> shape, DatasetLayout? layout = null, T? fill = null) where T : unmanaged
    {
        string path = Absolute(name), item = $"dataset {path.TrimStart('/')}";
        long[] extent = shape.ToArray();
        layout ??= new DatasetLayout();
        CheckLayout(item, extent, layout);
        T value = fill.GetValueOrDefault();
        Container.Change(item, () =>
        {
            using Hdf5Entry entered = Container.Enter();
            T filler = value;
            long type = MemoryType.Of<T>(Container, null, item), creation = CreationList(item, layout);
            if (fill.HasValue)
                Container.Check(Container.H5.H5Pset_fill_value(creation, type, &filler), item);
            Create(path, item, type, extent, layout, creation);
        });
        return Hdf5Dataset.Open(Container, path);
    }

    /// <summary>A dataset of text. Collective.</summary>
    /// <param name="bytes">Longest text in UTF-8 bytes; null: of variable length, which one rank alone can write.</param>
    public Hdf5Dataset CreateStringDataset(string name, ReadOnlySpan<long> shape, int? bytes = null, DatasetLayout? layout = null)
    {
        string path = Absolute(name), item = $"dataset {path.TrimStart('/')}";
        long[] extent = shape.ToArray();
        layout ??= new DatasetLayout();
        CheckLayout(item, extent, layout);
        Container.Change(item, () =>
        {
            using Hdf5Entry entered = Container.Enter();
            long type = bytes is int length ? Strings.FixedType(Container, length, false, false, item) : Strings.VariableType(Container, item);
            Create(path, item, type, extent, layout, CreationList(item, layout));
            _ = Container.H5.H5Tclose(type);
        });
        return Hdf5Dataset.Open(Container, path);
    }

    /// <summary>NetCDF-4's dimension without coordinates: big-endian binary32 that nobody reads. Collective.</summary>
    internal void CreateScaleWithoutCoordinates(string name, long length)
    {
        string path = Absolute(name), item = $"dimension {name}";
        Container.Change(item, () =>
        {
            using Hdf5Entry entered = Container.Enter();
            Create(path, item, Container.Library.Types.BigEndianSingle, [length], new DatasetLayout(), CreationList(item, new DatasetLayout()));
        });
    }

    /// <summary>Makes the dataset and closes <paramref name="creation"/>. Inside the lock, on a rank that changes metadata.</summary>
    internal void Create(string path, string item, long type, long[] shape, DatasetLayout layout, long creation)
    {
        if (KindOf(path) >= 0)
            throw Container.Error(item, "the name is taken");
        ulong* extent = stackalloc ulong[shape.Length + 1], maximum = stackalloc ulong[shape.Length + 1];
        for (int i = 0; i < shape.Length; i++)
            (extent[i], maximum[i]) = ((ulong)shape[i], (ulong)(layout.MaximumShape?[i] ?? shape[i]));   // −1 is H5S_UNLIMITED
        long space = Container.Check(shape.Length == 0 ? Container.H5.H5Screate(Scalar) : Container.H5.H5Screate_simple(shape.Length, extent, maximum), item);
        long links = IntermediateGroups(item);
        fixed (byte* at = Text.ToUtf8(path))
            _ = Container.H5.H5Idec_ref(Container.Check(Container.H5.H5Dcreate2(Container.Id, at, type, space, links, creation, 0), item));
        _ = Container.H5.H5Pclose(links);
        _ = Container.H5.H5Pclose(creation);
        _ = Container.H5.H5Sclose(space);
    }

    internal long CreationList(string item, DatasetLayout layout)
    {
        Hdf5Functions h5 = Container.H5;
        long list = Container.Check(h5.H5Pcreate(Container.Library.Types.DatasetCreate), item);
        Container.Check(h5.H5Pset_attr_creation_order(list, OrderTrackedAndIndexed), item);
        if (layout.EveryElementIsWritten)
            Container.Check(h5.H5Pset_fill_time(list, FillNever), item);
        if (layout.ChunkShape is not { } chunk)
            return list;
        ulong* lengths = stackalloc ulong[chunk.Length];
        for (int i = 0; i < chunk.Length; i++)
            lengths[i] = (ulong)chunk[i];
        Container.Check(h5.H5Pset_chunk(list, chunk.Length, lengths), item);
        if (layout.Shuffle)
            Container.Check(h5.H5Pset_shuffle(list), item);
        if (layout.Deflate > 0)
            Container.Check(h5.H5Pset_deflate(list, (uint)layout.Deflate), item);
        if (layout.Fletcher32)
            Container.Check(h5.H5Pset_fletcher32(list), item);
        return list;
    }

    private long IntermediateGroups(string item)
    {
        long list = Container.Check(Container.H5.H5Pcreate(Container.Library.Types.LinkCreate), item);
        Container.Check(Container.H5.H5Pset_create_intermediate_group(list, 1), item);
        return list;
    }

    private void CheckLayout(string item, long[] shape, DatasetLayout layout)
    {
        bool needsChunks = layout.Deflate > 0 || layout.Shuffle || layout.Fletcher32 || layout.MaximumShape is not null;
        if (shape.Any(length => length < 0))
            throw Container.Error(item, $"the shape ({string.Join(", ", shape)}) has a negative length");
        if (layout.ChunkShape is null && needsChunks)
            throw Container.Error(item, "compression, checksums and growth need a ChunkShape");
        if (layout.ChunkShape is { } chunk && (chunk.Length != shape.Length || chunk.Any(length => length < 1)))
            throw Container.Error(item, $"the chunk ({string.Join(", ", chunk)}) does not fit the shape ({string.Join(", ", shape)})");
        if (layout.MaximumShape is { } maximum && maximum.Length != shape.Length)
            throw Container.Error(item, $"the maximum shape ({string.Join(", ", maximum)}) does not fit the shape ({string.Join(", ", shape)})");
    }
}
