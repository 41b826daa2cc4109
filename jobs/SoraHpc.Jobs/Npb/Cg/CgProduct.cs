using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SoraHpc.Jobs.Npb.Cg;

/// <summary>q = A·p. Every row is summed in eight lanes that are joined pairwise, the same on all paths, so they agree to the last bit.</summary>
internal static unsafe class CgProduct
{
    // Elements between the one in use and the one asked for: 4 KiB of values and 2 of columns.
    private const int Ahead = 512;

    /// <summary>The product's own rows: <paramref name="result"/>[i] is row i of the matrix times <paramref name="vector"/>, which is whole.</summary>
    internal static void Multiply(CgMatrix matrix, ReadOnlySpan<double> vector, Span<double> result)
    {
        if (Avx2.IsSupported && Fma.IsSupported)
            MultiplyVectors(matrix, vector, result);
        else
            MultiplyPlainly(matrix, vector, result);
    }

    // Traffic per element: 12 B in order, and one number of p. p fits the second-level cache only while the matrix does not sweep it out:
    // so the matrix is fetched past that cache.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MultiplyVectors(CgMatrix matrix, ReadOnlySpan<double> vector, Span<double> result)
    {
        double* value = matrix.Values;
        int* column = matrix.Columns;
        fixed (double* p = vector, q = result)
        fixed (int* starts = matrix.Starts)
            for (int row = 0; row < matrix.Rows; row++)
            {
                Vector256<double> low = default, high = default;
                double* end = matrix.Values + starts[row + 1];
                for (; value < end; value += CgMatrix.Unit, column += CgMatrix.Unit)
                {
                    Sse.PrefetchNonTemporal(value + Ahead);
                    Sse.PrefetchNonTemporal(column + Ahead);
                    low = Fma.MultiplyAdd(Vector256.Load(value), Vector256.Create(p[column[0]], p[column[1]], p[column[2]], p[column[3]]), low);
                    high = Fma.MultiplyAdd(Vector256.Load(value + 4), Vector256.Create(p[column[4]], p[column[5]], p[column[6]], p[column[7]]), high);
                }
                q[row] = Join(low + high);
            }
    }

    /// <summary>The definition in eight lanes: for processors without those instructions, and the oracle of the other path.</summary>
    internal static void MultiplyPlainly(CgMatrix matrix, ReadOnlySpan<double> vector, Span<double> result)
    {
        Span<double> lanes = stackalloc double[CgMatrix.Unit];
        for (int row = 0; row < matrix.Rows; row++)
        {
            lanes.Clear();
            for (int i = matrix.Starts[row]; i < matrix.Starts[row + 1]; i++)
            {
                ref double lane = ref lanes[i % CgMatrix.Unit];
                lane = Math.FusedMultiplyAdd(matrix.Values[i], vector[matrix.Columns[i]], lane);
            }
            result[row] = Join(Vector256.Create<double>(lanes) + Vector256.Create<double>(lanes[4..]));
        }
    }

    private static double Join(Vector256<double> lanes) => lanes[0] + lanes[2] + (lanes[1] + lanes[3]);
}
