namespace SoraHpc.Decomposition;

/// <summary>
/// The grid's pieces in the order of a Hilbert curve, cut into contiguous shares so that the slowest rank finishes as early as any such
/// cut allows. Follows weights and capabilities closely; a small change of either moves only pieces near the cuts.
/// </summary>
/// <param name="piecesPerRank">How finely the grid is laid out along the curve, ≥ 1: more follow the weights better and leave more
/// ragged shares. Pieces are whole tiles.</param>
public sealed class SpaceFillingCurvePartitioner(int piecesPerRank = 256) : IPartitioner
{
    private readonly int piecesPerRank = piecesPerRank >= 1 ? piecesPerRank
        : throw new ArgumentOutOfRangeException(nameof(piecesPerRank), piecesPerRank, "every rank needs a piece or more");

    /// <summary>Whether neighbouring pieces of a rank become one block. False: every piece is a block and part of its own, numbered along
    /// the curve, so that balancing can move them one by one. Default: true.</summary>
    public bool Merges { get; init; } = true;

    /// <inheritdoc/>
    public Division Cut(Grid grid, ReadOnlySpan<double> capabilities)
    {
        PartitionInput.Check(grid, capabilities);
        Tiling tiling = Tiling.Coarse(grid, piecesPerRank * (long)capabilities.Length);
        int[] order = HilbertCurve.Order(tiling.Counts);
        double[] weights = new double[order.Length];
        for (int i = 0; i < order.Length; i++)
            weights[i] = tiling.Weights[order[i]];
        int[] cuts = ContiguousCut.Optimal(weights, capabilities);
        int[] rankAlong = new int[order.Length], ownerOf = new int[order.Length];
        for (int rank = 0; rank < capabilities.Length; rank++)
            rankAlong.AsSpan(cuts[rank]..cuts[rank + 1]).Fill(rank);
        if (!Merges)
            return new(new Partition(grid, [.. order.Select(tiling.BlockOf)]), new Placement(rankAlong, capabilities.Length));
        for (int i = 0; i < order.Length; i++)
            ownerOf[order[i]] = rankAlong[i];
        return Division.OfPieces(tiling, ownerOf, capabilities.Length);
    }

    /// <inheritdoc/>
    public override string ToString() => "Hilbert curve";
}
