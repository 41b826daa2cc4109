using MathNet.Numerics.Providers.LinearAlgebra;
using SoraHpc.LinearAlgebra.Managed;
using SoraHpc.LinearAlgebra.Native;

namespace SoraHpc.LinearAlgebra.Provider;

/// <summary>Dense algebra of one element type through a native library. Matrices are stored by columns without gaps, as MathNet's are.</summary>
/// <remarks>Sums and products of real vectors stay with the managed kernels: both run at the speed of memory, and these give the same
/// bits whichever library is there.</remarks>
internal sealed unsafe partial class NativeAlgebra<T>(BlasFunctions functions, ILinearAlgebraProvider<T> mathNet, int threads)
    : ManagedAlgebra<T>(mathNet, threads) where T : unmanaged
{
    private const byte No = (byte)'N', Yes = (byte)'T', Conjugate = (byte)'C', Left = (byte)'L', Lower = (byte)'L', Upper = (byte)'U', All = (byte)'A', Vectors = (byte)'V';

    private static char Prefix => Element<T>.Prefix;

    public override void AddVectorToScaledVector(T[] y, T alpha, T[] x, T[] result)
    {
        if (!Element<T>.IsComplex || ReferenceEquals(x, result))
        {
            base.AddVectorToScaledVector(y, alpha, x, result);
            return;
        }
        SameLength(y, x, result);
        if (!ReferenceEquals(y, result))
            y.CopyTo(result, 0);
        int length = x.Length, one = 1;
        fixed (T* from = x, to = result)
            functions.Axpy(&length, &alpha, from, &one, to, &one);
    }

    public override void ScaleArray(T alpha, T[] x, T[] result)
    {
        if (!Element<T>.IsComplex || Element<T>.IsZero(alpha))     // some libraries write zeros without reading, others keep what is not a number
        {
            base.ScaleArray(alpha, x, result);
            return;
        }
        SameLength(x, x, result);
        if (!ReferenceEquals(x, result))
            x.CopyTo(result, 0);
        int length = x.Length, one = 1;
        fixed (T* values = result)
            functions.Scal(&length, &alpha, values, &one);
    }

    // A complex product with one column stays with GEMM, which packs what it reads: see MatrixMemory on GEMV.
    protected override void Multiply(ProductShape shape, T alpha, T[] a, T[] b, T beta, T[] c)
    {
        fixed (T* left = a, right = b, result = c)
            if (!Element<T>.IsComplex && shape.ColumnsB == 1 && shape.TransposeB == Transpose.DontTranspose && shape.Depth > 0)
                MultiplyVector(Letter(shape.TransposeA), shape.LeadingA, shape.ColumnsA, alpha, left, right, beta, result);
            else
                Multiply(Letter(shape.TransposeA), Letter(shape.TransposeB), shape.Rows, shape.Columns, shape.Depth, alpha, left, shape.LeadingA, right, shape.LeadingB, beta, result, shape.Rows);
    }

    private void MultiplyVector(byte transpose, int rows, int columns, T alpha, T* a, T* x, T beta, T* y)
    {
        int one = 1;
        functions.Gemv(&transpose, &rows, &columns, &alpha, a, &rows, x, &one, &beta, y, &one, 1);
    }

    private void Multiply(byte transposeA, byte transposeB, int rows, int columns, int depth, T alpha, T* a, int leadingA, T* b, int leadingB, T beta, T* c, int leadingC)
    {
        leadingA = Math.Max(1, leadingA);
        leadingB = Math.Max(1, leadingB);
        functions.Gemm(&transposeA, &transposeB, &rows, &columns, &depth, &alpha, a, &leadingA, b, &leadingB, &beta, c, &leadingC, 1, 1);
    }

    private static byte Letter(Transpose transpose) => transpose switch
    {
        Transpose.DontTranspose => No,
        Transpose.Transpose => Yes,
        _ => Conjugate,
    };

    // Iterations that meet such a value do not end well: LAPACK 3.11 goes on with undefined indices after its own complaint.
    private static void CheckFinite(T[] matrix, int rows, int columns)
    {
        int first = Element<T>.RealBytes == sizeof(double)
            ? VectorKernels.FirstNotFinite<double>(Reals<double>(matrix)) : VectorKernels.FirstNotFinite<float>(Reals<float>(matrix));
        if (first < 0)
            return;
        (int column, int row) = Math.DivRem(first / (sizeof(T) / Element<T>.RealBytes), rows);
        throw new FactorizationException($"the matrix of {rows} × {columns} holds a value that is infinite or not a number, in row {row} and column {column} (from 0): it has no singular values or eigenvalues", -1);
    }

    // A negative info is an argument the routine refuses: after our checks, a value that is not a number.
    private static void CheckArguments(string routine, int info)
    {
        if (info < 0)
            throw new BlasException($"{Prefix}{routine} refuses its argument {-info}: does the matrix hold values that are infinite or not numbers?");
    }
}
