using SoraHpc.Diagnostics;
using SoraHpc.LinearAlgebra;

namespace SoraHpc.Solvers.Dense;

/// <summary>P·A = L·U with partial pivoting, over ranks.</summary>
/// <remarks>
/// Right-looking by block columns, one ahead: a column of ranks factors the next panel first and sends it on its way, and only then updates the rest
/// (J. Dongarra, P. Luszczek and A. Petitet, Concurrency Computat.: Pract. Exper. 15 (2003) 803–820). The same bits for the same grid and library, whatever the timing; with managed
/// kernels on any grid, for the same size of blocks.
/// With ε = 2⁻⁵³: |P·A − L·U| ≤ n·ε·|L||U| to first order (N. Higham, Accuracy and Stability of Numerical Algorithms, 2nd edition, theorem 9.3), and the solution of A·x = b
/// is that of a system whose matrix differs by at most 3·n·ε·|L||U| (theorem 9.4).
/// </remarks>
public sealed class LuFactors
{
    private readonly int[] pivots;

    private LuFactors(BlockCyclicMatrix matrix) => (Matrix, pivots) = (matrix, new int[matrix.Rows]);

    /// <summary>U on and above the diagonal, L below it; the ones on L's diagonal are not stored.</summary>
    public BlockCyclicMatrix Matrix { get; }

    /// <summary>Row i changed places with row Pivots[i] ≥ i, in ascending order of i; the same on every rank.</summary>
    public ReadOnlySpan<int> Pivots => pivots;

    /// <summary>Factors a square matrix in place. Collective.</summary>
    /// <exception cref="UsageException">It is not square; on every rank, before anything is sent.</exception>
    /// <exception cref="FactorizationException">It is singular: in a column no pivot is left, or none that is a finite number. On every rank, with the same
    /// index; the matrix is then partly overwritten. A matrix singular but for rounding is not recognised.</exception>
    public static LuFactors Factor(BlockCyclicMatrix matrix)
    {
        matrix.CheckSquare("an LU factorisation");
        LuFactors factors = new(matrix);
        factors.Eliminate();
        return factors;
    }

    /// <summary>Solves A·X = B for all columns of B at once, which X takes the place of. Collective.</summary>
    /// <param name="rightSides">As many rows as A, on the same grid in the same blocks; for one column too.</param>
    /// <exception cref="UsageException">The shapes, grids or blocks do not fit; on every rank, before anything is sent.</exception>
    public void Solve(BlockCyclicMatrix rightSides)
    {
        Matrix.CheckRightSides(rightSides);
        using (RowExchange exchange = new(Matrix))
        {
            exchange.Plan(0, pivots);
            exchange.Apply(rightSides, 0, rightSides.LocalColumns);
        }
        Substitution.Forward(Matrix, unitDiagonal: true, rightSides);
        Substitution.Backward(Matrix, rightSides);
    }

    private void Eliminate()
    {
        BlockCycle columns = Matrix.ColumnCycle;
        using Panel first = new(Matrix), second = new(Matrix);
        using LuPanel factoring = new(Matrix, first);
        using RowExchange exchange = new(Matrix);
        using TrailingUpdate update = new(Matrix) { Exchange = exchange };
        (Panel present, Panel next) = (first, second);
        Start(0, factoring, next);
        for (int k = 0; k < columns.Blocks; k++)
        {
            (present, next) = (next, present);
            present.Wait();
            CheckPivots(present);
            int row = k * Matrix.Block, rest = columns.Before(row + present.Width);
            for (int i = 0; i < present.Width; i++)
                pivots[row + i] = (int)present.Pivots[i];
            exchange.Plan(row, pivots.AsSpan(row, present.Width));
            if (k + 1 < columns.Blocks)
            {
                if (columns.Owns(k + 1))
                {
                    int end = rest + columns.WidthOf(k + 1);
                    update.Update(present, Triangle.UnitLower, rest, end, next);
                    rest = end;
                }
                Start(k + 1, factoring, next);
            }
            update.Update(present, Triangle.UnitLower, rest, Matrix.LocalColumns, next);
        }
        OrderMultipliers(exchange);
    }

    // The multipliers of a column follow all later exchanges: at the end, in one pass over each column instead of one for every later panel, which took a
    // cache line for each entry it moved.
    private void OrderMultipliers(RowExchange exchange)
    {
        BlockCycle columns = Matrix.ColumnCycle;
        int[] rowAt = [.. Enumerable.Range(0, Matrix.Rows)], placeOf = [.. rowAt];
        for (int block = columns.Blocks - 1; block > 0; block--)
        {
            int first = block * Matrix.Block;
            for (int row = first + columns.WidthOf(block) - 1; row >= first; row--)
                ExchangeBefore(row, pivots[row]);
            if (!columns.Owns(block - 1))
                continue;
            exchange.PlanOrder(rowAt, first);
            exchange.Apply(Matrix, columns.LocalBegin(block - 1), columns.LocalBegin(block - 1) + Matrix.Block);
        }

        // Two rows change places before all that rowAt describes.
        void ExchangeBefore(int a, int b)
        {
            (rowAt[placeOf[a]], rowAt[placeOf[b]]) = (b, a);
            (placeOf[a], placeOf[b]) = (placeOf[b], placeOf[a]);
        }
    }

    private void Start(int block, LuPanel factoring, Panel panel)
    {
        int below = Matrix.RowCycle.Before(block * Matrix.Block + Matrix.ColumnCycle.WidthOf(block));
        panel.Describe(block, below, Matrix.LocalRows);
        if (Matrix.ColumnCycle.Owns(block))
            factoring.Factor(panel);
        panel.Start();
    }

    private void CheckPivots(Panel panel)
    {
        if (panel.Failed < 0)
            return;
        throw new FactorizationException(panel.FailedPivot == 0
            ? $"the matrix of order {Matrix.Rows} is singular: no pivot is left in column {panel.Failed} (from 0), so it has no inverse and no unique solution"
            : $"the matrix of order {Matrix.Rows} has no LU factorisation: in column {panel.Failed} (from 0) a value is infinite or not a number; look for it in what was read, or scale the matrix", panel.Failed);
    }
}
