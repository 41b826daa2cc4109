using SoraHpc.Communication;
using SoraHpc.Diagnostics;

namespace SoraHpc.Solvers.Dense;

/// <summary>C = α·A·B + β·C over ranks, panel by panel: the next panels travel while the present ones are multiplied.</summary>
/// <remarks>
/// SUMMA: R. van de Geijn and J. Watts, Concurrency: Pract. Exper. 9 (1997) 255–274. Every entry is summed panel after panel in ascending
/// order. With c the computed and ε = 2⁻⁵³: |c − (αAB + βC)| ≤ (k + 3)·ε·(|α|·|A||B| + |β|·|C|) to first order, for an inner size of k.
/// </remarks>
// Traffic of a rank on a grid of P × Q, for a panel of w: w·(m/P + n/Q) entries come in, 2·w·m·n/(P·Q) flops are done; C is read and written once.
public static unsafe class MatrixProduct
{
    /// <summary>Columns multiplied at a time: between two such strips messages are moved on. Long enough to run at full speed.</summary>
    internal const int Strip = 512;

    /// <summary>C = α·A·B + β·C. Collective.</summary>
    /// <param name="a">m × k; not changed.</param>
    /// <param name="b">k × n; not changed.</param>
    /// <param name="c">m × n, neither of the two; with β = 0 not read.</param>
    /// <exception cref="UsageException">Shapes, blocks or grids do not fit, or C is a factor; on every rank, before anything is sent.</exception>
    public static void Multiply(double alpha, BlockCyclicMatrix a, BlockCyclicMatrix b, double beta, BlockCyclicMatrix c)
    {
        Check(a, b, c);
        RankGrid grid = a.Grid;
        using ColumnPanels left = new(a);
        using RowPanels right = new(b);
        int blocks = a.ColumnCycle.Blocks;
        left.Start(0);
        right.Start(0);
        for (int k = 0; k < blocks; k++)
        {
            left.Wait();
            right.Wait();
            if (k + 1 < blocks)
            {
                left.Start(k + 1);
                right.Start(k + 1);
            }
            double* from = left.At(k), by = right.At(k);
            for (int column = 0; column < c.LocalColumns; column += Strip)
            {
                grid.Kernels.Multiply(c.LocalRows, Math.Min(Strip, c.LocalColumns - column), a.ColumnCycle.WidthOf(k), alpha, from, a.Leading,
                    by + (long)column * right.Leading, right.Leading, transposeB: false, k == 0 ? beta : 1, c.At(0, column), c.Leading);
                left.MoveOn();
                right.MoveOn();
            }
        }
    }

    private static void Check(BlockCyclicMatrix a, BlockCyclicMatrix b, BlockCyclicMatrix c)
    {
        if (a.Columns != b.Rows || c.Rows != a.Rows || c.Columns != b.Columns)
            throw new UsageException($"shapes do not fit: {a.Rows} × {a.Columns} times {b.Rows} × {b.Columns} into {c.Rows} × {c.Columns}");
        a.CheckAlike(b);
        a.CheckAlike(c);
        if (ReferenceEquals(a, c) || ReferenceEquals(b, c))
            throw new UsageException("a product cannot be written over one of its factors, which other ranks still read: give it a matrix of its own");
    }

    // Columns of A go to all ranks of a row as they lie in memory: nothing is packed.
    private sealed class ColumnPanels(BlockCyclicMatrix matrix) : IDisposable
    {
        private readonly AlignedBuffer<double> buffers = new(matrix.Grid.Columns > 1 ? checked(2 * matrix.Leading * matrix.Block) : 0);
        private Request request;

        internal double* At(int k) => matrix.ColumnCycle.Owns(k) ? matrix.At(0, matrix.ColumnCycle.LocalBegin(k)) : buffers.Address + k % 2 * (long)matrix.Leading * matrix.Block;

        internal void Start(int k)
        {
            if (matrix.Grid.Columns == 1)
                return;
            int width = matrix.ColumnCycle.WidthOf(k);
            Memory<double> data = matrix.ColumnCycle.Owns(k) ? matrix.LocalColumnsOf(matrix.ColumnCycle.LocalBegin(k), width)
                : buffers.Memory.Slice(k % 2 * matrix.Leading * matrix.Block, matrix.Leading * width);
            request = matrix.Grid.AlongRow.StartBroadcast(data, matrix.ColumnCycle.OwnerOfBlock(k));
        }

        internal void MoveOn() => request.Test(out _);

        internal void Wait() => request.Wait();

        public void Dispose() => ((IDisposable)buffers).Dispose();
    }

    // Rows of B are packed for the ranks of a column; with one row of ranks they are multiplied where they lie.
    private sealed class RowPanels(BlockCyclicMatrix matrix) : IDisposable
    {
        private readonly AlignedBuffer<double> buffers = new(matrix.Grid.Rows > 1 ? checked(2 * matrix.LocalColumns * matrix.Block) : 0);
        private Request request;

        private bool InPlace => matrix.Grid.Rows == 1;

        internal int Leading => InPlace ? matrix.Leading : matrix.Block;

        internal double* At(int k) => InPlace ? matrix.At(matrix.RowCycle.LocalBegin(k), 0) : buffers.Address + Begin(k);

        internal void Start(int k)
        {
            if (InPlace)
                return;
            if (matrix.RowCycle.Owns(k))
                Pack(k);
            request = matrix.Grid.AlongColumn.StartBroadcast(buffers.Memory.Slice(Begin(k), matrix.LocalColumns * matrix.Block), matrix.RowCycle.OwnerOfBlock(k));
        }

        internal void MoveOn() => request.Test(out _);

        internal void Wait() => request.Wait();

        public void Dispose() => ((IDisposable)buffers).Dispose();

        private int Begin(int k) => k % 2 * matrix.LocalColumns * matrix.Block;

        private void Pack(int k)
        {
            int width = matrix.RowCycle.WidthOf(k), row = matrix.RowCycle.LocalBegin(k);
            for (int column = 0; column < matrix.LocalColumns; column++)
                new Span<double>(matrix.At(row, column), width).CopyTo(new(buffers.Address + Begin(k) + (long)column * matrix.Block, width));
        }
    }
}
