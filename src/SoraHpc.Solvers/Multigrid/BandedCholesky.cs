using SoraHpc.Decomposition;
using SoraHpc.Diagnostics;
using SoraHpc.Solvers.Operators;
using SoraHpc.Solvers.Vectors;

namespace SoraHpc.Solvers.Multigrid;

/// <summary>The Cholesky factor of a stencil on a small grid, which fills the band and no more.</summary>
internal sealed class BandedCholesky
{
    private readonly int length, band;
    private readonly double[] lower;            // row by row, band + 1 entries, the diagonal last and inverted

    internal BandedCholesky(StencilOperator matrix)
    {
        Extent extent = matrix.Grid.Extent;
        (length, band) = ((int)extent.Cells, (int)BandOf(extent));
        lower = new double[(long)length * (band + 1)];
        Assemble(matrix);
        Factor(extent);
    }

    internal static long EntriesFor(Extent extent) => extent.Cells * (BandOf(extent) + 1);

    // The farthest neighbour before a cell: a plane, a row and a column away.
    private static long BandOf(Extent extent) => Math.Min(extent.Cells - 1, extent.Rows * extent.Columns + extent.Columns + 1);

    private ref double At(int row, int column) => ref lower[row * (band + 1) + column - row + band];

    // Column by column as the stencil answers a unit vector: whatever the boundary does is then in the matrix.
    private void Assemble(StencilOperator matrix)
    {
        using DistributedVector unit = new(matrix.Layout), answer = new(matrix.Layout);
        for (int column = 0; column < length; column++)
        {
            unit.Local[column] = 1;
            matrix.Apply(unit, answer);
            unit.Local[column] = 0;
            for (int row = column; row <= Math.Min(length - 1, column + band); row++)
                At(row, column) = answer.Local[row];
        }
    }

    private void Factor(Extent extent)
    {
        for (int row = 0; row < length; row++)
            for (int column = Math.Max(0, row - band); column <= row; column++)
            {
                double sum = At(row, column);
                for (int k = Math.Max(0, row - band); k < column; k++)
                    if (k >= column - band)
                        sum = Math.FusedMultiplyAdd(-At(row, k), At(column, k), sum);
                if (column < row)
                    At(row, column) = sum * At(column, column);
                else if (sum > 0)
                    At(row, row) = 1 / Math.Sqrt(sum);
                else
                    throw new SoraException($"multigrid: the matrix is not positive definite on the coarsest grid of {extent} cells: check signs and boundary");
            }
    }

    /// <summary>x = A⁻¹·b.</summary>
    internal void Solve(ReadOnlySpan<double> b, Span<double> x)
    {
        for (int row = 0; row < length; row++)
        {
            double sum = b[row];
            for (int column = Math.Max(0, row - band); column < row; column++)
                sum = Math.FusedMultiplyAdd(-At(row, column), x[column], sum);
            x[row] = sum * At(row, row);
        }
        for (int row = length - 1; row >= 0; row--)
        {
            double solved = x[row] * At(row, row);
            x[row] = solved;
            for (int column = Math.Max(0, row - band); column < row; column++)
                x[column] = Math.FusedMultiplyAdd(-At(row, column), solved, x[column]);
        }
    }
}
