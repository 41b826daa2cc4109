using System.Numerics;
using SoraHpc.LinearAlgebra.Managed;
using SoraHpc.LinearAlgebra.Native;

namespace SoraHpc.LinearAlgebra;

/// <summary>Products of matrices that are stored by rows, in single or double precision: through the native library, or through managed kernels
/// where there is none. What samples in rows and features in columns are multiplied with.</summary>
/// <typeparam name="T">float or double.</typeparam>
/// <remarks>Nothing is checked: arguments are the caller's own arithmetic. Local: nothing is communicated. The same shapes and numbers give the same
/// bits on every thread and rank that has the same library, version and number of threads.</remarks>
public abstract unsafe class MatrixProducts<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private protected MatrixProducts() { }

    /// <summary>The products of a loaded library.</summary>
    /// <exception cref="NotSupportedException"><typeparamref name="T"/> is neither float nor double.</exception>
    public static MatrixProducts<T> Of(BlasLibrary library)
    {
        if (typeof(T) != typeof(float) && typeof(T) != typeof(double))
            throw new NotSupportedException($"matrix products are of float or double, not of {typeof(T).Name}");
        return library.Native is { } native ? new NativeProducts<T>(typeof(T) == typeof(float) ? native.Single : native.Double, library.Threads) : new ManagedProducts<T>();
    }

    /// <summary>C = op(A)·op(B) + β·C; C of <paramref name="rows"/> × <paramref name="columns"/> entries overlaps neither factor. With β = 0 C is not read.</summary>
    /// <param name="transposeA">Whether A is stored as <paramref name="depth"/> × <paramref name="rows"/>.</param>
    /// <param name="transposeB">Whether B is stored as <paramref name="columns"/> × <paramref name="depth"/>.</param>
    /// <param name="depth">What is summed over: columns of op(A), rows of op(B).</param>
    /// <param name="strideA">Entries from one stored row of A to the next; so for B and C.</param>
    public abstract void Multiply(bool transposeA, bool transposeB, int rows, int columns, int depth, T* a, int strideA, T* b, int strideB, T beta, T* c, int strideC);
}
