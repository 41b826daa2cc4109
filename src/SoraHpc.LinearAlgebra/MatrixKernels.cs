using SoraHpc.LinearAlgebra.Managed;
using SoraHpc.LinearAlgebra.Native;

namespace SoraHpc.LinearAlgebra;

/// <summary>The few operations on parts of larger matrices that blocked algorithms are made of, in double precision: through the native library,
/// or through managed kernels where there is none.</summary>
/// <remarks>A part is the address of its first entry, stored by columns, and its leading dimension: entries from one column to the next, at least
/// its rows. Nothing is checked: arguments are the caller's own arithmetic. No part with nothing in it is touched. Local: nothing is
/// communicated. The managed kernels compute every entry by the same operations in the same order wherever a part begins and ends, so
/// that cutting a matrix otherwise changes no bit; native libraries promise that for the same parts only.</remarks>
public abstract unsafe class MatrixKernels
{
    private protected MatrixKernels() { }

    /// <summary>The kernels of a loaded library.</summary>
    public static MatrixKernels Of(BlasLibrary library) =>
        library.Native is { } native ? new NativeKernels(native.Double) : new ManagedKernels(library.Threads);

    /// <summary>C = α·A·op(B) + β·C; C of <paramref name="rows"/> × <paramref name="columns"/> entries overlaps neither factor. With β = 0 C is not read.</summary>
    /// <param name="depth">Columns of A.</param>
    /// <param name="transposeB">Whether B is stored as <paramref name="columns"/> × <paramref name="depth"/>.</param>
    public abstract void Multiply(int rows, int columns, int depth, double alpha, double* a, int leadingA, double* b, int leadingB, bool transposeB, double beta, double* c, int leadingC);

    /// <summary>B = L⁻¹·B for a lower triangle L of <paramref name="order"/> rows; what lies above its diagonal is not read.</summary>
    /// <param name="unitDiagonal">Whether the diagonal is 1 and not read.</param>
    public abstract void SolveLower(int order, int columns, double* lower, int leadingL, bool unitDiagonal, double* b, int leadingB);

    /// <summary>B = U⁻¹·B for an upper triangle U of <paramref name="order"/> rows; what lies below its diagonal is not read.</summary>
    public abstract void SolveUpper(int order, int columns, double* upper, int leadingU, double* b, int leadingB);

    /// <summary>B = B·L⁻ᵀ for a lower triangle L of <paramref name="order"/> rows and B of <paramref name="rows"/> × <paramref name="order"/>.</summary>
    public abstract void SolveLowerTransposedFromRight(int rows, int order, double* lower, int leadingL, double* b, int leadingB);

    /// <summary>A's lower triangle becomes L of A = L·Lᵀ; what lies above the diagonal is neither read nor kept.</summary>
    /// <returns>−1, or the first row, from 0, whose pivot is not positive, not finite or not a number.</returns>
    public abstract int FactorCholesky(int order, double* a, int leading);

    // Libraries differ in whether they see a pivot that is not a number.
    private protected static int FirstBadPivot(int order, double* factor, int leading)
    {
        for (int i = 0; i < order; i++)
            if (!(factor[(long)i * leading + i] is > 0 and < double.PositiveInfinity))
                return i;
        return -1;
    }
}
