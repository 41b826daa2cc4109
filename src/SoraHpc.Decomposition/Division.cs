namespace SoraHpc.Decomposition;

/// <summary>A grid divided among ranks: cells → parts, one block each, and parts → ranks. A rank may hold any number of blocks.</summary>
/// <param name="Partition">Which cells belong to which part.</param>
/// <param name="Placement">Which rank holds which part.</param>
public sealed record Division(Partition Partition, Placement Placement)
{
    /// <summary>A number that equal divisions share, on any machine; others hardly ever.</summary>
    public ulong Fingerprint
    {
        get
        {
            Fingerprint print = new();
            print.Add((long)Placement.Fingerprint);
            foreach (Block block in Partition.Blocks)
                for (int d = 0; d < 3; d++)
                {
                    print.Add(block.Begin[d]);
                    print.Add(block.End[d]);
                }
            return print.Value;
        }
    }

    /// <summary>Block i is held by rank i; an empty block is no part.</summary>
    internal static Division OneBlockEach(Grid grid, IReadOnlyList<Block> blocks)
    {
        int[] holders = [.. Enumerable.Range(0, blocks.Count).Where(rank => !blocks[rank].IsEmpty)];
        return new(new Partition(grid, [.. holders.Select(rank => blocks[rank])]), new Placement(holders, blocks.Count));
    }

    /// <summary>Pieces of a tiling with the same owner, merged into boxes as large as goes: along columns first, which makes long rows.</summary>
    /// <param name="ownerOf">The rank of every piece.</param>
    internal static Division OfPieces(Tiling tiling, int[] ownerOf, int ranks)
    {
        List<Block> blocks = [];
        List<int> rankOf = [];
        bool[] taken = new bool[tiling.Count];
        for (int piece = 0; piece < tiling.Count; piece++)
        {
            if (taken[piece])
                continue;
            Block box = Grow(tiling, ownerOf, taken, piece);
            foreach (int member in tiling.PiecesIn(box))
                taken[member] = true;
            blocks.Add(tiling.CellsOf(box));
            rankOf.Add(ownerOf[piece]);
        }
        return new(new Partition(tiling.Grid, blocks), new Placement(rankOf.ToArray(), ranks));
    }

    // The first piece not yet taken, then as many columns as have its owner, then rows, then planes of them.
    private static Block Grow(Tiling tiling, int[] ownerOf, bool[] taken, int first)
    {
        Cell begin = tiling.PlaceOf(first);
        Block box = new(begin, begin + new Cell(1, 1, 1));
        for (int dimension = 2; dimension >= 0; dimension--)
            while (box.End[dimension] < tiling.Counts[dimension])
            {
                long at = box.End[dimension];
                Block layer = new(box.Begin.With(dimension, at), box.End.With(dimension, at + 1));
                if (tiling.PiecesIn(layer).Any(piece => taken[piece] || ownerOf[piece] != ownerOf[first]))
                    break;
                box = new(box.Begin, layer.End);
            }
        return box;
    }
}
