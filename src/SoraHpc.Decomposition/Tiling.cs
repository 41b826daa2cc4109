namespace SoraHpc.Decomposition;

/// <summary>
/// A grid seen as a lattice of equal pieces, each of whole tiles: what curves, graphs and cyclic dealing assign to ranks. Pieces are
/// numbered with columns fastest; those at the far edges may be smaller.
/// </summary>
public sealed class Tiling
{
    private readonly double[] weights;

    /// <param name="piece">Cells of a piece along each dimension, multiples of the grid's tile.</param>
    public Tiling(Grid grid, Extent piece)
    {
        (Grid, Piece, Counts) = (grid, piece, grid.Extent.DividedBy(piece));
        if (Counts.Cells > Array.MaxLength)
            throw new PartitionException($"{Counts} pieces of {piece} cells are too many to deal out one by one: use larger tiles");
        weights = new double[Counts.Cells];
        for (int i = 0; i < weights.Length; i++)
            weights[i] = Layers.WeightOf(grid, BlockOf(i));
    }

    /// <summary>Pieces as large as goes, nearly cubes, such that there are still <paramref name="atLeast"/> of them; the tiles themselves
    /// where there are not so many.</summary>
    public static Tiling Coarse(Grid grid, long atLeast)
    {
        Extent piece = grid.Tile;
        while (Doubled(grid.Extent, piece, atLeast) is { } larger)
            piece = larger;
        return new(grid, piece);
    }

    /// <summary>What is tiled.</summary>
    public Grid Grid { get; }

    /// <summary>Cells of a piece along each dimension.</summary>
    public Extent Piece { get; }

    /// <summary>Pieces along each dimension.</summary>
    public Extent Counts { get; }

    /// <summary>Number of pieces.</summary>
    public int Count => weights.Length;

    /// <summary>Work of one step in every piece [the unit of the grid's weights, or cells].</summary>
    public ReadOnlySpan<double> Weights => weights;

    /// <summary>Where a piece is in the lattice, in pieces.</summary>
    public Cell PlaceOf(int piece)
    {
        (long line, long column) = Math.DivRem(piece, Counts.Columns);
        return new(line / Counts.Rows, line % Counts.Rows, column);
    }

    /// <summary>The piece at a place in the lattice.</summary>
    public int IndexOf(Cell place) => (int)((place.Plane * Counts.Rows + place.Row) * Counts.Columns + place.Column);

    /// <summary>The piece a cell of the grid lies in.</summary>
    public int Containing(Cell cell) => IndexOf(new(cell.Plane / Piece.Planes, cell.Row / Piece.Rows, cell.Column / Piece.Columns));

    /// <summary>The cells of a piece.</summary>
    public Block BlockOf(int piece)
    {
        Cell place = PlaceOf(piece);
        return CellsOf(new Block(place, place + new Cell(1, 1, 1)));
    }

    /// <summary>The cells of a box of pieces.</summary>
    public Block CellsOf(Block pieces) => new Block(Scaled(pieces.Begin), Scaled(pieces.End)).Intersect(Grid.Extent.Whole);

    /// <summary>The pieces of a box of pieces, ascending.</summary>
    public IEnumerable<int> PiecesIn(Block pieces)
    {
        for (long plane = pieces.Begin.Plane; plane < pieces.End.Plane; plane++)
            for (long row = pieces.Begin.Row; row < pieces.End.Row; row++)
                for (long column = pieces.Begin.Column; column < pieces.End.Column; column++)
                    yield return IndexOf(new(plane, row, column));
    }

    private Cell Scaled(Cell place) => new(place.Plane * Piece.Planes, place.Row * Piece.Rows, place.Column * Piece.Columns);

    // Twice the shortest side that can be doubled; null when every doubling leaves too few pieces.
    private static Extent? Doubled(Extent extent, Extent piece, long atLeast)
    {
        Extent? best = null;
        long shortest = long.MaxValue;
        for (int d = 2; d >= 0; d--)
        {
            Extent larger = new(piece.Planes << (d == 0 ? 1 : 0), piece.Rows << (d == 1 ? 1 : 0), piece.Columns << (d == 2 ? 1 : 0));
            if (piece[d] < extent[d] && piece[d] < shortest && extent.DividedBy(larger).Cells >= atLeast)
                (best, shortest) = (larger, piece[d]);
        }
        return best;
    }
}
