using SoraHpc.Communication;

namespace SoraHpc.Solvers.Dense;

/// <summary>One block column of L twice on every rank: the rows this rank has, which came along its row, and the rows with the numbers of its columns, which
/// the ranks of its column then put together. Those, transposed, are what the symmetric update multiplies by.</summary>
// Traffic: w·(n/P + n/Q) entries a rank for a panel of w; nobody takes in the whole panel.
internal sealed unsafe class CholeskyPanel : IDisposable
{
    private readonly BlockCyclicMatrix matrix;
    private readonly RankGrid grid;
    private readonly Panel panel;
    private readonly AlignedBuffer<double> offered, gathered, across;
    private readonly int[] counts, offsets;
    private Request gathering;
    private bool arrived;

    internal CholeskyPanel(BlockCyclicMatrix matrix)
    {
        (this.matrix, grid) = (matrix, matrix.Grid);
        panel = new(matrix);
        int capacity = checked(matrix.LocalColumns * matrix.Block);
        int exchanged = grid.Rows > 1 ? capacity : 0;
        (offered, gathered, across) = (new(exchanged), new(exchanged), new(capacity));
        (counts, offsets) = (new int[grid.Rows], new int[grid.Rows]);
    }

    internal int Block => panel.Block;

    internal int Width => panel.Width;

    /// <summary>First of this rank's rows below the diagonal block.</summary>
    internal int BeginRow => panel.Begin;

    /// <summary>First of this rank's columns beyond the diagonal block.</summary>
    internal int BeginColumn { get; private set; }

    /// <summary>The row whose pivot is not positive; −1 when all are.</summary>
    internal int Failed => panel.Failed;

    /// <summary>Entry of L's block column in one of this rank's rows.</summary>
    internal double* Below(int localRow) => panel.Rows + (localRow - panel.Begin);

    internal int LeadingBelow => panel.Leading;

    /// <summary>Entry of L's block column in the row numbered as one of this rank's columns.</summary>
    internal double* Across(int localColumn) => across.Address + (localColumn - BeginColumn);

    internal int LeadingAcross => Math.Max(1, matrix.LocalColumns - BeginColumn);

    /// <summary>Factors the block column where it is this column's turn, and sends it along the rows. Collective.</summary>
    internal void Start(int block)
    {
        int beyond = block * matrix.Block + matrix.ColumnCycle.WidthOf(block);
        panel.Describe(block, matrix.RowCycle.Before(beyond), matrix.LocalRows);
        BeginColumn = matrix.ColumnCycle.Before(beyond);
        arrived = false;
        if (matrix.ColumnCycle.Owns(block))
            Factor(block);
        panel.Start();
    }

    /// <summary>Lets messages move on, and starts the second exchange when the first is done; never blocks.</summary>
    internal void MoveOn()
    {
        if (arrived)
            gathering.Test(out _);
        else if (panel.MoveOn())
            Gather();
    }

    /// <summary>Waits for both parts.</summary>
    internal void Wait()
    {
        panel.Wait();
        if (!arrived)
            Gather();
        gathering.Wait();
        Arrange();
    }

    /// <summary>Writes the panel's transpose above the diagonal, where solving with Lᵀ looks for it.</summary>
    internal void Mirror()
    {
        if (!matrix.RowCycle.Owns(Block))
            return;
        const int Tile = 8;                                 // a cache line on either side
        int row = matrix.RowCycle.LocalBegin(Block);
        for (int begin = BeginColumn; begin < matrix.LocalColumns; begin += Tile)
            for (int i = 0; i < Width; i += Tile)
                Transpose(row + i, begin, Math.Min(Tile, matrix.LocalColumns - begin), Across(begin) + (long)i * LeadingAcross, Math.Min(Tile, Width - i));
    }

    private void Transpose(int row, int column, int columns, double* source, int rows)
    {
        for (int j = 0; j < columns; j++)
            for (int i = 0; i < rows; i++)
                *matrix.At(row + i, column + j) = source[(long)i * LeadingAcross + j];
    }

    public void Dispose()
    {
        panel.Dispose();
        ((IDisposable)offered).Dispose();
        ((IDisposable)gathered).Dispose();
        ((IDisposable)across).Dispose();
    }

    private void Factor(int block)
    {
        int column = matrix.ColumnCycle.LocalBegin(block);
        if (matrix.RowCycle.Owns(block))
            FactorDiagonal(matrix.At(matrix.RowCycle.LocalBegin(block), column));
        panel.BroadcastTop(matrix.RowCycle.OwnerOfBlock(block));
        if (panel.Failed >= 0)
            return;
        grid.Kernels.SolveLowerTransposedFromRight(panel.Count, Width, panel.Top, matrix.Block, matrix.At(panel.Begin, column), matrix.Leading);
        panel.Pack();
    }

    private void FactorDiagonal(double* diagonal)
    {
        int bad = grid.Kernels.FactorCholesky(Width, diagonal, matrix.Leading);
        panel.Failed = bad < 0 ? -1 : Block * matrix.Block + bad;
        for (int j = 0; j < Width; j++)
        {
            for (int i = 0; i < j; i++)
                diagonal[(long)j * matrix.Leading + i] = diagonal[(long)i * matrix.Leading + j];
            new Span<double>(diagonal + (long)j * matrix.Leading, Width).CopyTo(new(panel.Top + (long)j * matrix.Block, Width));
        }
    }

    // Offers the blocks of rows this rank has whose numbers are those of blocks of columns it has.
    private void Gather()
    {
        arrived = true;
        if (grid.Rows == 1)
            return;
        Array.Clear(counts);
        for (int column = BeginColumn; column < matrix.LocalColumns; column += matrix.Block)
        {
            int block = BlockAt(column);
            counts[matrix.RowCycle.OwnerOfBlock(block)] += matrix.RowCycle.WidthOf(block) * Width;
        }
        double* next = offered.Address;
        for (int j = 0; j < Width; j++)
            for (int column = BeginColumn; column < matrix.LocalColumns; column += matrix.Block)
                if (BlockAt(column) is int block && matrix.RowCycle.Owns(block))
                {
                    int rows = matrix.RowCycle.WidthOf(block);
                    new Span<double>(Below(matrix.RowCycle.LocalBegin(block)) + (long)j * LeadingBelow, rows).CopyTo(new(next, rows));
                    next += rows;
                }
        gathering = grid.AlongColumn.StartAllgatherv<double>(offered.Memory[..counts[grid.Row]], gathered.Memory[..counts.Sum()], counts);
    }

    // From rank after rank to column after column; with one row of ranks everything is here already.
    private void Arrange()
    {
        for (int part = 0, at = 0; part < counts.Length; at += counts[part++])
            offsets[part] = at;
        for (int column = BeginColumn; column < matrix.LocalColumns; column += matrix.Block)
        {
            int block = BlockAt(column), part = matrix.RowCycle.OwnerOfBlock(block), rows = matrix.RowCycle.WidthOf(block);
            double* source = grid.Rows == 1 ? Below(matrix.RowCycle.LocalBegin(block)) : gathered.Address + offsets[part];
            long leading = grid.Rows == 1 ? LeadingBelow : counts[part] / Width;
            for (int j = 0; j < Width; j++)
                new Span<double>(source + j * leading, rows).CopyTo(new(Across(column) + (long)j * LeadingAcross, rows));
            offsets[part] += rows;
        }
    }

    private int BlockAt(int localColumn) => matrix.ColumnAt(localColumn) / matrix.Block;
}
