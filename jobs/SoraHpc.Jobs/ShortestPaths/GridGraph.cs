namespace SoraHpc.Jobs.ShortestPaths;

/// <summary>A street map: vertices in rows and columns, each joined to those beside it by an edge of random length in [0, 1). Shortest
/// paths have about as many edges as the grid is long, which is many rounds for a method that works in rounds.</summary>
public sealed class GridGraph : IGraph
{
    private readonly long rows, columns, horizontal;
    private readonly IndexedRandom random;

    /// <param name="rows">≥ 1.</param>
    /// <param name="columns">≥ 1.</param>
    public GridGraph(long rows, long columns, long seed = 1)
    {
        (this.rows, this.columns) = (AtLeastOne(rows), AtLeastOne(columns));
        horizontal = rows * (columns - 1);
        random = new IndexedRandom(seed);
    }

    /// <inheritdoc/>
    public long Vertices => rows * columns;

    /// <inheritdoc/>
    public long Edges => horizontal + (rows - 1) * columns;

    /// <inheritdoc/>
    public GraphEdge Edge(long index)
    {
        double weight = random.Uniform(index);
        if (index >= horizontal)
            return new(index - horizontal, index - horizontal + columns, weight);
        (long row, long column) = Math.DivRem(index, columns - 1);
        return new(row * columns + column, row * columns + column + 1, weight);
    }

    /// <inheritdoc/>
    public override string ToString() => $"grid of {rows} × {columns}";

    private static long AtLeastOne(long length) => length >= 1 ? length
        : throw new ArgumentOutOfRangeException(nameof(length), length, "a grid has one row and one column or more");
}
