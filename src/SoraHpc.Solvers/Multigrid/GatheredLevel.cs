using SoraHpc.Communication;
using SoraHpc.Solvers.Operators;
using SoraHpc.Solvers.Vectors;

namespace SoraHpc.Solvers.Multigrid;

/// <summary>A small grid that every rank gets whole and solves alone, to take its own part of the result: one message round instead of
/// one a grid, and the ranks agree to the bit because they do the same.</summary>
internal sealed class GatheredLevel : IGridLevel
{
    private readonly GridLayout grid, wholeGrid;
    private readonly Communicator self;
    private readonly StencilOperator whole;
    private readonly IGridLevel level;
    private readonly DistributedVector b, x;
    private readonly AlignedBuffer<double> parts;
    private readonly int[] counts;

    internal GatheredLevel(StencilOperator matrix, MultigridOptions options)
    {
        grid = matrix.Grid;
        self = grid.Communicator.Self();
        wholeGrid = new(self, grid.Extent);
        whole = new(wholeGrid, matrix.Stencil, matrix.Boundary);
        level = IGridLevel.Create(whole, options);
        (b, x, parts) = (new(wholeGrid.Vectors), new(wholeGrid.Vectors), new(wholeGrid.Vectors.LocalLength));
        counts = [.. Enumerable.Range(0, grid.Communicator.Size).Select(rank => (int)(grid.Vectors.BeginOf(rank + 1) - grid.Vectors.BeginOf(rank)))];
    }

    /// <inheritdoc/>
    public int Depth => level.Depth;

    /// <inheritdoc/>
    public void Solve(DistributedVector b, DistributedVector x)
    {
        grid.Communicator.Allgatherv<double>(b.Local, parts.GetSpan(), counts);
        for (int rank = 0, from = 0; rank < counts.Length; rank++)
            grid.CopyBox(rank, parts.GetSpan(), ref from, this.b.Local);
        level.Solve(this.b, this.x);
        int run = grid.Rows * grid.Columns;
        for (int plane = 0; plane < grid.Planes; plane++)
        {
            int at = (int)(((grid.Block.Begin.Plane + plane) * grid.Extent.Rows + grid.Block.Begin.Row) * grid.Columns);
            this.x.Local.Slice(at, run).CopyTo(x.Local[(plane * run)..]);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (IDisposable mine in (IDisposable[])[level, whole, b, x, parts, self])
            mine.Dispose();
    }
}
