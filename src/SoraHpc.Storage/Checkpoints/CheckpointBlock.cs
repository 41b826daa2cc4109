using SoraHpc.Decomposition;

namespace SoraHpc.Storage.Checkpoints;

/// <summary>A block of cells in this rank's memory; strides in elements, as for <see cref="PartitionedWriter"/>.</summary>
/// <param name="block">Where it lies in the grid; may be empty.</param>
/// <param name="firstCell">The block's first cell, behind its halo. Stays where it is until the writer's <c>Start</c> or the read returns.</param>
/// <param name="rowStride">From one row to the next, ≥ the block's columns.</param>
/// <param name="planeStride">From one plane to the next; not looked at for a single plane.</param>
public readonly unsafe struct CheckpointBlock<T>(Block block, T* firstCell, long rowStride, long planeStride = 0) where T : unmanaged
{
    /// <summary>The cells, in grid coordinates.</summary>
    public Block Block { get; } = block;

    /// <summary>The block's first cell.</summary>
    public T* FirstCell { get; } = firstCell;

    /// <summary>Elements from one row to the next.</summary>
    public long RowStride { get; } = rowStride;

    /// <summary>Elements from one plane to the next.</summary>
    public long PlaneStride { get; } = planeStride;
}
