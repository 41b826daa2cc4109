using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using MathNet.Numerics.LinearAlgebra.Factorization;
using MathNet.Numerics.Providers.LinearAlgebra;
using SoraHpc.LinearAlgebra.Managed;
using SoraHpc.LinearAlgebra.Native;

namespace SoraHpc.LinearAlgebra.Provider;

/// <summary>Dense algebra of one element type without a native library: vector kernels, the packed product for double precision, and
/// MathNet's own code for the rest.</summary>
/// <param name="threads">Threads of a matrix product.</param>
internal unsafe class ManagedAlgebra<T>(ILinearAlgebraProvider<T> mathNet, int threads) : ILinearAlgebraProvider<T> where T : unmanaged
{
    public virtual void AddVectorToScaledVector(T[] y, T alpha, T[] x, T[] result)
    {
        if (Element<T>.IsComplex)
        {
            mathNet.AddVectorToScaledVector(y, alpha, x, result);
            return;
        }
        SameLength(y, x, result);
        if (typeof(T) == typeof(double))
            VectorKernels.AddScaled(Reals<double>(y), Unsafe.BitCast<T, double>(alpha), Reals<double>(x), Reals<double>(result));
        else
            VectorKernels.AddScaled(Reals<float>(y), Unsafe.BitCast<T, float>(alpha), Reals<float>(x), Reals<float>(result));
    }

    public virtual void ScaleArray(T alpha, T[] x, T[] result)
    {
        if (Element<T>.IsComplex)
        {
            mathNet.ScaleArray(alpha, x, result);
            return;
        }
        SameLength(x, x, result);
        if (typeof(T) == typeof(double))
            VectorKernels.Scale(Unsafe.BitCast<T, double>(alpha), Reals<double>(x), Reals<double>(result));
        else
            VectorKernels.Scale(Unsafe.BitCast<T, float>(alpha), Reals<float>(x), Reals<float>(result));
    }

    public virtual T DotProduct(T[] x, T[] y)
    {
        if (Element<T>.IsComplex)
            return mathNet.DotProduct(x, y);
        SameLength(x, y, x);
        return typeof(T) == typeof(double)
            ? Unsafe.BitCast<double, T>(VectorKernels.Dot<double>(Reals<double>(x), Reals<double>(y)))
            : Unsafe.BitCast<float, T>(VectorKernels.Dot<float>(Reals<float>(x), Reals<float>(y)));
    }

    public void AddArrays(T[] x, T[] y, T[] result)
    {
        SameLength(x, y, result);
        if (Element<T>.RealBytes == sizeof(double))
            VectorKernels.Add(Reals<double>(x), Reals<double>(y), Reals<double>(result));
        else
            VectorKernels.Add(Reals<float>(x), Reals<float>(y), Reals<float>(result));
    }

    public void SubtractArrays(T[] x, T[] y, T[] result)
    {
        SameLength(x, y, result);
        if (Element<T>.RealBytes == sizeof(double))
            VectorKernels.Subtract(Reals<double>(x), Reals<double>(y), Reals<double>(result));
        else
            VectorKernels.Subtract(Reals<float>(x), Reals<float>(y), Reals<float>(result));
    }

    public void PointWiseMultiplyArrays(T[] x, T[] y, T[] result)
    {
        if (Element<T>.IsComplex)
        {
            mathNet.PointWiseMultiplyArrays(x, y, result);
            return;
        }
        SameLength(x, y, result);
        if (typeof(T) == typeof(double))
            VectorKernels.Multiply(Reals<double>(x), Reals<double>(y), Reals<double>(result));
        else
            VectorKernels.Multiply(Reals<float>(x), Reals<float>(y), Reals<float>(result));
    }

    public void ConjugateArray(T[] x, T[] result) => mathNet.ConjugateArray(x, result);

    public void PointWiseDivideArrays(T[] x, T[] y, T[] result) => mathNet.PointWiseDivideArrays(x, y, result);

    public void PointWisePowerArrays(T[] x, T[] y, T[] result) => mathNet.PointWisePowerArrays(x, y, result);

    public double MatrixNorm(Norm norm, int rows, int columns, T[] matrix) => mathNet.MatrixNorm(norm, rows, columns, matrix);

    public void MatrixMultiply(T[] x, int rowsX, int columnsX, T[] y, int rowsY, int columnsY, T[] result) =>
        MatrixMultiplyWithUpdate(Transpose.DontTranspose, Transpose.DontTranspose, Element<T>.From(1), x, rowsX, columnsX, y, rowsY, columnsY, default, result);

    public void MatrixMultiplyWithUpdate(Transpose transposeA, Transpose transposeB, T alpha, T[] a, int rowsA, int columnsA, T[] b, int rowsB, int columnsB, T beta, T[] c)
    {
        ProductShape shape = ProductShape.Of(transposeA, transposeB, a, rowsA, columnsA, b, rowsB, columnsB, c);
        if (shape.Rows == 0 || shape.Columns == 0)
            return;
        if (ReferenceEquals(a, c))                      // a product cannot grow over a factor that is still read
            a = (T[])a.Clone();
        if (ReferenceEquals(b, c))
            b = (T[])b.Clone();
        Multiply(shape, alpha, a, b, beta, c);
    }

    /// <summary>c = α·op(a)·op(b) + β·c for a checked shape of at least one entry; c is neither a nor b.</summary>
    protected virtual void Multiply(ProductShape shape, T alpha, T[] a, T[] b, T beta, T[] c)
    {
        if (typeof(T) != typeof(double))
        {
            mathNet.MatrixMultiplyWithUpdate(shape.TransposeA, shape.TransposeB, alpha, a, shape.LeadingA, shape.ColumnsA, b, shape.LeadingB, shape.ColumnsB, beta, c);
            return;
        }
        fixed (T* left = a, right = b, result = c)
            PackedProduct.Multiply(new((nint)left, shape.LeadingA, shape.TransposeA != Transpose.DontTranspose), new((nint)right, shape.LeadingB, shape.TransposeB != Transpose.DontTranspose),
                shape.Rows, shape.Columns, shape.Depth, Unsafe.BitCast<T, double>(alpha), Unsafe.BitCast<T, double>(beta), (double*)result, shape.Rows, threads);
    }

    public virtual void LUFactor(T[] data, int order, int[] ipiv) => mathNet.LUFactor(data, order, ipiv);

    public virtual void LUInverse(T[] a, int order) => mathNet.LUInverse(a, order);

    public virtual void LUInverseFactored(T[] a, int order, int[] ipiv) => mathNet.LUInverseFactored(a, order, ipiv);

    public virtual void LUSolve(int columnsOfB, T[] a, int order, T[] b) => mathNet.LUSolve(columnsOfB, a, order, b);

    public virtual void LUSolveFactored(int columnsOfB, T[] a, int order, int[] ipiv, T[] b) => mathNet.LUSolveFactored(columnsOfB, a, order, ipiv, b);

    public virtual void CholeskyFactor(T[] a, int order) => mathNet.CholeskyFactor(a, order);

    public virtual void CholeskySolve(T[] a, int orderA, T[] b, int columnsB) => mathNet.CholeskySolve(a, orderA, b, columnsB);

    public virtual void CholeskySolveFactored(T[] a, int orderA, T[] b, int columnsB) => mathNet.CholeskySolveFactored(a, orderA, b, columnsB);

    public virtual void QRFactor(T[] a, int rowsA, int columnsA, T[] q, T[] tau) => mathNet.QRFactor(a, rowsA, columnsA, q, tau);

    public virtual void ThinQRFactor(T[] a, int rowsA, int columnsA, T[] r, T[] tau) => mathNet.ThinQRFactor(a, rowsA, columnsA, r, tau);

    public virtual void QRSolve(T[] a, int rows, int columns, T[] b, int columnsB, T[] x, QRMethod method) => mathNet.QRSolve(a, rows, columns, b, columnsB, x, method);

    public virtual void QRSolveFactored(T[] q, T[] r, int rowsA, int columnsA, T[] tau, T[] b, int columnsB, T[] x, QRMethod method) =>
        mathNet.QRSolveFactored(q, r, rowsA, columnsA, tau, b, columnsB, x, method);

    public virtual void SingularValueDecomposition(bool computeVectors, T[] a, int rowsA, int columnsA, T[] s, T[] u, T[] vt) =>
        mathNet.SingularValueDecomposition(computeVectors, a, rowsA, columnsA, s, u, vt);

    public virtual void SvdSolve(T[] a, int rowsA, int columnsA, T[] b, int columnsB, T[] x) => mathNet.SvdSolve(a, rowsA, columnsA, b, columnsB, x);

    public virtual void SvdSolveFactored(int rowsA, int columnsA, T[] s, T[] u, T[] vt, T[] b, int columnsB, T[] x) =>
        mathNet.SvdSolveFactored(rowsA, columnsA, s, u, vt, b, columnsB, x);

    public virtual void EigenDecomp(bool isSymmetric, int order, T[] matrix, T[] matrixEv, Complex[] vectorEv, T[] matrixD) =>
        mathNet.EigenDecomp(isSymmetric, order, matrix, matrixEv, vectorEv, matrixD);

    /// <exception cref="ArgumentException">Lengths differ.</exception>
    protected static void SameLength(T[] x, T[] y, T[] result)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        ArgumentNullException.ThrowIfNull(result);
        if (y.Length != x.Length || result.Length != x.Length)
            throw new ArgumentException($"vectors of {x.Length}, {y.Length} and {result.Length} entries do not fit");
    }

    /// <summary>The numbers of an array, complex ones as two each.</summary>
    protected static Span<TReal> Reals<TReal>(T[] values) where TReal : unmanaged => MemoryMarshal.Cast<T, TReal>(values.AsSpan());
}
