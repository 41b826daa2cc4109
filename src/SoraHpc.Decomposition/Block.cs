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

    /// <inheritdoc/>
    public override string ToString() => $"[{Begin} … {End})";
}
