namespace SoraHpc.Decomposition;

/// <summary>The place of one cell, or an offset between two: plane, row, column; columns are contiguous in memory.</summary>
public readonly record struct Cell(long Plane, long Row, long Column)
{
    /// <summary>A place in a grid of rows and columns.</summary>
    public Cell(long row, long column) : this(0, row, column) { }

    /// <summary>Coordinate along a dimension: 0 plane, 1 row, 2 column.</summary>
    public long this[int dimension] => dimension switch { 0 => Plane, 1 => Row, _ => Column };

    /// <summary>This place with the coordinate along <paramref name="dimension"/> replaced.</summary>
    public Cell With(int dimension, long coordinate) => dimension switch
    {
        0 => this with { Plane = coordinate },
        1 => this with { Row = coordinate },
        _ => this with { Column = coordinate },
    };

    public static Cell operator +(Cell a, Cell b) => new(a.Plane + b.Plane, a.Row + b.Row, a.Column + b.Column);
    public static Cell operator -(Cell a, Cell b) => new(a.Plane - b.Plane, a.Row - b.Row, a.Column - b.Column);
    public static Cell operator *(long n, Cell a) => new(n * a.Plane, n * a.Row, n * a.Column);

    /// <inheritdoc/>
    public override string ToString() => $"({Plane}, {Row}, {Column})";
}
