namespace SoraHpc.Decomposition;

/// <summary>How many cells a grid has along each dimension, each ≥ 1. One- and two-dimensional grids have one plane (and row).</summary>
public readonly record struct Extent
{
    /// <param name="planes">≥ 1.</param>
    /// <param name="rows">≥ 1.</param>
    /// <param name="columns">≥ 1; contiguous in memory.</param>
    public Extent(long planes, long rows, long columns)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(planes, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        (Planes, Rows, Columns) = (planes, rows, columns);
    }

    public Extent(long rows, long columns) : this(1, rows, columns) { }

    public long Planes { get; }
    public long Rows { get; }
    public long Columns { get; }

    /// <summary>Length along a dimension: 0 planes, 1 rows, 2 columns.</summary>
    public long this[int dimension] => dimension switch { 0 => Planes, 1 => Rows, _ => Columns };

    /// <summary>Number of cells.</summary>
    public long Cells => Planes * Rows * Columns;

    /// <summary>All cells as one block.</summary>
    public Block Whole => new(new Cell(0, 0, 0), new Cell(Planes, Rows, Columns));

    /// <summary>How many pieces of these lengths cover it along each dimension.</summary>
    public Extent DividedBy(Extent piece) => new(
        (Planes + piece.Planes - 1) / piece.Planes, (Rows + piece.Rows - 1) / piece.Rows, (Columns + piece.Columns - 1) / piece.Columns);

    /// <inheritdoc/>
    public override string ToString() => Planes > 1 ? $"{Planes} × {Rows} × {Columns}" : Rows > 1 ? $"{Rows} × {Columns}" : $"{Columns}";
}
