using SoraHpc.Decomposition;

namespace SoraHpc.Storage;

/// <summary>Reads one rank's block of a dataset straight into a field with a halo: HDF5 steps over the halo, nothing is copied twice.</summary>
/// <remarks>The dataset's last one, two or three dimensions are the grid's (columns; rows, columns; planes, rows, columns); any before
/// them, time or level, are fixed by <c>leading</c>. Strides are in elements. Ranks with an empty block call too when the transfer is collective.</remarks>
public static unsafe class PartitionedReader
{
    /// <summary>Reads the block, converted to T.</summary>
    /// <param name="firstCell">Where the block's first cell goes: behind the field's halo.</param>
    /// <param name="rowStride">From one row to the next, ≥ the block's columns.</param>
    /// <param name="planeStride">From one plane to the next, a multiple of <paramref name="rowStride"/>; not looked at for a single plane.</param>
    /// <param name="leading">Index along each dimension before the grid's.</param>
    public static void Read<T>(Hdf5Dataset dataset, Block block, T* firstCell, long rowStride, long planeStride = 0,
        ReadOnlySpan<long> leading = default, TransferMode mode = TransferMode.Independent) where T : unmanaged =>
        PartitionedTransfer.Move(false, dataset, block, firstCell, rowStride, planeStride, leading, mode);

    /// <summary>As above into managed memory; <paramref name="firstCell"/> is the index of the block's first cell.</summary>
    public static void Read<T>(Hdf5Dataset dataset, Block block, Span<T> field, long firstCell, long rowStride, long planeStride = 0,
        ReadOnlySpan<long> leading = default, TransferMode mode = TransferMode.Independent) where T : unmanaged
    {
        PartitionedTransfer.CheckInside(dataset, block, field.Length, firstCell, rowStride, planeStride);
        fixed (T* at = field)
            PartitionedTransfer.Move(false, dataset, block, at + firstCell, rowStride, planeStride, leading, mode);
    }

    /// <summary>Reads the block as values in the variable's units: CF packing undone, NaN where there is no value. The halo is not touched.</summary>
    public static void ReadUnpacked(Hdf5Dataset dataset, Block block, double* firstCell, long rowStride, long planeStride = 0,
        ReadOnlySpan<long> leading = default, TransferMode mode = TransferMode.Independent)
    {
        Conventions.Packing packing = dataset.Packing;
        Read(dataset, block, firstCell, rowStride, planeStride, leading, mode);
        for (long plane = 0; plane < block.Planes; plane++)
            for (long row = 0; row < block.Rows; row++)
                packing.Unpack(new Span<double>(firstCell + plane * planeStride + row * rowStride, checked((int)block.Columns)));
    }
}
