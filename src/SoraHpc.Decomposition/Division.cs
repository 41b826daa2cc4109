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

    /// <summary>
    /// The same shares, dealt so that ranks keep cells they held before: the ranks of equal capability change places. What rank i was cut for goes to
    /// the rank that held the most of it, the largest overlap first; at least half of what the best dealing would keep stays.
    /// </summary>
    /// <param name="before">Another division of the same grid, among the first so many of the same ranks.</param>
    /// <param name="capabilities">P_i that this division was cut for, one for every rank of its placement.</param>
    public Division Near(Division before, ReadOnlySpan<double> capabilities)
    {
        int ranks = Placement.Ranks;
        int[] holderOf = new int[ranks];
        bool[] holds = new bool[ranks];
        Array.Fill(holderOf, -1);
        foreach (((int share, int rank), _) in Overlaps(before, capabilities).OrderByDescending(one => one.Value).ThenBy(one => one.Key))
            if (holderOf[share] < 0 && !holds[rank])
                (holderOf[share], holds[rank]) = (rank, true);
        for (int share = 0; share < ranks; share++)
            for (int rank = 0; rank < ranks && holderOf[share] < 0; rank++)
                if (!holds[rank] && capabilities[rank] == capabilities[share])
                    (holderOf[share], holds[rank]) = (rank, true);
        return this with { Placement = new([.. Enumerable.Range(0, Partition.Parts).Select(part => holderOf[Placement.RankOf(part)])], ranks) };
    }

    // Cells of the share that one rank is to have and another had, where the two are alike.
    private Dictionary<(int Share, int Rank), long> Overlaps(Division before, ReadOnlySpan<double> capabilities)
    {
        Dictionary<(int Share, int Rank), long> overlaps = [];
        for (int part = 0; part < Partition.Parts; part++)
        {
            int share = Placement.RankOf(part);
            foreach ((int owner, Block cells) in before.Partition.OwnersIn(Partition.Blocks[part]))
            {
                int rank = before.Placement.RankOf(owner);
                if (rank < Placement.Ranks && capabilities[rank] == capabilities[share])
                    overlaps[(share, rank)] = overlaps.GetValueOrDefault((share, rank)) + cells.Cells;
            }
        }
        return overlaps;
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
