namespace SoraHpc.LinearAlgebra.Managed;

/// <summary>Kernels on parts of matrices without a native library: triangles in small blocks, everything beside them by the packed product.</summary>
/// <remarks>Every entry sees its updates in ascending order of block and, within a block, of row or column: cutting a part otherwise changes no bit.</remarks>
internal sealed unsafe class ManagedKernels(int threads) : MatrixKernels
{
    // Small enough that the product, which runs ten times as fast, does nearly all; large enough that packing pays.
    private const int Block = 32;

    public override void Multiply(int rows, int columns, int depth, double alpha, double* a, int leadingA, double* b, int leadingB, bool transposeB, double beta, double* c, int leadingC)
    {
        if (rows > 0 && columns > 0)
            PackedProduct.Multiply(new((nint)a, leadingA, false), new((nint)b, leadingB, transposeB), rows, columns, depth, alpha, beta, c, leadingC, threads);
    }

    public override void SolveLower(int order, int columns, double* lower, int leadingL, bool unitDiagonal, double* b, int leadingB)
    {
        for (int k = 0; k < order; k += Block)
        {
            int end = Math.Min(order, k + Block);
            for (int column = 0; column < columns; column++)
            {
                double* x = b + (long)column * leadingB;
                for (int i = k; i < end; i++)
                {
                    if (!unitDiagonal)
                        x[i] /= lower[(long)i * leadingL + i];
                    Subtract(x + i + 1, end - i - 1, x[i], lower + (long)i * leadingL + i + 1);
                }
            }
            Multiply(order - end, columns, end - k, -1, lower + (long)k * leadingL + end, leadingL, b + k, leadingB, false, 1, b + end, leadingB);
        }
    }

    public override void SolveUpper(int order, int columns, double* upper, int leadingU, double* b, int leadingB)
    {
        for (int end = order; end > 0;)
        {
            int k = (end - 1) / Block * Block;
            for (int column = 0; column < columns; column++)
            {
                double* x = b + (long)column * leadingB;
                for (int i = end - 1; i >= k; i--)
                {
                    x[i] /= upper[(long)i * leadingU + i];
                    Subtract(x + k, i - k, x[i], upper + (long)i * leadingU + k);
                }
            }
            Multiply(k, columns, end - k, -1, upper + (long)k * leadingU, leadingU, b + k, leadingB, false, 1, b, leadingB);
            end = k;
        }
    }

    public override void SolveLowerTransposedFromRight(int rows, int order, double* lower, int leadingL, double* b, int leadingB)
    {
        for (int k = 0; k < order; k += Block)
        {
            int end = Math.Min(order, k + Block);
            for (int column = k; column < end; column++)
            {
                double* solved = b + (long)column * leadingB;
                double pivot = lower[(long)column * leadingL + column];
                for (int i = 0; i < rows; i++)
                    solved[i] /= pivot;
                for (int later = column + 1; later < end; later++)
                    Subtract(b + (long)later * leadingB, rows, lower[(long)column * leadingL + later], solved);
            }
            Multiply(rows, order - end, end - k, -1, b + (long)k * leadingB, leadingB, lower + (long)k * leadingL + end, leadingL, true, 1, b + (long)end * leadingB, leadingB);
        }
    }

    public override int FactorCholesky(int order, double* a, int leading)
    {
        for (int k = 0; k < order; k += Block)
        {
            int end = Math.Min(order, k + Block), rest = order - end;
            double* diagonal = a + (long)k * leading + k, below = diagonal + (end - k);
            FactorBlock(end - k, diagonal, leading);
            if (FirstBadPivot(end - k, diagonal, leading) is >= 0 and int bad)
                return k + bad;
            SolveLowerTransposedFromRight(rest, end - k, diagonal, leading, below, leading);
            Multiply(rest, rest, end - k, -1, below, leading, below, leading, true, 1, a + (long)end * leading + end, leading);
        }
        return -1;
    }

    private static void FactorBlock(int order, double* a, int leading)
    {
        for (int column = 0; column < order; column++)
        {
            double* values = a + (long)column * leading;
            double pivot = values[column] = Math.Sqrt(values[column]);      // of a negative number: not a number, which is found below
            for (int i = column + 1; i < order; i++)
                values[i] /= pivot;
            for (int later = column + 1; later < order; later++)
                Subtract(a + (long)later * leading + later, order - later, values[later], values + later);
        }
    }

    // Eight times fewer instructions than scalar code, and the same bits wherever an entry lies.
    private static void Subtract(double* from, int count, double factor, double* values) =>
        VectorKernels.AddScaled(new(from, count), -factor, new(values, count), new Span<double>(from, count));
}
