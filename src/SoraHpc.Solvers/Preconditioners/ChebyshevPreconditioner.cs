using SoraHpc.Diagnostics;
using SoraHpc.Solvers.Operators;
using SoraHpc.Solvers.Vectors;

namespace SoraHpc.Solvers.Preconditioners;

/// <summary>
/// A polynomial in the matrix that is near its inverse on an interval of eigenvalues: products with the matrix and no inner product,
/// so no reduction. Symmetric positive definite where the matrix is; its bits do not depend on how the rows are cut.
/// </summary>
/// <remarks>Source: the three-term recurrence of Saad, Iterative Methods for Sparse Linear Systems (2003), algorithm 12.1.</remarks>
public sealed class ChebyshevPreconditioner : IPreconditioner, IDisposable
{
    private readonly ILinearOperator matrix;
    private readonly double centre, radius;
    private readonly int degree;
    private readonly DistributedVector residual, step, product;

    /// <param name="lower">Lower end of the interval, > 0.</param>
    /// <param name="upper">Upper end; no eigenvalue may be larger.</param>
    /// <param name="degree">Products with the matrix and one, ≥ 1.</param>
    /// <exception cref="UsageException">The interval is none.</exception>
    public ChebyshevPreconditioner(ILinearOperator matrix, double lower, double upper, int degree)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(degree, 1);
        if (!(lower > 0 && upper > lower && double.IsFinite(upper)))
            throw new UsageException($"Chebyshev: [{lower}, {upper}] is not an interval of positive eigenvalues");
        (this.matrix, this.degree, centre, radius) = (matrix, degree, (upper + lower) / 2, (upper - lower) / 2);
        (residual, step, product) = (new(matrix.Layout), new(matrix.Layout), new(matrix.Layout));
    }

    /// <inheritdoc/>
    public void Apply(DistributedVector r, DistributedVector z)
    {
        double sigma = centre / radius, rho = 1 / sigma;
        residual.CopyFrom(r);
        step.CopyFrom(r);
        step.Scale(1 / centre);
        z.CopyFrom(step);
        for (int k = 1; k < degree; k++)
        {
            matrix.Apply(step, product);
            residual.Axpy(-1, product);
            double next = 1 / (2 * sigma - rho);
            step.Scale(next * rho);
            step.Axpy(2 * next / radius, residual);
            z.Axpy(1, step);
            rho = next;
        }
    }

    /// <summary>Frees the working vectors. Local.</summary>
    public void Dispose()
    {
        foreach (IDisposable mine in (IDisposable[])[residual, step, product])
            mine.Dispose();
    }
}
