using SoraHpc.Diagnostics;
using SoraHpc.LinearAlgebra;

namespace SoraHpc.Solvers.Dense;

/// <summary>A = L·Lᵀ of a symmetric positive definite matrix over ranks.</summary>
/// <remarks>
/// Right-looking by block columns, one ahead, as <see cref="LuFactors"/>, with the same promises about bits. With ε = 2⁻⁵³: |A − L·Lᵀ| ≤ (n + 1)·ε·|L||Lᵀ| to first
/// order (N. Higham, Accuracy and Stability of Numerical Algorithms, 2nd edition, theorem 10.3), and the solution of A·x = b is that of a system whose matrix differs
/// by at most (3·n + 1)·ε·|L||Lᵀ| (theorem 10.4).
/// </remarks>
public sealed unsafe class CholeskyFactor
{
    private CholeskyFactor(BlockCyclicMatrix matrix) => Matrix = matrix;

    /// <summary>L on and below the diagonal, Lᵀ on and above it.</summary>
    public BlockCyclicMatrix Matrix { get; }

    /// <summary>Factors a symmetric matrix in place. What lies above its diagonal is not read, and overwritten. Collective.</summary>
    /// <exception cref="UsageException">It is not square; on every rank, before anything is sent.</exception>
    /// <exception cref="FactorizationException">It is not positive definite, or holds a value that is infinite or not a number. On every rank, with the same index of
    /// the first pivot that is not positive; the matrix is then partly overwritten.</exception>
    public static CholeskyFactor Factor(BlockCyclicMatrix matrix)
    {
        matrix.CheckSquare("a Cholesky factorisation");
        CholeskyFactor factor = new(matrix);
        factor.Eliminate();
        return factor;
    }

    /// <summary>Solves A·X = B for all columns of B at once, which X takes the place of. Collective.</summary>
    /// <param name="rightSides">As many rows as A, on the same grid in the same blocks; for one column too.</param>
    /// <exception cref="UsageException">The shapes, grids or blocks do not fit; on every rank, before anything is sent.</exception>
    public void Solve(BlockCyclicMatrix rightSides)
    {
        Matrix.CheckRightSides(rightSides);
        Substitution.Forward(Matrix, unitDiagonal: false, rightSides);
        Substitution.Backward(Matrix, rightSides);
    }

    private void Eliminate()
    {
        BlockCycle columns = Matrix.ColumnCycle;
        using CholeskyPanel first = new(Matrix), second = new(Matrix);
        (CholeskyPanel present, CholeskyPanel next) = (first, second);
        next.Start(0);
        for (int k = 0; k < columns.Blocks; k++)
        {
            (present, next) = (next, present);
            present.Wait();
            if (present.Failed >= 0)
                throw new FactorizationException($"the matrix of order {Matrix.Rows} is not positive definite: pivot {present.Failed} (from 0) is not a positive number", present.Failed);
            int column = present.BeginColumn;
            if (k + 1 < columns.Blocks)
            {
                if (columns.Owns(k + 1))
                {
                    Update(present, column, column + columns.WidthOf(k + 1), travelling: null);
                    column += columns.WidthOf(k + 1);
                }
                next.Start(k + 1);
            }
            for (int end; column < Matrix.LocalColumns; column = end)
            {
                end = Math.Min(Matrix.LocalColumns, column + Strip);
                Update(present, column, end, k + 1 < columns.Blocks ? next : null);
            }
            present.Mirror();
        }
    }

    // Whole blocks of columns, so that what is computed in vain above the diagonal stays within blocks on it.
    private int Strip => Math.Max(1, MatrixProduct.Strip / Matrix.Block) * Matrix.Block;

    // Below the strip's last diagonal block all its columns at once; above, block column by block column from the diagonal down.
    // Messages move on after every product: a rank may be waiting for what this one sends.
    private void Update(CholeskyPanel panel, int begin, int end, CholeskyPanel? travelling)
    {
        int bottom = RowBelow(end - 1);
        for (int column = begin, next; column < end; column = next)
        {
            next = Math.Min(end, column + Matrix.Block);
            Multiply(panel, Matrix.RowCycle.Before(Matrix.ColumnAt(column)), bottom, column, next);
            travelling?.MoveOn();
        }
        Multiply(panel, bottom, Matrix.LocalRows, begin, end);
        travelling?.MoveOn();
    }

    // First local row below the block of a local column.
    private int RowBelow(int column) => Matrix.RowCycle.Before(Math.Min(Matrix.Rows, (Matrix.ColumnAt(column) / Matrix.Block + 1) * Matrix.Block));

    private void Multiply(CholeskyPanel panel, int row, int endRow, int column, int endColumn) =>
        Matrix.Grid.Kernels.Multiply(endRow - row, endColumn - column, panel.Width, -1, panel.Below(row), panel.LeadingBelow,
            panel.Across(column), panel.LeadingAcross, transposeB: true, 1, Matrix.At(row, column), Matrix.Leading);
}
