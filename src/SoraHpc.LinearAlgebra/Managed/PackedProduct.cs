using System.Runtime.Intrinsics;
using SoraHpc.LinearAlgebra.Native;

namespace SoraHpc.LinearAlgebra.Managed;

/// <summary>C = α·op(A)·op(B) + β·C for matrices stored by columns, packed block by block for the caches.</summary>
/// <remarks>Every entry is summed in the same order whatever the number of threads, so the bits are the same. Source: K. Goto and
/// R. van de Geijn, Anatomy of High-Performance Matrix Multiplication, ACM Trans. Math. Softw. 34 (2008), article 12.</remarks>
// Traffic: B is packed once (L3), A once for every 2048 columns (L2), C read and written once for every 256 of the inner dimension; of
// 2·m·n·k flops each takes 8/24 + 8/8 B from L1 and L2 at most.
internal static unsafe class PackedProduct
{
    // A's block of 192 × 256 takes 393 KB of L2; B's of 256 × 2048 takes 4.2 MB of L3.
    private const int Depth = 256, BlockRows = 192, BlockColumns = 2048;

    // Below this many multiplications a second thread costs more than it brings.
    private const long WorthAThread = 1 << 20;

    internal static void Multiply(ProductOperand a, ProductOperand b, int rows, int columns, int depth, double alpha, double beta, double* c, int leadingC, int threads)
    {
        threads = (int)Math.Clamp((long)rows * columns * depth / WorthAThread, 1, Math.Min(threads, columns));
        if (threads == 1)
            MultiplyColumns(a, b, rows, 0, columns, depth, alpha, beta, c, leadingC);
        else
            Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads }, part =>
                MultiplyColumns(a, b, rows, (int)((long)columns * part / threads), (int)((long)columns * (part + 1) / threads), depth, alpha, beta, c, leadingC));
    }

    private static void MultiplyColumns(ProductOperand a, ProductOperand b, int rows, int begin, int end, int depth, double alpha, double beta, double* c, int leadingC)
    {
        if (Vector512.IsHardwareAccelerated)
            MultiplyColumns<WideTile>(a, b, rows, begin, end, depth, alpha, beta, c, leadingC);
        else
            MultiplyColumns<PortableTile>(a, b, rows, begin, end, depth, alpha, beta, c, leadingC);
    }

    /// <summary>Columns [begin, end) of the result.</summary>
    internal static void MultiplyColumns<TTile>(ProductOperand a, ProductOperand b, int rows, int begin, int end, int depth, double alpha, double beta, double* c, int leadingC)
        where TTile : struct, IProductTile
    {
        for (int column = begin; column < end; column++)
            Prepare(new Span<double>(c + (long)column * leadingC, rows), beta);
        int blockColumns = Math.Min(BlockColumns, end - begin), blockDepth = Math.Min(Depth, depth), blockRows = Math.Min(BlockRows, rows);
        using Workspace packedB = new((long)blockDepth * RoundUp(blockColumns, TTile.Columns) * sizeof(double));
        using Workspace packedA = new((long)blockDepth * RoundUp(blockRows, TTile.Rows) * sizeof(double));
        for (int column = begin; column < end; column += BlockColumns)
            for (int k = 0; k < depth; k += Depth)
            {
                int n = Math.Min(BlockColumns, end - column), d = Math.Min(Depth, depth - k);
                b.PackRows((double*)packedB.Address, k, d, column, n, TTile.Columns);
                for (int row = 0; row < rows; row += BlockRows)
                {
                    int m = Math.Min(BlockRows, rows - row);
                    a.PackColumns((double*)packedA.Address, row, m, k, d, TTile.Rows);
                    AddBlock<TTile>((double*)packedA.Address, (double*)packedB.Address, m, n, d, alpha, c + (long)column * leadingC + row, leadingC);
                }
            }
    }

    // A strip of B stays in L1 while the strips of A pass by.
    private static void AddBlock<TTile>(double* a, double* b, int rows, int columns, int depth, double alpha, double* c, int leading) where TTile : struct, IProductTile
    {
        double* tile = stackalloc double[TTile.Rows * TTile.Columns];
        for (int column = 0; column < columns; column += TTile.Columns)
            for (int row = 0; row < rows; row += TTile.Rows)
            {
                TTile.Multiply(depth, a + (long)row * depth, b + (long)column * depth, tile);
                int m = Math.Min(TTile.Rows, rows - row), n = Math.Min(TTile.Columns, columns - column);
                for (int j = 0; j < n; j++)
                {
                    Span<double> sums = new(c + (long)(column + j) * leading + row, m);
                    VectorKernels.AddScaled(sums, alpha, new(tile + j * TTile.Rows, m), sums);
                }
            }
    }

    private static void Prepare(Span<double> c, double beta)
    {
        if (beta == 0)
            c.Clear();                                  // whatever was there, not a number included, does not count
        else if (beta != 1)
            VectorKernels.Scale(beta, c, c);
    }

    private static int RoundUp(int count, int multiple) => (count + multiple - 1) / multiple * multiple;
}
