using SoraHpc.Communication;
using SoraHpc.Solvers.Vectors;

namespace SoraHpc.Solvers.Operators;

/// <summary>
/// A stencil over a grid, without a matrix. While the halo rows travel, the cells that need none are computed; a cell's bits do not
/// depend on the cut.
/// </summary>
public sealed unsafe class StencilOperator : ILinearOperator, IDisposable
{
    // From here on a vector does not stay in the caches until it is read again: it is written past them.
    private const int StreamingBytes = 4 << 20;

    // Of the plane above nothing is in the caches yet, and one row is too short for the processor to see what comes next.
    private const int RowsAhead = 8;

    // Rows of three planes that should stay in a core's own cache.
    private const int BlockBytes = 384 << 10;

    private readonly GridHalo halo;
    private readonly AlignedBuffer<double>? edges;          // of three planes four rows
    private readonly int rowsPerBlock;
    private readonly double sign;
    private readonly bool streams, isSeven;

    /// <param name="stencil">Weights, for example <see cref="Stencil.Laplacian"/>.</param>
    public StencilOperator(GridLayout grid, Stencil stencil, StencilBoundary boundary)
    {
        (Grid, Stencil, Boundary) = (grid, stencil, boundary);
        sign = boundary switch { StencilBoundary.ZeroBeyond => 0, StencilBoundary.ZeroOnFace => -1, _ => 1 };
        isSeven = stencil.Points == 7;
        halo = new(grid, boundary, corners: stencil.Points == 27);
        edges = isSeven ? null : new(3 * 4 * grid.Columns);
        rowsPerBlock = Math.Max(8, BlockBytes / (3 * sizeof(double) * grid.Columns));
        streams = grid.Columns % 8 == 0 && (long)grid.Vectors.LocalLength * sizeof(double) >= StreamingBytes;
    }

    /// <summary>The grid and how it is cut.</summary>
    public GridLayout Grid { get; }

    /// <summary>The weights.</summary>
    public Stencil Stencil { get; }

    /// <summary>What lies beyond the grid.</summary>
    public StencilBoundary Boundary { get; }

    /// <inheritdoc/>
    public VectorLayout Layout => Grid.Vectors;

    /// <inheritdoc/>
    public void Apply(DistributedVector x, DistributedVector y) => Combine(Stencil, x, 0, null, y);

    /// <summary>y = S·x + g·b for a stencil of the same points as this operator's; b null: nothing is added. y is neither x nor b. Collective.</summary>
    internal void Combine(Stencil s, DistributedVector x, double g, DistributedVector? b, DistributedVector y)
    {
        x.Fitting(Layout);
        y.Fitting(Layout);
        if (ReferenceEquals(x, y))
            throw new ArgumentException("an operator's result needs a vector of its own", nameof(y));
        halo.Start(x);
        (int firstPlane, int lastPlane) = Inside(Grid.Planes, Grid.Neighbour(-1, 0), Grid.Neighbour(1, 0));
        (int firstRow, int lastRow) = Inside(Grid.Rows, Grid.Neighbour(0, -1), Grid.Neighbour(0, 1));
        Sweep(s, x, g, b, y, firstPlane, lastPlane, firstRow, lastRow);
        halo.Finish(x);
        Sweep(s, x, g, b, y, 0, firstPlane, 0, Grid.Rows);
        Sweep(s, x, g, b, y, firstPlane, lastPlane, 0, firstRow);
        Sweep(s, x, g, b, y, firstPlane, lastPlane, lastRow, Grid.Rows);
        Sweep(s, x, g, b, y, lastPlane, Grid.Planes, 0, Grid.Rows);
    }

    // What needs nothing from the rank before or after.
    private static (int First, int Last) Inside(int length, int before, int after)
    {
        int first = before == Communicator.ProcessNull ? 0 : 1, last = after == Communicator.ProcessNull ? length : length - 1;
        return (first, Math.Max(first, last));
    }

    private void Sweep(Stencil s, DistributedVector x, double g, DistributedVector? b, DistributedVector y, int firstPlane, int lastPlane, int firstRow, int lastRow)
    {
        if (b is not null)
            Sweep<StencilKernel.Yes>(s, x.Address, g, b.Fitting(Layout).Address, y.Address, firstPlane, lastPlane, firstRow, lastRow);
        else
            Sweep<StencilKernel.No>(s, x.Address, g, null, y.Address, firstPlane, lastPlane, firstRow, lastRow);
    }

    private void Sweep<TRhs>(Stencil s, double* x, double g, double* b, double* y, int firstPlane, int lastPlane, int firstRow, int lastRow) where TRhs : struct, StencilKernel.IChoice
    {
        StencilKernel.Sweep sweep = new(s, g, Grid.Columns, sign, streams);
        int rows = lastRow - firstRow, blocks = (rows + rowsPerBlock - 1) / rowsPerBlock;
        for (int block = 0; block < blocks; block++)
        {
            (int begin, int end) = (firstRow + (int)((long)rows * block / blocks), firstRow + (int)((long)rows * (block + 1) / blocks));
            for (int plane = firstPlane; plane < lastPlane; plane++)
                for (int row = begin, taken; row < end; row += taken)
                {
                    taken = isSeven || row + 1 == end ? 1 : 2;
                    nint at = ((nint)plane * Grid.Rows + row) * Grid.Columns, ahead = at + RowsAhead * Grid.Columns;
                    // Past the block's last row the next plane's first ones come, from the row before the block on.
                    nint further = (Grid.Rows - (end - begin)) * (nint)Grid.Columns, plane1 = (nint)Grid.Rows * Grid.Columns;
                    StencilKernel.Target target = new()
                    {
                        Y = y + at, B = b + at,
                        XAhead = x + plane1 + ahead + (row + RowsAhead > end ? further - 2 * Grid.Columns : 0), BAhead = b + ahead + (row + RowsAhead >= end ? further : 0),
                    };
                    Rows<TRhs>(x, plane, row, taken, target, sweep);
                }
        }
    }

    private void Rows<TRhs>(double* x, int plane, int row, int count, in StencilKernel.Target target, in StencilKernel.Sweep sweep) where TRhs : struct, StencilKernel.IChoice
    {
        if (isSeven)
            StencilKernel.Row7<TRhs>(new()
            {
                Here = halo.Row(x, plane, row), Below = halo.Row(x, plane - 1, row), Above = halo.Row(x, plane + 1, row), South = halo.Row(x, plane, row - 1), North = halo.Row(x, plane, row + 1),
            }, target, sweep);
        else
        {
            StencilKernel.Planes planes = new() { Below = Lines(x, plane - 1, row - 1, count + 2), Here = Lines(x, plane, row - 1, count + 2), Above = Lines(x, plane + 1, row - 1, count + 2) };
            if (count == 1)
                StencilKernel.Rows27<TRhs, StencilKernel.No>(planes, target, sweep);
            else
                StencilKernel.Rows27<TRhs, StencilKernel.Yes>(planes, target, sweep);
        }
    }

    // Rows one after another: where they are, or a copy where the first or the last is the neighbour's, two rows of a plane.
    private double* Lines(double* x, int plane, int row, int count)
    {
        if (row >= 0 && row + count <= Grid.Rows)
            return halo.Row(x, plane, row);
        double* lines = edges!.Address + (nint)(plane + 1) % 3 * 4 * Grid.Columns;
        for (int i = 0; i < count; i++)
            new ReadOnlySpan<double>(halo.Row(x, plane, row + i), Grid.Columns).CopyTo(new(lines + (nint)i * Grid.Columns, Grid.Columns));
        return lines;
    }

    /// <inheritdoc/>
    public void Diagonal(DistributedVector diagonal) => Grid.Fill(diagonal, cell =>
    {
        // What lies beyond is a multiple of the cell itself where as many of its neighbour's steps lead out of the grid.
        int Beyond(int dimension) => (cell[dimension] == 0 ? 1 : 0) + (cell[dimension] == Grid.Extent[dimension] - 1 ? 1 : 0);
        (int p, int r, int c) = (Beyond(0), Beyond(1), Beyond(2));
        return Stencil.Centre + sign * (p * Stencil.AlongPlanes + r * Stencil.AlongRows + c * Stencil.AlongColumns)
            + sign * sign * Stencil.Edge * (p * r + p * c + r * c) + sign * sign * sign * Stencil.Corner * p * r * c;
    });

    /// <summary>Frees the halo. Local.</summary>
    public void Dispose()
    {
        halo.Dispose();
        ((IDisposable?)edges)?.Dispose();
    }
}
