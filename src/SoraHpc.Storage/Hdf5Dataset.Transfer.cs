using System.Diagnostics.CodeAnalysis;
using SoraHpc.Diagnostics.Tracing;
using SoraHpc.Storage.Hdf5;

namespace SoraHpc.Storage;

// HDF5 converts between the file's number type and T on the way, either direction; a value out of T's range becomes the nearest.
public sealed unsafe partial class Hdf5Dataset
{
    private const int Set = 0;                          // H5S_SELECT_SET
    // Measured, 1.10.8: an independent transfer of 2 GiB or more through MPI-IO fails with "can't convert from size to size_i".
    private const long LargestIndependentPiece = 1L << 30;   // [B]
    private uint notCollective;

    /// <summary>Reads a box of elements, packed, row-major. Allocates nothing for numbers.</summary>
    /// <param name="into">Exactly the slab's elements.</param>
    /// <exception cref="Hdf5Exception">The slab leaves the dataset, the lengths differ, the elements are not convertible to T, or reading fails.</exception>
    public void Read<T>(Hyperslab slab, Span<T> into, TransferMode mode = TransferMode.Independent) where T : unmanaged
    {
        CheckLength(slab, into.Length);
        fixed (T* at = into)
            Read(slab, at, mode);
    }

    /// <summary>As above, into native memory of at least the slab's elements; they may be more than 2³¹.</summary>
    public void Read<T>(Hyperslab slab, T* into, TransferMode mode = TransferMode.Independent) where T : unmanaged =>
        Move<T>(write: false, slab.Start, slab.Count, slab.Count, into, mode);

    /// <summary>The whole dataset.</summary>
    public T[] Read<T>() where T : unmanaged
    {
        T[] values = new T[Elements];
        Read(Whole, values.AsSpan());
        return values;
    }

    /// <summary>Writes a box of elements, packed, row-major. Allocates nothing for numbers.</summary>
    /// <param name="from">Exactly the slab's elements.</param>
    /// <exception cref="Hdf5Exception">As for reading; also a file open for reading, or compressed data written independently.</exception>
    public void Write<T>(Hyperslab slab, ReadOnlySpan<T> from, TransferMode mode = TransferMode.Collective) where T : unmanaged
    {
        CheckLength(slab, from.Length);
        fixed (T* at = from)
            Write(slab, at, mode);
    }

    /// <summary>As above, from native memory; the elements may be more than 2³¹.</summary>
    public void Write<T>(Hyperslab slab, T* from, TransferMode mode = TransferMode.Collective) where T : unmanaged =>
        Move<T>(write: true, slab.Start, slab.Count, slab.Count, from, mode);

    /// <summary>Why the last collective transfer of a parallel file was carried out independently by HDF5; null when it was not.</summary>
    public string? NotCollectiveBecause => notCollective switch
    {
        0 => null,
        _ when (notCollective & 0x02) != 0 => "the file's number type is not the memory's",
        _ when (notCollective & 0x20) != 0 => "the dataset is neither contiguous nor chunked",
        _ => $"HDF5's causes 0x{notCollective:x} (H5D_mpio_no_collective_cause_t)",
    };

    /// <summary>Moves the elements [start, start + count) between the file and the corner at <paramref name="at"/> of an array of the shape
    /// <paramref name="memoryShape"/>: the same as count, or longer where the memory has a halo.</summary>
    internal void Move<T>(bool write, ReadOnlySpan<long> start, ReadOnlySpan<long> count, ReadOnlySpan<long> memoryShape, T* at, TransferMode mode)
        where T : unmanaged
    {
        CheckSlab(start, count);
        if (write)
            CheckWritable(mode);
        if (mode == TransferMode.Independent && file.Access == Hdf5Access.MpiIo && IsLongerThanOnePiece(count, sizeof(T)))
        {
            MoveHalves(write, start, count, memoryShape, at);
            return;
        }
        using Hdf5Entry entered = file.Enter();
        RankActivity activity = write ? RankActivity.Write : RankActivity.Read;
        TraceMark mark = file.Communicator?.Tracer is { } tracer ? tracer.Begin(activity) : default;
        long type = MemoryType.Of<T>(file, ElementType, item), transfer = file.Transfer(mode);
        long memorySpace = Select(start, count, memoryShape);
        int result = write
            ? file.H5.H5Dwrite(id, type, memorySpace, Rank == 0 ? 0 : fileSpace, transfer, at)
            : file.H5.H5Dread(id, type, memorySpace, Rank == 0 ? 0 : fileSpace, transfer, at);
        string? failure = result < 0 ? Hdf5ErrorStack.RootCause(file.H5) : null;
        if (memorySpace != 0)
            _ = file.H5.H5Sclose(memorySpace);
        if (failure is not null)
            throw file.Error(item, $"{failure} ({(write ? "H5Dwrite" : "H5Dread")})");
        RecordCause(transfer);
        file.Communicator?.Tracer?.End(mark, activity, moved: Product(count) * sizeof(T));
    }

    private static long Product(ReadOnlySpan<long> count)
    {
        long elements = 1;
        foreach (long length in count)
            elements *= length;
        return elements;
    }

    private bool IsLongerThanOnePiece(ReadOnlySpan<long> count, int bytesInMemory)
    {
        long bytes = Math.Max(ElementType.Size, bytesInMemory);
        foreach (long length in count)
            bytes = checked(bytes * length);
        return bytes > LargestIndependentPiece && count.ContainsAnyExcept(1);
    }

    /// <summary>Cuts the slab across its slowest dimension. A collective transfer needs no cut: it travels as one derived datatype.</summary>
    private void MoveHalves<T>(bool write, ReadOnlySpan<long> start, ReadOnlySpan<long> count, ReadOnlySpan<long> memoryShape, T* at) where T : unmanaged
    {
        int cut = count.IndexOfAnyExcept(1);
        Span<long> halfStart = stackalloc long[start.Length], halfCount = stackalloc long[count.Length];
        start.CopyTo(halfStart);
        count.CopyTo(halfCount);
        long rowLength = 1;
        foreach (long length in memoryShape[(cut + 1)..])
            rowLength *= length;
        halfCount[cut] = count[cut] / 2;
        Move(write, halfStart, halfCount, memoryShape, at, TransferMode.Independent);
        T* second = at + halfCount[cut] * rowLength;
        halfStart[cut] += halfCount[cut];
        halfCount[cut] = count[cut] - halfCount[cut];
        Move(write, halfStart, halfCount, memoryShape, second, TransferMode.Independent);
    }

    /// <summary>Selects in the file's dataspace and makes the memory's; the caller closes it. A scalar has no selection.</summary>
    private long Select(ReadOnlySpan<long> start, ReadOnlySpan<long> count, ReadOnlySpan<long> memoryShape)
    {
        if (Rank == 0)
            return 0;
        Hdf5Functions h5 = file.H5;
        ulong* origin = stackalloc ulong[Rank];
        new Span<ulong>(origin, Rank).Clear();
        fixed (long* from = start, lengths = count, extent = memoryShape)
        {
            bool isEmpty = count.Contains(0);
            long memorySpace = file.Check(h5.H5Screate_simple(Rank, (ulong*)extent, null), item);
            int selected = isEmpty ? h5.H5Sselect_none(fileSpace) : h5.H5Sselect_hyperslab(fileSpace, Set, (ulong*)from, null, (ulong*)lengths, null);
            if (selected >= 0)
                selected = isEmpty ? h5.H5Sselect_none(memorySpace) : h5.H5Sselect_hyperslab(memorySpace, Set, origin, null, (ulong*)lengths, null);
            file.Check(selected, item, "h5.H5Sselect_hyperslab()");
            return memorySpace;
        }
    }

    private void RecordCause(long transfer)
    {
        notCollective = 0;
        if (transfer == 0 || file.H5.H5Pget_mpio_no_collective_cause is null)
            return;
        uint here = 0, anywhere = 0;
        _ = file.H5.H5Pget_mpio_no_collective_cause(transfer, &here, &anywhere);
        notCollective = anywhere;
    }

    private void CheckLength(Hyperslab slab, long length)
    {
        if (slab.Elements != length)
            throw file.Error(item, $"the slab {slab} holds {slab.Elements} elements, the memory {length}");
    }

    private void CheckSlab(ReadOnlySpan<long> start, ReadOnlySpan<long> count)
    {
        if (start.Length != shape.Length)
            CheckRank(start.Length, "the slab");
        for (int i = 0; i < start.Length; i++)
            if (start[i] > shape[i] - count[i] && count[i] > 0)
                ThrowOutside(start, count);
    }

    private void CheckWritable(TransferMode mode)
    {
        if (!file.IsWritable)
            throw file.Error(item, "the file is open for reading only");
        if (file.Access == Hdf5Access.MpiIo && mode == TransferMode.Independent && Filters.Count > 0)
            throw file.Error(item, $"it is stored with {string.Join(" and ", Filters)}: all ranks must write together, TransferMode.Collective");
    }

    [DoesNotReturn]
    private void ThrowOutside(ReadOnlySpan<long> start, ReadOnlySpan<long> count) =>
        throw file.Error(item, $"the slab {new Hyperslab(start, count)} leaves the shape ({string.Join(", ", shape)})");
}
