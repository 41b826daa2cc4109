namespace SoraHpc.Decomposition;

/// <summary>A grid of blocks: cuts across every dimension, so that the surface to exchange is small. Rank numbers run along columns fastest.</summary>
/// <remarks>Cuts go through the whole grid: capabilities and weights are followed in their sums over each layer of ranks.</remarks>
/// <param name="planes">Ranks along planes; 0 to choose.</param>
/// <param name="rows">Ranks along rows; 0 to choose.</param>
/// <param name="columns">Ranks along columns; 0 to choose.</param>
public sealed class CartesianPartitioner(int planes = 0, int rows = 0, int columns = 0) : IPartitioner
{
    /// <inheritdoc/>
    public Division Cut(Grid grid, ReadOnlySpan<double> capabilities)
    {
        PartitionInput.Check(grid, capabilities);
        ProcessGrid ranks = ProcessGrid.Choose(grid, grid.Tile, capabilities.Length, new(planes, rows, columns));
        long[][] cuts = new long[3][];
        for (int d = 0; d < 3; d++)
            cuts[d] = Layers.Cuts(grid, d, ranks.CapabilitiesAlong(d, capabilities));
        Block[] blocks = new Block[capabilities.Length];
        for (int rank = 0; rank < blocks.Length; rank++)
        {
            Cell at = ranks.PlaceOf(rank), next = at + new Cell(1, 1, 1);
            Cell begin = new(cuts[0][at.Plane], cuts[1][at.Row], cuts[2][at.Column]);
            Cell end = new(cuts[0][next.Plane], cuts[1][next.Row], cuts[2][next.Column]);
            blocks[rank] = begin.Plane < end.Plane ? new(begin, end) : default;
        }
        return Division.OneBlockEach(grid, blocks);
    }

    /// <inheritdoc/>
    public override string ToString() => "Cartesian blocks";
}
