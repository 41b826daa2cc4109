namespace SoraHpc.Decomposition;

/// <summary>A box of cells, possibly empty.</summary>
public readonly record struct Block
{
    /// <param name="begin">The first cell.</param>
    /// <param name="end">Just outside the last, along every dimension: one plane beyond it, one row and one column.</param>
    /// <exception cref="ArgumentException">Rows and columns but no plane: two cells of rows and columns alone were meant as a block.</exception>
    public Block(Cell begin, Cell end) : this(begin, end, mayBeFlat: false) { }

    /// <summary>A box of a grid of rows and columns: plane 0.</summary>
    /// <param name="rows">First row and the row after the last.</param>
    /// <param name="columns">First column and the column after the last.</param>
    public Block((long Begin, long End) rows, (long Begin, long End) columns)
        : this(new(0, rows.Begin, columns.Begin), new(1, rows.End, columns.End), mayBeFlat: true) { }

    // Cells of rows and columns are both in plane 0, so as begin and end of a block they leave no plane between them. The block's
    // own arithmetic makes such blocks on purpose; from outside it is a mistake that would silently do nothing.
    private Block(Cell begin, Cell end, bool mayBeFlat)
    {
        (Begin, End) = (begin, end);
        if (!mayBeFlat && begin.Plane == end.Plane && Rows > 0 && Columns > 0)
            throw new ArgumentException($"the block {this} has rows and columns but no plane: give its rows and columns as ranges, or an end one plane further", nameof(end));
    }

    /// <summary>The first cell.</summary>
    public Cell Begin { get; }

    /// <summary>Just outside the last cell, along every dimension.</summary>
    public Cell End { get; }

    public long Planes => Math.Max(0, End.Plane - Begin.Plane);
    public long Rows => Math.Max(0, End.Row - Begin.Row);
    public long Columns => Math.Max(0, End.Column - Begin.Column);

    /// <summary>Number of cells, 0 for an empty block.</summary>
    public long Cells => Planes * Rows * Columns;

    /// <summary>True when it holds no cell.</summary>
    public bool IsEmpty => Cells == 0;

    /// <summary>Whether the cell is in the block.</summary>
    public bool Contains(Cell cell) =>
        cell.Plane >= Begin.Plane && cell.Plane < End.Plane &&
        cell.Row >= Begin.Row && cell.Row < End.Row &&
        cell.Column >= Begin.Column && cell.Column < End.Column;

    /// <summary>The cells in both; possibly empty.</summary>
    public Block Intersect(Block other) => new(
        new Cell(Math.Max(Begin.Plane, other.Begin.Plane), Math.Max(Begin.Row, other.Begin.Row), Math.Max(Begin.Column, other.Begin.Column)),
        new Cell(Math.Min(End.Plane, other.End.Plane), Math.Min(End.Row, other.End.Row), Math.Min(End.Column, other.End.Column)), mayBeFlat: true);

    /// <summary>The block without its outermost <paramref name="width"/> cells; possibly empty. Dimensions of length 1 in
    /// <paramref name="extent"/> are not shrunk: nothing lies beyond them.</summary>
    public Block Shrink(int width, Extent extent) => Grow(-width, extent);

    /// <summary>The block and the <paramref name="width"/> cells around it, along every dimension the extent has more than one cell in.</summary>
    public Block Grow(int width, Extent extent)
    {
        Cell by = new(extent.Planes > 1 ? width : 0, extent.Rows > 1 ? width : 0, extent.Columns > 1 ? width : 0);
        return new(Begin - by, End + by, mayBeFlat: true);
    }

    /// <summary>The cells of this block that are not in <paramref name="inner"/>, as at most six boxes, long rows first.</summary>
    public IEnumerable<Block> Without(Block inner)
    {
        if (inner.IsEmpty)
        {
            yield return this;
            yield break;
        }
        Block rest = this;
        for (int dimension = 0; dimension < 3; dimension++)
        {
            Block before = new(rest.Begin, rest.End.With(dimension, inner.Begin[dimension]), mayBeFlat: true);
            Block after = new(rest.Begin.With(dimension, inner.End[dimension]), rest.End, mayBeFlat: true);
            if (!before.IsEmpty)
                yield return before;
            if (!after.IsEmpty)
                yield return after;
            rest = new(rest.Begin.With(dimension, inner.Begin[dimension]), rest.End.With(dimension, inner.End[dimension]), mayBeFlat: true);
        }
    }

    /// <summary>The cells within <paramref name="width"/> beyond each face, edges and corners excluded: one box a face, along every
    /// dimension the extent has more than one cell in; possibly outside the extent.</summary>
    public IEnumerable<Block> Sides(int width, Extent extent)
    {
        for (int d = 0; d < 3; d++)
            if (extent[d] > 1)
            {
                yield return new(Begin.With(d, Begin[d] - width), End.With(d, Begin[d]));
                yield return new(Begin.With(d, End[d]), End.With(d, End[d] + width));
            }
    }

    /// <summary>Every cell, planes slowest and columns fastest.</summary>
    public IEnumerable<Cell> CellsInOrder()
    {
        for (long plane = Begin.Plane; plane < End.Plane; plane++)
            for (long row = Begin.Row; row < End.Row; row++)
                for (long column = Begin.Column; column < End.Column; column++)
                    yield return new(plane, row, column);
    }

    /// <inheritdoc/>
    public override string ToString() => $"[{Begin} … {End})";
}
