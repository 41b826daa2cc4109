namespace SoraHpc.Decomposition;

/// <summary>The weights of a box of tiles summed into layers across one dimension, and cuts between layers.</summary>
internal static class Layers
{
    /// <summary>Work in every layer of tiles of a box of cells.</summary>
    /// <param name="box">Whole tiles of the grid.</param>
    internal static double[] Weights(Grid grid, int dimension, Block box)
    {
        long unit = grid.Tile[dimension], first = box.Begin[dimension] / unit;
        double[] layers = new double[(box.End[dimension] + unit - 1) / unit - first];
        for (int i = 0; i < layers.Length; i++)
        {
            long begin = (first + i) * unit, end = Math.Min(begin + unit, box.End[dimension]);
            layers[i] = WeightOf(grid, new(box.Begin.With(dimension, begin), box.End.With(dimension, end)));
        }
        return layers;
    }

    /// <summary>Work in a box of whole tiles.</summary>
    internal static double WeightOf(Grid grid, Block box)
    {
        if (grid.Weights.IsEmpty)
            return box.Cells;
        ReadOnlySpan<double> weights = grid.Weights.Span;
        (Extent tile, Extent tiles) = (grid.Tile, grid.Tiles);
        int column = (int)(box.Begin.Column / tile.Columns), columns = (int)((box.End.Column + tile.Columns - 1) / tile.Columns) - column;
        double sum = 0;
        for (long plane = box.Begin.Plane / tile.Planes; plane * tile.Planes < box.End.Plane; plane++)
            for (long row = box.Begin.Row / tile.Rows; row * tile.Rows < box.End.Row; row++)
                foreach (double weight in weights.Slice((int)((plane * tiles.Rows + row) * tiles.Columns + column), columns))
                    sum += weight;
        return sum;
    }

    /// <summary>Tiles in a box of whole tiles.</summary>
    internal static long TilesIn(Grid grid, Block box) => new Extent(box.Planes, box.Rows, box.Columns).DividedBy(grid.Tile).Cells;

    /// <summary>Where to cut the whole grid across a dimension into layers for these capabilities, in cells: 0, …, the grid's length.
    /// Equal tiles go by largest remainders, weighted ones by the best contiguous cut.</summary>
    internal static long[] Cuts(Grid grid, int dimension, ReadOnlySpan<double> capabilities)
    {
        long unit = grid.Tile[dimension], length = grid.Extent[dimension];
        if (grid.Weights.IsEmpty)
            return Apportionment.Cuts(Apportionment.LargestRemainder(grid.Tiles[dimension], capabilities), unit, length);
        int[] cuts = ContiguousCut.Optimal(Weights(grid, dimension, grid.Extent.Whole), capabilities);
        return Array.ConvertAll(cuts, cut => Math.Min(length, cut * unit));
    }
}
