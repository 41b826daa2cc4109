using SoraHpc.Decomposition;

namespace SoraHpc.Storage;

/// <summary>Writes one rank's block of a dataset straight from a field with a halo; the halo is not written.</summary>
/// <remarks>Dimensions, strides and <c>leading</c> as for <see cref="PartitionedReader"/>. Blocks of different ranks do not overlap.</remarks>
public static unsafe class PartitionedWriter
{
    /// <summary>Writes the block.</summary>
    /// <param name="firstCell">The block's first cell, behind the field's halo.</param>
    /// <param name="rowStride">From one row to the next, ≥ the block's columns.</param>
    /// <param name="planeStride">From one plane to the next, a multiple of <paramref name="rowStride"/>; not looked at for a single plane.</param>
    /// <param name="leading">Index along each dimension before the grid's.</param>
    public static void Write<T>(Hdf5Dataset dataset, Block block, T* firstCell, long rowStride, long planeStride = 0,
        ReadOnlySpan<long> leading = default, TransferMode mode = TransferMode.Collective) where T : unmanaged =>
        PartitionedTransfer.Move(true, dataset, block, firstCell, rowStride, planeStride, leading, mode);

    /// <summary>As above from managed memory; <paramref name="firstCell"/> is the index of the block's first cell.</summary>
    public static void Write<T>(Hdf5Dataset dataset, Block block, ReadOnlySpan<T> field, long firstCell, long rowStride, long planeStride = 0,
        ReadOnlySpan<long> leading = default, TransferMode mode = TransferMode.Collective) where T : unmanaged
    {
        PartitionedTransfer.CheckInside(dataset, block, field.Length, firstCell, rowStride, planeStride);
        fixed (T* at = field)
            PartitionedTransfer.Move(true, dataset, block, at + firstCell, rowStride, planeStride, leading, mode);
    }
}
