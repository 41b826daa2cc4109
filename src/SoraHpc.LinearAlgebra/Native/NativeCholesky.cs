namespace SoraHpc.LinearAlgebra.Native;

/// <summary>The lower Cholesky factor of a part of a matrix: through the library's own routine, or, where that is slower, cut into parts that its
/// products and triangular solutions do.</summary>
// OpenBLAS 0.3.21 solves triangles at half the rate of its products and takes them a quarter of the order wide: of order 1000 its routine reaches
// 0.6 of the rate of DGEMM. Cut small enough they are products too. The order of a part is what a core's own cache holds beside the rest of
// its columns; larger matrices are halved first, so that the update reads few columns of a long remainder only near the end.
internal readonly unsafe ref struct NativeCholesky<T>(BlasFunctions functions, T* matrix, int leading) where T : unmanaged
{
    private const int Undivided = 32, PartOrder = 96, HalvedAbove = 1024, LanesOfARow = 8;

    private const byte No = (byte)'N', Yes = (byte)'T', Right = (byte)'R', Lower = (byte)'L';

    /// <summary>What lies above the diagonal is neither read nor kept.</summary>
    /// <returns>As LAPACK's info: 0, the order of the first leading part that is not positive definite, or minus the number of a wrong argument.</returns>
    internal int Factor(int order) => functions.FactorsBestInParts && !Element<T>.IsComplex ? FactorParts(matrix, order) : FactorWhole(matrix, order);

    private int FactorWhole(T* a, int order)
    {
        int info, stride = leading;
        byte lower = Lower;
        functions.Potrf(&lower, &order, a, &stride, &info, 1);
        return info;
    }

    private int FactorParts(T* a, int order)
    {
        int first = order > HalvedAbove ? Half(order) : Math.Min(Half(order), PartOrder), rest = order - first;
        if (order <= Undivided || rest <= 0)
            return FactorWhole(a, order);
        if (FactorParts(a, first) is not 0 and var info)
            return info;
        T* below = a + first, remainder = below + (nint)first * leading;
        SolveTransposedFromRight(a, first, below, rest);
        Subtract(remainder, rest, below, first);
        info = FactorParts(remainder, rest);
        return info > 0 ? first + info : info;
    }

    // B = B·L⁻ᵀ.
    private void SolveTransposedFromRight(T* lower, int order, T* b, int rows)
    {
        int first = Half(order), rest = order - first, stride = leading;
        T one = Element<T>.From(1), minusOne = Element<T>.From(-1);
        byte no = No, yes = Yes, right = Right, triangle = Lower;
        if (order <= Undivided || rest <= 0)
        {
            functions.Trsm(&right, &triangle, &yes, &no, &rows, &order, &one, lower, &stride, b, &stride, 1, 1, 1, 1);
            return;
        }
        T* restOfB = b + (nint)first * leading;
        SolveTransposedFromRight(lower, first, b, rows);
        functions.Gemm(&no, &yes, &rows, &rest, &first, &minusOne, b, &stride, lower + first, &stride, &one, restOfB, &stride, 1, 1);
        SolveTransposedFromRight(lower + first + (nint)first * leading, rest, restOfB, rows);
    }

    // The lower triangle of C − A·Aᵀ.
    private void Subtract(T* c, int order, T* a, int depth)
    {
        int stride = leading;
        T one = Element<T>.From(1), minusOne = Element<T>.From(-1);
        byte lower = Lower, no = No;
        functions.Syrk(&lower, &no, &order, &depth, &minusOne, a, &stride, &one, c, &stride, 1, 1);
    }

    private static int Half(int order) => (order / 2 + LanesOfARow - 1) / LanesOfARow * LanesOfARow;
}
