namespace SoraHpc.Decomposition;

/// <summary>A box of cells: <paramref name="Begin"/> inside, <paramref name="End"/> just outside, along every dimension.</summary>
public readonly record struct Block(Cell Begin, Cell End)
{
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
        new Cell(Math.Min(End.Plane, other.End.Plane), Math.Min(End.Row, other.End.Row), Math.Min(End.Column, other.End.Column)));

    /// <summary>The block without its outermost <paramref name="width"/> cells; possibly empty. Dimensions of length 1 in
    /// <paramref name="extent"/> are not shrunk: nothing lies beyond them.</summary>
    public Block Shrink(int width, Extent extent) => Grow(-width, extent);

    /// <summary>The block and the <paramref name="width"/> cells around it, along every dimension the extent has more than one cell in.</summary>
    public Block Grow(int width, Extent extent)
    {
        Cell by = new(extent.Planes > 1 ? width : 0, extent.Rows > 1 ? width : 0, extent.Columns > 1 ? width : 0);
        return new(Begin - by, End + by);
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
            Block before = new(rest.Begin, rest.End.With(dimension, inner.Begin[dimension]));
            Block after = new(rest.Begin.With(dimension, inner.End[dimension]), rest.End);
            if (!before.IsEmpty)
                yield return before;
            if (!after.IsEmpty)
                yield return after;
            rest = new(rest.Begin.With(dimension, inner.Begin[dimension]), rest.End.With(dimension, inner.End[dimension]));
        }
    }

    /// <inheritdoc/>
    public override string ToString() => $"[{Begin} … {End})";
}
