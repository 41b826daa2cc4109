namespace SoraHpc.Decomposition;

/// <summary>A grid of blocks: cuts across every dimension, so that the surface to exchange is small. Part numbers run along columns fastest.</summary>
/// <param name="planes">Parts along planes; 0 to choose.</param>
/// <param name="rows">Parts along rows; 0 to choose.</param>
/// <param name="columns">Parts along columns; 0 to choose.</param>
public sealed class CartesianPartitioner(int planes = 0, int rows = 0, int columns = 0) : IPartitioner
{
    /// <inheritdoc/>
    public Partition Cut(Grid grid, ReadOnlySpan<double> capabilities)
    {
        int parts = capabilities.Length;
        Extent extent = grid.Extent;
        (int p, int r, int c) = Shape(grid, parts) ?? throw new PartitionException(
            $"{parts} ranks do not fit a grid of {extent} cells in blocks of at least {grid.Tile}"
            + $"{(planes + rows + columns > 0 ? $" as {planes} × {rows} × {columns} parts (0: free)" : "")}: use fewer ranks or another partition");
        long[] planeCuts = Cuts(grid, 0, Along(capabilities, p, r * c));
        long[] rowCuts = Cuts(grid, 1, Along(capabilities, r, c));
        long[] columnCuts = Cuts(grid, 2, Along(capabilities, c, 1));
        Block[] blocks = new Block[parts];
        for (int part = 0; part < parts; part++)
        {
            int k = part / (r * c), j = part / c % r, i = part % c;
            blocks[part] = new(new(planeCuts[k], rowCuts[j], columnCuts[i]), new(planeCuts[k + 1], rowCuts[j + 1], columnCuts[i + 1]));
        }
        return new Partition(grid, blocks);
    }

    /// <summary>The split with the least cut surface among those that give every part a tile; ties cut rows before columns.</summary>
    private (int Planes, int Rows, int Columns)? Shape(Grid grid, int parts)
    {
        (int, int, int)? best = null;
        double least = double.PositiveInfinity;
        for (int p = 1; p <= parts; p++)
            for (int r = 1; parts % p == 0 && r <= parts / p; r++)
            {
                int c = parts / p / r;
                if (parts / p % r != 0 || !Allowed(planes, p) || !Allowed(rows, r) || !Allowed(columns, c)
                    || Tiles(grid, 0) < p || Tiles(grid, 1) < r || Tiles(grid, 2) < c)
                    continue;
                Extent e = grid.Extent;
                double surface = (p - 1.0) * e.Rows * e.Columns + (r - 1.0) * e.Planes * e.Columns + (c - 1.0) * e.Planes * e.Rows;
                if (surface < least || (surface == least && best is { } known && c < known.Item3))
                    (least, best) = (surface, (p, r, c));
            }
        return best;
    }

    private static bool Allowed(int asked, int offered) => asked == 0 || asked == offered;

    private static long Tiles(Grid grid, int dimension) => (grid.Extent[dimension] + grid.Tile[dimension] - 1) / grid.Tile[dimension];

    private static long[] Cuts(Grid grid, int dimension, double[] weights) =>
        Apportionment.Cuts(Apportionment.LargestRemainder(Tiles(grid, dimension), weights), grid.Tile[dimension], grid.Extent[dimension]);

    // Capability of every layer of parts along one dimension: the sum over the parts in it.
    private static double[] Along(ReadOnlySpan<double> capabilities, int layers, int stride)
    {
        double[] sums = new double[layers];
        for (int part = 0; part < capabilities.Length; part++)
            sums[part / stride % layers] += capabilities[part];
        return sums;
    }

    /// <inheritdoc/>
    public override string ToString() => "Cartesian blocks";
}
