namespace SoraHpc.Decomposition;

/// <summary>
/// Blocks dealt to the ranks in turn along every dimension, as dense linear algebra does: wherever the work is, every rank has some of
/// it. A stencil pays with nearly all its surface crossing ranks.
/// </summary>
/// <remarks>With unequal capabilities or weights the next layer of blocks goes to the layer of ranks that would finish it first, which
/// for equal ones is the plain cycle (O. Beaumont et al., IEEE Trans. Parallel Distrib. Syst. 12 (2001) 1033–1051).</remarks>
/// <param name="block">Cells of a block, rounded up to whole tiles; null for the largest that leave every rank sixteen blocks.</param>
/// <param name="planes">Ranks along planes; 0 to choose.</param>
/// <param name="rows">Ranks along rows; 0 to choose.</param>
/// <param name="columns">Ranks along columns; 0 to choose.</param>
public sealed class BlockCyclicPartitioner(Extent? block = null, int planes = 0, int rows = 0, int columns = 0) : IPartitioner
{
    private const int BlocksPerRank = 16;

    /// <inheritdoc/>
    public Division Cut(Grid grid, ReadOnlySpan<double> capabilities)
    {
        PartitionInput.Check(grid, capabilities);
        Tiling tiling = block is { } cells ? new(grid, WholeTiles(cells, grid.Tile)) : Tiling.Coarse(grid, BlocksPerRank * (long)capabilities.Length);
        ProcessGrid ranks = ProcessGrid.Choose(grid, tiling.Piece, capabilities.Length, new(planes, rows, columns));
        int[][] turns = new int[3][];
        for (int d = 0; d < 3; d++)
            turns[d] = Deal(WeightsAlong(tiling, d), ranks.CapabilitiesAlong(d, capabilities));
        int[] ownerOf = new int[tiling.Count];
        for (int piece = 0; piece < ownerOf.Length; piece++)
        {
            Cell place = tiling.PlaceOf(piece);
            ownerOf[piece] = ranks.RankAt(turns[0][place.Plane], turns[1][place.Row], turns[2][place.Column]);
        }
        return Division.OfPieces(tiling, ownerOf, capabilities.Length);
    }

    // Every item to whoever would have finished it first; the lower index where two would at once.
    private static int[] Deal(double[] weights, double[] capabilities)
    {
        double[] given = new double[capabilities.Length];
        int[] turns = new int[weights.Length];
        for (int item = 0; item < weights.Length; item++)
        {
            int first = 0;
            for (int i = 1; i < given.Length; i++)
                if ((given[i] + weights[item]) / capabilities[i] < (given[first] + weights[item]) / capabilities[first])
                    first = i;
            given[first] += weights[item];
            turns[item] = first;
        }
        return turns;
    }

    private static double[] WeightsAlong(Tiling tiling, int dimension)
    {
        double[] sums = new double[tiling.Counts[dimension]];
        for (int piece = 0; piece < tiling.Count; piece++)
            sums[tiling.PlaceOf(piece)[dimension]] += tiling.Weights[piece];
        return sums;
    }

    private static Extent WholeTiles(Extent cells, Extent tile)
    {
        Extent tiles = cells.DividedBy(tile);
        return new(tiles.Planes * tile.Planes, tiles.Rows * tile.Rows, tiles.Columns * tile.Columns);
    }

    /// <inheritdoc/>
    public override string ToString() => "block-cyclic";
}
