using SoraHpc.Communication;

namespace SoraHpc.Solvers.Dense;

/// <summary>One block column on its way along the rows of ranks: what went wrong, the pivots, the block on the diagonal, and this rank's rows below it, or
/// above. One message.</summary>
internal sealed unsafe class Panel : IDisposable
{
    // Index of the pivot that failed or −1, its size, then the pivots' rows: whole numbers below 2⁵³, exact in double precision.
    private const int FailedAt = 0, FailedSize = 1, PivotsAt = 2;

    private readonly BlockCyclicMatrix matrix;
    private readonly AlignedBuffer<double> memory;
    private readonly int topAt, rowsAt;
    private Request request;

    internal Panel(BlockCyclicMatrix matrix)
    {
        this.matrix = matrix;
        topAt = (PivotsAt + matrix.Block + 7) / 8 * 8;
        rowsAt = topAt + matrix.Block * matrix.Block;
        memory = new(checked(rowsAt + (StaysHere ? 0 : matrix.LocalRows * matrix.Block)));
    }

    internal int Block { get; private set; }

    internal int Width { get; private set; }

    /// <summary>First of this rank's rows in it, of <see cref="Count"/>.</summary>
    internal int Begin { get; private set; }

    internal int Count { get; private set; }

    /// <summary>The block on the diagonal; its leading dimension is the matrix's block.</summary>
    internal double* Top => memory.Address + topAt;

    /// <summary>This rank's rows of the block column: where they lie when there is nobody to send them to, for nothing changes them while
    /// the panel is in use.</summary>
    internal double* Rows => StaysHere ? matrix.At(Begin, matrix.ColumnCycle.LocalBegin(Block)) : memory.Address + rowsAt;

    internal int Leading => StaysHere ? matrix.Leading : Math.Max(1, Count);

    private bool StaysHere => matrix.Grid.Columns == 1;

    /// <summary>The row and column of the pivot that is none; −1 when all are.</summary>
    internal int Failed
    {
        get => (int)memory.Address[FailedAt];
        set => memory.Address[FailedAt] = value;
    }

    /// <summary>Size of the pivot that failed: 0, or not finite.</summary>
    internal double FailedPivot
    {
        get => memory.Address[FailedSize];
        set => memory.Address[FailedSize] = value;
    }

    /// <summary>The rows that changed places with those of the block, in this order.</summary>
    internal Span<double> Pivots => new(memory.Address + PivotsAt, Width);

    /// <summary>Says which block column it is, and that it carries this rank's rows [begin, end). The same on every rank of a row.</summary>
    internal void Describe(int block, int begin, int end) =>
        (Block, Width, Begin, Count) = (block, matrix.ColumnCycle.WidthOf(block), begin, end - begin);

    /// <summary>Copies the rows, and the block on the diagonal where this rank has it.</summary>
    internal void Pack()
    {
        int column = matrix.ColumnCycle.LocalBegin(Block);
        for (int j = 0; j < Width && !StaysHere; j++)
            new Span<double>(matrix.At(Begin, column + j), Count).CopyTo(new(Rows + (long)j * Leading, Count));
        if (!matrix.RowCycle.Owns(Block))
            return;
        int row = matrix.RowCycle.LocalBegin(Block);
        for (int j = 0; j < Width; j++)
            new Span<double>(matrix.At(row, column + j), Width).CopyTo(new(Top + (long)j * matrix.Block, Width));
    }

    /// <summary>Sends it from the column of ranks that owns it to all of this row. Collective along the row.</summary>
    internal void Start()
    {
        if (matrix.Grid.Columns > 1)
            request = matrix.Grid.AlongRow.StartBroadcast(memory.Memory[..(rowsAt + Count * Width)], matrix.ColumnCycle.OwnerOfBlock(Block));
    }

    /// <summary>Sends the block on the diagonal, and whether it failed, from the row of ranks that has it. Collective along the column.</summary>
    internal void BroadcastTop(int owner)
    {
        if (matrix.Grid.Rows > 1)
            matrix.Grid.AlongColumn.Broadcast(memory.GetSpan()[..rowsAt], owner);
    }

    /// <summary>True when it has arrived; never blocks. Messages move on when somebody asks.</summary>
    internal bool MoveOn() => request.Test(out _);

    internal void Wait() => request.Wait();

    public void Dispose() => ((IDisposable)memory).Dispose();
}
