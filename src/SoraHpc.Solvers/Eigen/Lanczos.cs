using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Factorization;
using SoraHpc.Diagnostics;
using SoraHpc.Solvers.Operators;
using SoraHpc.Solvers.Vectors;

namespace SoraHpc.Solvers.Eigen;

/// <summary>
/// The Lanczos method for symmetric matrices: extreme eigenvalues from a basis of Krylov vectors, each made orthogonal to all before,
/// twice, so that no eigenvalue is found more often than it is there. An eigenvalue that is there several times is found once: use
/// <see cref="Lobpcg"/> for those.
/// </summary>
/// <remarks>Source: Lanczos, J. Res. Nat. Bur. Standards 45 (1950); Parlett, The Symmetric Eigenvalue Problem (1998), chapter 13.</remarks>
public static class Lanczos
{
    private const int CheckInterval = 10;

    /// <summary>The <paramref name="count"/> eigenvalues at one end. Memory: a vector an iteration. Collective.</summary>
    /// <param name="matrix">Symmetric.</param>
    /// <exception cref="UsageException">More are asked for than there are rows.</exception>
    /// <exception cref="SoraException">The basis is full before they have converged, or a number is not one.</exception>
    public static EigenResult Solve(ILinearOperator matrix, int count, SpectrumEnd end, EigenOptions? options = null)
    {
        options ??= new EigenOptions();
        if (count < 1 || count > matrix.Layout.Length)
            throw new UsageException($"{count} eigenvalues of a matrix of {matrix.Layout.Length} rows: ask for 1 to {matrix.Layout.Length}");
        int most = (int)Math.Min(Math.Max(options.MaxIterations, count), matrix.Layout.Length);
        List<DistributedVector> basis = [];
        using InnerProducts products = new(matrix.Layout.Communicator, options.Summation, most + 1);
        try
        {
            return Grow(matrix, count, end, options, most, basis, products);
        }
        finally
        {
            foreach (DistributedVector vector in basis)
                vector.Dispose();
        }
    }

    private static EigenResult Grow(ILinearOperator matrix, int count, SpectrumEnd end, EigenOptions options, int most, List<DistributedVector> basis, InnerProducts products)
    {
        List<double> diagonal = [], beside = [];
        basis.Add(new(matrix.Layout));
        StartVector.Fill(basis[0], seed: 1);
        basis[0].Scale(1 / products.Norm(basis[0]));
        while (true)
        {
            DistributedVector next = new(matrix.Layout);
            basis.Add(next);
            int size = basis.Count - 1;
            matrix.Apply(basis[size - 1], next);
            diagonal.Add(Orthogonalise(basis, size, products));
            double length = products.Norm(next), scale = Math.Abs(diagonal[^1]) + (size > 1 ? beside[^1] : 0);
            if (!double.IsFinite(length))
                throw new SoraException($"Lanczos, iteration {size}: the next vector is not finite: the matrix holds NaN or infinities, or numbers overflowed");
            bool isComplete = length <= 1e-14 * scale || size == matrix.Layout.Length;      // the basis spans all that the start vector reaches
            beside.Add(isComplete ? 0 : length);
            if (isComplete || size == most || size >= count && size % CheckInterval == 0)
            {
                (double[] values, double[][] vectors, double[] residuals) = Ritz(diagonal, beside, Math.Min(count, size), end);
                double largest = diagonal.Select(Math.Abs).Append(values.Select(Math.Abs).Max()).Max();
                if (size >= count && residuals.Max() <= options.Tolerance * largest)
                    return new(values, [.. vectors.Select(v => Combine(basis, v))], residuals, size);
                if (isComplete || size == most)
                    throw new SoraException(isComplete
                        ? $"Lanczos: from its start only {size} eigenvalues can be reached, {count} are asked for: some are there several times; use LOBPCG"
                        : FormattableString.Invariant($"Lanczos: after {size} iterations the residual is {residuals.Max():0.0e0}, wanted is {options.Tolerance * largest:0.0e0}: allow more iterations"));
            }
            next.Scale(1 / length);
        }
    }

    /// <summary>Takes all basis vectors before out of the newest; returns its part along the one before.</summary>
    private static double Orthogonalise(List<DistributedVector> basis, int size, InnerProducts products)
    {
        double along = 0;
        for (int pass = 0; pass < 2; pass++)
        {
            for (int i = 0; i < size; i++)
                products.Add(basis[i], basis[size]);
            ReadOnlySpan<double> parts = products.Reduce();
            along += parts[size - 1];
            for (int i = 0; i < size; i++)
                basis[size].Axpy(-parts[i], basis[i]);
        }
        return along;
    }

    // Eigenvalues of the tridiagonal matrix; the residual is what the next vector would add: its length times the last coefficient.
    private static (double[] Values, double[][] Vectors, double[] Residuals) Ritz(List<double> diagonal, List<double> beside, int count, SpectrumEnd end)
    {
        int size = diagonal.Count;
        Matrix<double> tridiagonal = Matrix<double>.Build.Dense(size, size, (i, j) => i == j ? diagonal[i] : Math.Abs(i - j) == 1 ? beside[Math.Min(i, j)] : 0);
        Evd<double> decomposed = tridiagonal.Evd(Symmetricity.Symmetric);
        int[] wanted = [.. Enumerable.Range(0, count).Select(i => end == SpectrumEnd.Smallest ? i : size - 1 - i)];
        double[][] vectors = [.. wanted.Select(i => decomposed.EigenVectors.Column(i).ToArray())];
        return ([.. wanted.Select(i => decomposed.EigenValues[i].Real)], vectors, [.. vectors.Select(v => Math.Abs(beside[^1] * v[^1]))]);
    }

    private static DistributedVector Combine(List<DistributedVector> basis, double[] coefficients)
    {
        DistributedVector sum = new(basis[0].Layout);
        for (int i = 0; i < coefficients.Length; i++)
            sum.Axpy(coefficients[i], basis[i]);
        return sum;
    }
}
