using SoraHpc.Communication;

namespace SoraHpc.Solvers.Dense;

/// <summary>Which triangle of the block on the diagonal is divided by.</summary>
internal enum Triangle
{
    /// <summary>Lower, with ones on its diagonal.</summary>
    UnitLower,
    /// <summary>Lower.</summary>
    Lower,
    /// <summary>Upper.</summary>
    Upper,
}

/// <summary>
/// One block row solved with a panel's triangle, and the panel's other rows times it subtracted from the rest: the step that LU and substitution in
/// both directions share. Strip by strip of columns: while one is multiplied, the next strip's solved rows travel along the
/// columns of ranks, and the next panel along the rows.
/// </summary>
internal sealed unsafe class TrailingUpdate(BlockCyclicMatrix target) : IDisposable
{
    private readonly RankGrid grid = target.Grid;
    private readonly AlignedBuffer<double> buffers = new(target.Grid.Rows > 1 ? 2 * target.Block * MatrixProduct.Strip : 0);

    /// <summary>Rows to exchange in a strip before it is solved; null where none are.</summary>
    internal RowExchange? Exchange { get; init; }

    /// <summary>Updates the local columns [begin, end). Collective along the column of ranks.</summary>
    /// <param name="next">The panel on its way meanwhile.</param>
    internal void Update(Panel panel, Triangle triangle, int begin, int end, Panel next)
    {
        int strip = begin, index = 0;
        Request travelling = Solve(panel, triangle, strip, End(strip), index);
        while (strip < end)
        {
            int following = End(strip);
            Request ahead = following < end ? Solve(panel, triangle, following, End(following), index + 1) : default;
            travelling.Wait();
            Multiply(panel, strip, following, index);
            next.MoveOn();
            (travelling, strip, index) = (ahead, following, index + 1);
        }

        int End(int from) => Math.Min(end, from + MatrixProduct.Strip);
    }

    public void Dispose() => ((IDisposable)buffers).Dispose();

    private Request Solve(Panel panel, Triangle triangle, int begin, int end, int index)
    {
        int columns = end - begin, row = target.RowCycle.LocalBegin(panel.Block);
        if (columns == 0)
            return default;
        Exchange?.Apply(target, begin, end);
        bool owns = target.RowCycle.Owns(panel.Block);
        if (owns && triangle == Triangle.Upper)
            grid.Kernels.SolveUpper(panel.Width, columns, panel.Top, target.Block, target.At(row, begin), target.Leading);
        else if (owns)
            grid.Kernels.SolveLower(panel.Width, columns, panel.Top, target.Block, triangle == Triangle.UnitLower, target.At(row, begin), target.Leading);
        if (grid.Rows == 1)
            return default;
        if (owns)
            for (int j = 0; j < columns; j++)
                new Span<double>(target.At(row, begin + j), panel.Width).CopyTo(new(buffers.Address + BufferAt(index) + (long)j * target.Block, panel.Width));
        return grid.AlongColumn.StartBroadcast(buffers.Memory.Slice(BufferAt(index), columns * target.Block), target.RowCycle.OwnerOfBlock(panel.Block));
    }

    private void Multiply(Panel panel, int begin, int end, int index)
    {
        double* solved = grid.Rows == 1 ? target.At(target.RowCycle.LocalBegin(panel.Block), begin) : buffers.Address + BufferAt(index);
        grid.Kernels.Multiply(panel.Count, end - begin, panel.Width, -1, panel.Rows, panel.Leading,
            solved, grid.Rows == 1 ? target.Leading : target.Block, transposeB: false, 1, target.At(panel.Begin, begin), target.Leading);
    }

    private int BufferAt(int index) => index % 2 * target.Block * MatrixProduct.Strip;
}
