namespace SoraHpc.Decomposition;

/// <summary>Slabs: cuts across one dimension only, the slowest unless told otherwise, so that every part is contiguous in memory and in a file.</summary>
/// <param name="dimension">0 planes, 1 rows, 2 columns; −1 for the slowest dimension longer than one tile.</param>
public sealed class SlabPartitioner(int dimension = -1) : IPartitioner
{
    private static readonly string[] Names = ["planes", "rows", "columns"];

    /// <inheritdoc/>
    public Partition Cut(Grid grid, ReadOnlySpan<double> capabilities)
    {
        int across = dimension >= 0 ? dimension : Slowest(grid);
        long length = grid.Extent[across], unit = grid.Tile[across];
        long pieces = (length + unit - 1) / unit;
        if (pieces < capabilities.Length)
            throw new PartitionException($"{capabilities.Length} ranks cannot share {length} {Names[across]}{(unit > 1 ? $" in pieces of {unit}" : "")}: "
                + $"use at most {pieces} ranks, a larger grid, or a Cartesian partition");
        long[] cuts = Apportionment.Cuts(Apportionment.LargestRemainder(pieces, capabilities), unit, length);
        Block whole = grid.Extent.Whole;
        Block[] blocks = new Block[capabilities.Length];
        for (int part = 0; part < blocks.Length; part++)
            blocks[part] = new(whole.Begin.With(across, cuts[part]), whole.End.With(across, cuts[part + 1]));
        return new Partition(grid, blocks);
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
