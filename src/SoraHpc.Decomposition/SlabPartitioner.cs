namespace SoraHpc.Decomposition;

/// <summary>Slabs: cuts across one dimension only, the slowest unless told otherwise, so that every part is contiguous in memory and in a file.</summary>
/// <param name="dimension">0 planes, 1 rows, 2 columns; −1 for the slowest dimension longer than one tile.</param>
public sealed class SlabPartitioner(int dimension = -1) : IPartitioner
{
    private static readonly string[] Names = ["planes", "rows", "columns"];

    /// <inheritdoc/>
    public Division Cut(Grid grid, ReadOnlySpan<double> capabilities)
    {
        int across = dimension >= 0 ? dimension : Slowest(grid);
        long unit = grid.Tile[across], pieces = grid.Tiles[across];
        if (pieces < capabilities.Length)
            throw new PartitionException($"{capabilities.Length} ranks cannot share {grid.Extent[across]} {Names[across]}{(unit > 1 ? $" in pieces of {unit}" : "")}: "
                + $"use at most {pieces} ranks, a larger grid, or a Cartesian partition");
        PartitionInput.Check(grid, capabilities);
        long[] cuts = Layers.Cuts(grid, across, capabilities);
        Block whole = grid.Extent.Whole;
        Block[] blocks = new Block[capabilities.Length];
        for (int rank = 0; rank < blocks.Length; rank++)
            if (cuts[rank] < cuts[rank + 1])
                blocks[rank] = new(whole.Begin.With(across, cuts[rank]), whole.End.With(across, cuts[rank + 1]));
        return Division.OneBlockEach(grid, blocks);
    }

    private static int Slowest(Grid grid)
    {
        for (int d = 0; d < 2; d++)
            if (grid.Extent[d] > grid.Tile[d])
                return d;
        return 2;
    }

    /// <inheritdoc/>
    public override string ToString() => "slabs";
}
