using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Factorization;
using SoraHpc.Diagnostics;
using SoraHpc.Solvers.Operators;
using SoraHpc.Solvers.Preconditioners;
using SoraHpc.Solvers.Vectors;

namespace SoraHpc.Solvers.Eigen;

/// <summary>
/// The least eigenvalues of a symmetric matrix by a locally optimal block preconditioned conjugate gradient method: in every iteration
/// the best in the space of the approximations, their preconditioned residuals and the last steps. Eigenvalues that are there several
/// times are found as often, when the block is large enough.
/// </summary>
/// <remarks>Source: Knyazev, SIAM J. Sci. Comput. 23 (2001). The basis is made orthonormal through the eigenvectors of its Gram matrix,
/// which drops what is dependent to rounding: Stathopoulos and Wu, SIAM J. Sci. Comput. 23 (2002). One product with the matrix per vector
/// of the block and one reduction an iteration.</remarks>
public static class Lobpcg
{
    // Directions of the scaled Gram matrix below this are rounding.
    private const double Dependent = 1e-13;

    /// <summary>The <paramref name="count"/> least eigenvalues. Memory: ten blocks of that many vectors. Collective.</summary>
    /// <param name="matrix">Symmetric.</param>
    /// <param name="preconditioner">Symmetric positive definite, near the inverse; null for none.</param>
    /// <exception cref="UsageException">The block is too large for the matrix.</exception>
    /// <exception cref="SoraException">Iterations are used up, or a number is not one.</exception>
    public static EigenResult Solve(ILinearOperator matrix, int count, IPreconditioner? preconditioner = null, EigenOptions? options = null)
    {
        options ??= new EigenOptions();
        if (count < 1 || 3L * count > matrix.Layout.Length)
            throw new UsageException($"LOBPCG of {count} eigenvalues needs a matrix of at least {3L * count} rows, not {matrix.Layout.Length}");
        using Basis basis = new(matrix, count, options.Summation);
        for (int iteration = 1; iteration <= options.MaxIterations; iteration++)
        {
            (double[] values, double[] residuals) = basis.Improve(preconditioner);
            double largest = values.Select(Math.Abs).Max();
            if (!double.IsFinite(residuals.Max()))
                throw new SoraException($"LOBPCG, iteration {iteration}: the residual is not finite: matrix or preconditioner holds NaN or infinities");
            if (residuals.Max() <= options.Tolerance * largest)
                return new(values, basis.Approximations(), residuals, iteration);
            if (iteration == options.MaxIterations)
                throw new SoraException(FormattableString.Invariant($"LOBPCG: after {iteration} iterations the residual is {residuals.Max():0.0e0}, wanted is {options.Tolerance * largest:0.0e0}: allow more iterations or use a better preconditioner"));
        }
        throw new InvalidOperationException("the last iteration returns or throws");
    }

    /// <summary>Approximations, residuals and steps, in this order, each with its product with the matrix.</summary>
    private sealed class Basis : IDisposable
    {
        private readonly ILinearOperator matrix;
        private readonly int block;
        private readonly InnerProducts products;
        private readonly DistributedVector[] vectors, images, spare;
        private int size;                       // vectors in use: one block, then two, then three

        internal Basis(ILinearOperator matrix, int block, Summation summation)
        {
            (this.matrix, this.block) = (matrix, block);
            DistributedVector[] New(int n) => [.. Enumerable.Range(0, n).Select(_ => new DistributedVector(matrix.Layout))];
            (vectors, images, spare) = (New(3 * block), New(3 * block), New(4 * block));
            products = new(matrix.Layout.Communicator, summation, 3 * block * (3 * block + 1));
            for (int i = 0; i < block; i++)
            {
                StartVector.Fill(vectors[i], (ulong)i + 1);
                matrix.Apply(vectors[i], images[i]);
            }
            size = block;
        }

        /// <summary>The best approximations in the space, whose residuals, preconditioned, become part of the next space.</summary>
        internal (double[] Values, double[] Residuals) Improve(IPreconditioner? preconditioner)
        {
            (double[] values, Matrix<double> coefficients) = RayleighRitz();
            Combine(coefficients);
            double[] residuals = new double[block];
            for (int i = 0; i < block; i++)
            {
                DistributedVector residual = preconditioner is null ? vectors[block + i] : spare[0];
                residual.Waxpy(images[i], -values[i], vectors[i]);
                products.Add(residual, residual);
                preconditioner?.Apply(residual, vectors[block + i]);
            }
            ReadOnlySpan<double> squares = products.Reduce();
            for (int i = 0; i < block; i++)
            {
                residuals[i] = Math.Sqrt(squares[i]);
                matrix.Apply(vectors[block + i], images[block + i]);
            }
            return (values, residuals);
        }

        private (double[] Values, Matrix<double> Coefficients) RayleighRitz()
        {
            for (int i = 0; i < size; i++)
                for (int j = 0; j <= i; j++)
                {
                    products.Add(vectors[i], vectors[j]);
                    products.Add(vectors[i], images[j]);
                }
            double[] sums = products.Reduce().ToArray();
            if (!Array.TrueForAll(sums, double.IsFinite))
                throw new SoraException("LOBPCG: an inner product is not finite: matrix or preconditioner holds NaN or infinities");
            Matrix<double> gram = Symmetric(sums, 0), projected = Symmetric(sums, 1);
            Matrix<double> scale = Matrix<double>.Build.Diagonal(size, size, i => gram[i, i] > 0 ? 1 / Math.Sqrt(gram[i, i]) : 0);
            Evd<double> directions = (scale * gram * scale).Evd(Symmetricity.Symmetric);
            int[] kept = [.. Enumerable.Range(0, size).Where(i => directions.EigenValues[i].Real > Dependent * size)];
            if (kept.Length < block)
                throw new SoraException($"LOBPCG: only {kept.Length} of {block} approximations are independent: ask for fewer eigenvalues");
            Matrix<double> orthonormal = scale * Matrix<double>.Build.Dense(size, kept.Length, (i, j) => directions.EigenVectors[i, kept[j]] / Math.Sqrt(directions.EigenValues[kept[j]].Real));
            Matrix<double> small = orthonormal.TransposeThisAndMultiply(projected * orthonormal);
            Evd<double> ritz = ((small + small.Transpose()) / 2).Evd(Symmetricity.Symmetric);
            return ([.. Enumerable.Range(0, block).Select(i => ritz.EigenValues[i].Real)], orthonormal * ritz.EigenVectors.SubMatrix(0, kept.Length, 0, block));
        }

        private Matrix<double> Symmetric(double[] sums, int which) => Matrix<double>.Build.Dense(size, size, (i, j) =>
        {
            (int high, int low) = (Math.Max(i, j), Math.Min(i, j));
            return sums[high * (high + 1) + 2 * low + which];
        });

        // New steps: what residuals and old steps contribute; new approximations: the old ones' part and the steps.
        private void Combine(Matrix<double> coefficients)
        {
            for (int column = 0; column < block; column++)
            {
                (DistributedVector step, DistributedVector stepImage) = (spare[column], spare[block + column]);
                (DistributedVector sum, DistributedVector image) = (spare[2 * block + column], spare[3 * block + column]);
                Accumulate(coefficients, column, block, size, step, stepImage);
                Accumulate(coefficients, column, 0, block, sum, image);
                sum.Axpy(1, step);
                image.Axpy(1, stepImage);
            }
            for (int column = 0; column < block; column++)
            {
                (vectors[column], spare[2 * block + column]) = (spare[2 * block + column], vectors[column]);
                (images[column], spare[3 * block + column]) = (spare[3 * block + column], images[column]);
                (vectors[2 * block + column], spare[column]) = (spare[column], vectors[2 * block + column]);
                (images[2 * block + column], spare[block + column]) = (spare[block + column], images[2 * block + column]);
            }
            // The first space has no steps: those made from nothing are zero, and their direction is dropped.
            size = 3 * block;
        }

        private void Accumulate(Matrix<double> coefficients, int column, int first, int last, DistributedVector sum, DistributedVector image)
        {
            sum.Fill(0);
            image.Fill(0);
            for (int i = first; i < last; i++)
            {
                sum.Axpy(coefficients[i, column], vectors[i]);
                image.Axpy(coefficients[i, column], images[i]);
            }
        }

        /// <summary>Copies of the approximations, which are the caller's.</summary>
        internal DistributedVector[] Approximations() => [.. vectors.Take(block).Select(vector =>
        {
            DistributedVector copy = new(matrix.Layout);
            copy.CopyFrom(vector);
            return copy;
        })];

        public void Dispose()
        {
            products.Dispose();
            foreach (DistributedVector vector in (DistributedVector[])[.. vectors, .. images, .. spare])
                vector.Dispose();
        }
    }
}
