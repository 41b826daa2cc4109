using SoraHpc.Communication;

namespace SoraHpc.Solvers.Dense;

/// <summary>LU with partial pivoting of one block column, by the ranks of one column of the grid together.</summary>
/// <remarks>
/// The column is halved again and again, so that nearly all work is matrix products (S. Toledo, SIAM J. Matrix Anal. Appl. 18 (1997) 1065–1081).
/// Every rank keeps the block on the diagonal as it grows: it learns each pivot's row as soon as that is found, so a column costs one
/// collective call of 2·(1 + w) entries a rank. Of equally large pivots the first row's is taken, on any grid.
/// </remarks>
internal sealed unsafe class LuPanel : IDisposable
{
    // Columns eliminated one by one: eight of 8192 rows stay in an L2 cache of 1 MB.
    private const int Leaf = 8;

    // Of a message: size of the largest entry, its row, that row, and the row whose place it takes.
    private const int SizeAt = 0, RowAt = 1, CandidateAt = 2;

    private readonly BlockCyclicMatrix matrix;
    private readonly RankGrid grid;
    private readonly AlignedBuffer<double> own, all;
    private Panel panel;
    private int firstRow, firstLocal, firstColumn;
    private bool ownsTop;

    internal LuPanel(BlockCyclicMatrix matrix, Panel panel)
    {
        (this.matrix, this.panel) = (matrix, panel);
        grid = matrix.Grid;
        own = new(CandidateAt + 2 * matrix.Block);
        all = new(own.Length * grid.Rows);
    }

    private int MessageLength => CandidateAt + 2 * panel.Width;

    /// <summary>Factors in place the block column that <paramref name="into"/> describes, and packs it there, or why it cannot be. Collective along the column.</summary>
    internal void Factor(Panel into)
    {
        panel = into;
        firstRow = panel.Block * matrix.Block;
        firstLocal = matrix.RowCycle.Before(firstRow);
        firstColumn = matrix.ColumnCycle.LocalBegin(panel.Block);
        ownsTop = matrix.RowCycle.Owns(panel.Block);
        panel.Failed = -1;
        if (!Factor(0, panel.Width))
            return;
        if (ownsTop)
            for (int j = 0; j < panel.Width; j++)
                new Span<double>(Top(0, j), panel.Width).CopyTo(new(matrix.At(firstLocal, firstColumn + j), panel.Width));
        panel.Pack();
    }

    public void Dispose()
    {
        ((IDisposable)own).Dispose();
        ((IDisposable)all).Dispose();
    }

    private double* Top(int row, int column) => panel.Top + (long)column * matrix.Block + row;

    private double* At(int localRow, int column) => matrix.At(localRow, firstColumn + column);

    // Where this rank's rows begin that are still to be eliminated at a column.
    private int Below(int column) => firstLocal + (ownsTop ? column : 0);

    private bool Factor(int begin, int end)
    {
        if (end - begin <= Leaf)
            return Eliminate(begin, end);
        int middle = begin + (end - begin + 1) / 2;
        if (!Factor(begin, middle))
            return false;
        grid.Kernels.SolveLower(middle - begin, end - middle, Top(begin, begin), matrix.Block, unitDiagonal: true, Top(begin, middle), matrix.Block);
        int rows = matrix.LocalRows - Below(middle);
        grid.Kernels.Multiply(rows, end - middle, middle - begin, -1, At(Below(middle), begin), matrix.Leading,
            Top(begin, middle), matrix.Block, transposeB: false, 1, At(Below(middle), middle), matrix.Leading);
        return Factor(middle, end);
    }

    // 16 B read and 8 written for every entry of a later column of the leaf, in L2.
    private bool Eliminate(int begin, int end)
    {
        for (int column = begin; column < end; column++)
        {
            if (!TakePivot(column))
                return false;
            int below = Below(column + 1);
            Span<double> multipliers = new(At(below, column), matrix.LocalRows - below);
            PanelLoops.Divide(multipliers, *Top(column, column));
            for (int later = column + 1; later < end; later++)
                PanelLoops.Subtract(new(At(below, later), multipliers.Length), *Top(column, later), multipliers);
        }
        return true;
    }

    private bool TakePivot(int column)
    {
        OfferPivot(column);
        double* messages = own.Address;
        if (grid.Rows > 1)
        {
            grid.AlongColumn.Allgather<double>(own.GetSpan()[..MessageLength], all.GetSpan()[..(MessageLength * grid.Rows)]);
            messages = all.Address;
        }
        double* best = messages;
        for (int rank = 1; rank < grid.Rows; rank++)
        {
            double* other = messages + rank * MessageLength;
            if (other[SizeAt] > best[SizeAt] || other[SizeAt] == best[SizeAt] && other[RowAt] < best[RowAt])
                best = other;
        }
        if (!(best[SizeAt] is > 0 and < double.PositiveInfinity))
        {
            (panel.Failed, panel.FailedPivot) = (firstRow + column, best[SizeAt]);
            return false;
        }
        Exchange(column, (int)best[RowAt], best + CandidateAt, messages + matrix.RowCycle.OwnerOf(firstRow) * MessageLength + CandidateAt + panel.Width);
        return true;
    }

    private void OfferPivot(int column)
    {
        int below = Below(column), largest = PanelLoops.LargestAt(new(At(below, column), matrix.LocalRows - below));
        double* message = own.Address;
        message[SizeAt] = -1;
        message[RowAt] = int.MaxValue;
        if (largest >= 0)
        {
            double size = Math.Abs(*At(below + largest, column));
            message[SizeAt] = double.IsNaN(size) ? double.PositiveInfinity : size;
            message[RowAt] = matrix.RowAt(below + largest);
            for (int j = 0; j < panel.Width; j++)
                message[CandidateAt + j] = *At(below + largest, j);
        }
        if (ownsTop)
            for (int j = 0; j < panel.Width; j++)
                message[CandidateAt + panel.Width + j] = *At(firstLocal + column, j);
    }

    private void Exchange(int column, int row, double* chosen, double* replaced)
    {
        panel.Pivots[column] = row;
        for (int j = 0; j < panel.Width; j++)
            *Top(column, j) = chosen[j];
        if (row == firstRow + column || matrix.RowCycle.OwnerOf(row) != grid.Row)
            return;
        int local = matrix.RowCycle.ToLocal(row);
        for (int j = 0; j < panel.Width; j++)
            *At(local, j) = replaced[j];
    }
}
