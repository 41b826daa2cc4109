using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Factorization;

namespace SoraHpc.Cli.Bench;

/// <summary>One operation on MathNet's matrices, what C calls it, and how its result is judged.</summary>
/// <param name="Name">As printed.</param>
/// <param name="Peer">As the C side spells it.</param>
/// <param name="Flops">Multiplied by the order's cube; 0 where the number depends on the matrix.</param>
/// <param name="Prepare">The matrices of an order; made once.</param>
/// <param name="Run">The measured call.</param>
/// <param name="Residual">‖error‖ / (‖matrix‖·n·ε): about 1 or less when all digits are right.</param>
internal sealed record BlasKernel(string Name, string Peer, double Flops, Func<int, Matrix<double>[]> Prepare, Func<Matrix<double>[], object> Run, Func<Matrix<double>[], object, double> Residual)
{
    private const double Epsilon = 2.220446049250313e-16;

    /// <summary>Whether each call makes new matrices.</summary>
    internal bool MakesResults { get; init; } = true;

    internal static readonly BlasKernel[] All =
    [
        new("A·B into C", "gemm", 2, n => [Random(n, 1), Random(n, 2), Matrix<double>.Build.Dense(n, n)], m => { m[0].Multiply(m[1], m[2]); return m[2]; }, Product) { MakesResults = false },
        new("A·B", "gemm", 2, n => [Random(n, 1), Random(n, 2)], m => m[0] * m[1], Product),
        new("LU", "lu", 2.0 / 3, n => [Random(n, 1)], m => m[0].LU(), (m, lu) => Factors(m[0], (LU<double>)lu)),
        new("Cholesky", "cholesky", 1.0 / 3, n => [Definite(n)], m => m[0].Cholesky(), (m, made) => Relative(m[0], ((Cholesky<double>)made).Factor is var l ? l.TransposeAndMultiply(l) : m[0])),
        new("Cholesky, again", "cholesky", 1.0 / 3, n => [Definite(n)], Refactor(), (m, made) => Relative(m[0], ((Cholesky<double>)made).Factor is var l ? l.TransposeAndMultiply(l) : m[0])) { MakesResults = false },
        new("QR", "qr", 8.0 / 3, n => [Random(n, 1)], m => m[0].QR(), (m, qr) => Worse(Relative(m[0], ((QR<double>)qr).Q * ((QR<double>)qr).R), ((QR<double>)qr).Q)),
        new("SVD", "svd", 0, n => [Random(n, 1)], m => m[0].Svd(), (m, made) => (Svd<double>)made is var svd ? Worse(Relative(m[0], svd.U * svd.W * svd.VT), svd.U, svd.VT) : 0),
        new("eigen, symmetric", "eigen", 0, n => [Definite(n)], m => m[0].Evd(Symmetricity.Symmetric),
            (m, made) => (Evd<double>)made is var evd ? Worse(Relative(m[0] * evd.EigenVectors, evd.EigenVectors * evd.D), evd.EigenVectors) : 0),
    ];

    // Into the memory of the factor before.
    private static Func<Matrix<double>[], object> Refactor()
    {
        Cholesky<double>? factor = null;
        return m =>
        {
            factor ??= m[0].Cholesky();
            factor.Factorize(m[0]);
            return factor;
        };
    }

    private static Matrix<double> Random(int order, int seed) => Matrix<double>.Build.Random(order, order, seed);

    private static Matrix<double> Definite(int order)
    {
        Matrix<double> half = Random(order, 1);
        return half + half.Transpose() + Matrix<double>.Build.DenseIdentity(order) * order;
    }

    // C·x against A·(B·x), which multiplies no matrices.
    private static double Product(Matrix<double>[] factors, object product)
    {
        Vector<double> x = Vector<double>.Build.Random(factors[0].ColumnCount, 3);
        Vector<double> error = (Matrix<double>)product * x - factors[0] * (factors[1] * x);
        return error.L2Norm() / (factors[0].FrobeniusNorm() * factors[1].FrobeniusNorm() * x.L2Norm() * factors[0].RowCount * Epsilon);
    }

    private static double Factors(Matrix<double> matrix, LU<double> lu)
    {
        Matrix<double> permuted = lu.L * lu.U;
        permuted.PermuteRows(lu.P.Inverse());
        return Relative(matrix, permuted);
    }

    private static double Relative(Matrix<double> exact, Matrix<double> made) => (made - exact).FrobeniusNorm() / (exact.FrobeniusNorm() * exact.RowCount * Epsilon);

    private static double Worse(double residual, params Matrix<double>[] orthonormal) => orthonormal
        .Select(vectors => Relative(Matrix<double>.Build.DenseIdentity(vectors.ColumnCount), vectors.TransposeThisAndMultiply(vectors)))
        .Append(residual)
        .Max();
}
