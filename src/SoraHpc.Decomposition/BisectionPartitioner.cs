namespace SoraHpc.Decomposition;

/// <summary>
/// Recursive coordinate bisection (M. J. Berger and S. H. Bokhari, IEEE Trans. Comput. C-36 (1987) 570–580): the ranks are halved, the
/// longest side of the box is cut where the work divides as ΣP_left / ΣP, and so on in both halves. One block a rank.
/// </summary>
public sealed class BisectionPartitioner : IPartitioner
{
    private readonly record struct Split(int LeftRanks, int Dimension, long At);

    /// <inheritdoc/>
    public Division Cut(Grid grid, ReadOnlySpan<double> capabilities)
    {
        PartitionInput.Check(grid, capabilities);
        Block[] blocks = new Block[capabilities.Length];
        Divide(grid, grid.Extent.Whole, capabilities, blocks);
        return Division.OneBlockEach(grid, blocks);
    }

    private static void Divide(Grid grid, Block box, ReadOnlySpan<double> capabilities, Span<Block> blocks)
    {
        if (capabilities.Length == 1)
        {
            blocks[0] = box;
            return;
        }
        Split split = Choose(grid, box, capabilities);
        (int d, int left) = (split.Dimension, split.LeftRanks);
        Divide(grid, new(box.Begin, box.End.With(d, split.At)), capabilities[..left], blocks[..left]);
        Divide(grid, new(box.Begin.With(d, split.At), box.End), capabilities[left..], blocks[left..]);
    }

    // Halves of the ranks if either side of some cut has a tile for each of its ranks, else the nearest division that has: with at
    // least as many tiles as ranks in the box there always is one.
    private static Split Choose(Grid grid, Block box, ReadOnlySpan<double> capabilities)
    {
        int ranks = capabilities.Length;
        int[] longestFirst = [.. new[] { 1, 2, 0 }.OrderByDescending(d => box.End[d] - box.Begin[d])];
        foreach (int left in Enumerable.Range(1, ranks - 1).OrderBy(left => Math.Abs(2 * left - ranks)))
            foreach (int dimension in longestFirst)
                if (Best(grid, box, dimension, left, capabilities) is { } at)
                    return new(left, dimension, at);
        throw new PartitionException($"{ranks} ranks cannot share the block {box}");     // unreachable while every rank has a tile
    }

    // The cut with which the slower side finishes first; null when no cut leaves every rank a tile.
    private static long? Best(Grid grid, Block box, int dimension, int left, ReadOnlySpan<double> capabilities)
    {
        double[] layers = Layers.Weights(grid, dimension, box);
        long across = Layers.TilesIn(grid, box) / layers.Length;
        double speedLeft = capabilities[..left].ToArray().Sum(), speedRight = capabilities[left..].ToArray().Sum(), total = layers.Sum(), before = 0;
        double least = double.PositiveInfinity;
        long? best = null;
        for (int cut = 1; cut < layers.Length; cut++)
        {
            before += layers[cut - 1];
            double time = Math.Max(before / speedLeft, (total - before) / speedRight);
            if (cut * across < left || (layers.Length - cut) * across < capabilities.Length - left || time >= least)
                continue;
            (least, best) = (time, (box.Begin[dimension] / grid.Tile[dimension] + cut) * grid.Tile[dimension]);
        }
        return best;
    }

    /// <inheritdoc/>
    public override string ToString() => "recursive bisection";
}
