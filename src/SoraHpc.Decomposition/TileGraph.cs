namespace SoraHpc.Decomposition;

/// <summary>Which pieces touch and by how many cells: an undirected graph in compressed rows, without loops.</summary>
internal sealed class TileGraph
{
    internal TileGraph(Tiling tiling)
    {
        SortedDictionary<int, long>[] touching = new SortedDictionary<int, long>[tiling.Count];
        for (int piece = 0; piece < touching.Length; piece++)
            touching[piece] = [];
        for (int piece = 0; piece < touching.Length; piece++)
            foreach (Block side in tiling.BlockOf(piece).Sides(1, tiling.Grid.Extent))
                foreach ((int other, long cells) in Across(tiling, side))
                    if (other != piece)
                    {
                        Add(touching[piece], other, cells);        // once from either side: symmetric whatever the boundary does
                        Add(touching[other], piece, cells);
                    }
        Starts = new int[touching.Length + 1];
        for (int piece = 0; piece < touching.Length; piece++)
            Starts[piece + 1] = checked(Starts[piece] + touching[piece].Count);
        Neighbours = [.. touching.SelectMany(others => others.Keys)];
        EdgeWeights = [.. touching.SelectMany(others => others.Values).Select(cells => (int)Math.Min(cells, int.MaxValue / 2))];
    }

    /// <summary>Where each piece's neighbours begin in <see cref="Neighbours"/>, and the end.</summary>
    internal int[] Starts { get; }

    /// <summary>Pieces that touch, ascending for each piece.</summary>
    internal int[] Neighbours { get; }

    /// <summary>Halo cells of width one between two pieces, of both together.</summary>
    internal int[] EdgeWeights { get; }

    private static IEnumerable<(int Piece, long Cells)> Across(Tiling tiling, Block side)
    {
        Grid grid = tiling.Grid;
        if (grid.Extent.Whole.Contains(side.Begin))
        {
            yield return (tiling.Containing(side.Begin), side.Cells);
            yield break;
        }
        foreach (Cell outside in side.CellsInOrder())
            if (grid.Boundary.TryMap(grid.Extent, outside, out Cell inside))
                yield return (tiling.Containing(inside), 1);
    }

    private static void Add(SortedDictionary<int, long> others, int piece, long cells) => others[piece] = others.GetValueOrDefault(piece) + cells;
}
