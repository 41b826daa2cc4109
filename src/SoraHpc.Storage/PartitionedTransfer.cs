using SoraHpc.Decomposition;

namespace SoraHpc.Storage;

/// <summary>A block of cells as a slab of the file and a slab of padded memory.</summary>
internal static unsafe class PartitionedTransfer
{
    private const int GridDimensions = 3;

    internal static void Move<T>(bool write, Hdf5Dataset dataset, Block block, T* firstCell, long rowStride, long planeStride,
        ReadOnlySpan<long> leading, TransferMode mode) where T : unmanaged
    {
        int grid = dataset.Rank - leading.Length;
        CheckGrid(dataset, block, grid, leading.Length);
        bool isEmpty = block.IsEmpty;
        if (!isEmpty && (rowStride < block.Columns || block.Planes > 1 && (planeStride % rowStride != 0 || planeStride < block.Rows * rowStride)))
            throw dataset.File.Error(dataset.Item, $"rows {rowStride} and planes {planeStride} elements apart do not hold the block {block}");
        Span<long> start = stackalloc long[dataset.Rank], count = stackalloc long[dataset.Rank], memory = stackalloc long[dataset.Rank];
        leading.CopyTo(start);
        count[..leading.Length].Fill(1);
        memory[..leading.Length].Fill(1);
        long rowsApart = block.Planes > 1 ? planeStride / rowStride : block.Rows;
        for (int i = 0; i < grid; i++)
        {
            int dimension = GridDimensions - grid + i;
            start[leading.Length + i] = isEmpty ? 0 : block.Begin[dimension];
            count[leading.Length + i] = isEmpty ? 0 : block.End[dimension] - block.Begin[dimension];
            memory[leading.Length + i] = isEmpty ? 0 : dimension switch { 0 => block.Planes, 1 => rowsApart, _ => rowStride };
        }
        dataset.Move(write, start, count, memory, firstCell, mode);
    }

    /// <summary>The field holds every cell of the block.</summary>
    internal static void CheckInside(Hdf5Dataset dataset, Block block, long length, long firstCell, long rowStride, long planeStride)
    {
        if (block.IsEmpty)
            return;
        long lastCell = firstCell + (block.Planes - 1) * planeStride + (block.Rows - 1) * rowStride + block.Columns - 1;
        if (firstCell < 0 || lastCell >= length)
            throw dataset.File.Error(dataset.Item, $"the block {block} reaches from element {firstCell} to {lastCell} of a field of {length}");
    }

    private static void CheckGrid(Hdf5Dataset dataset, Block block, int grid, int leading)
    {
        if (grid is < 1 or > GridDimensions)
            throw dataset.File.Error(dataset.Item, $"its {dataset.Rank} dimensions ({string.Join(", ", dataset.Shape)}) less {leading} leading ones are not a grid of 1 to 3");
        if (!block.IsEmpty && (grid < 3 && block.Planes != 1 || grid < 2 && block.Rows != 1))
            throw dataset.File.Error(dataset.Item, $"the block {block} has more dimensions than the {grid} of the grid");
    }
}
