using SoraHpc.Solvers.Operators;
using SoraHpc.Solvers.Preconditioners;
using SoraHpc.Solvers.Vectors;

namespace SoraHpc.Solvers.Krylov;

/// <summary>
/// Conjugate gradients for symmetric positive definite matrices, preconditioned or not. With exact summation and a preconditioner
/// whose bits do not depend on the cut, neither do those of the solution.
/// </summary>
/// <remarks>Source: Hestenes and Stiefel, J. Res. Nat. Bur. Standards 49 (1952); the preconditioned form of Saad, Iterative Methods for
/// Sparse Linear Systems (2003), algorithm 9.1. Memory traffic of an iteration beside A and M: 14 vectors, three reductions.</remarks>
public sealed class ConjugateGradient : IKrylovMethod
{
    private readonly ILinearOperator matrix;
    private readonly IPreconditioner? preconditioner;
    private readonly SolverOptions options;
    private readonly InnerProducts products;
    private readonly DistributedVector r, p, q;
    private readonly DistributedVector? preconditioned;

    /// <param name="matrix">Symmetric positive definite.</param>
    /// <param name="preconditioner">Symmetric positive definite; null for none.</param>
    public ConjugateGradient(ILinearOperator matrix, IPreconditioner? preconditioner = null, SolverOptions? options = null)
    {
        (this.matrix, this.preconditioner, this.options) = (matrix, preconditioner, options ?? new SolverOptions());
        products = new(matrix.Layout.Communicator, this.options.Summation);
        (r, p, q) = (new(matrix.Layout), new(matrix.Layout), new(matrix.Layout));
        preconditioned = preconditioner is null ? null : new(matrix.Layout);
    }

    /// <inheritdoc/>
    public SolverResult Solve(DistributedVector b, DistributedVector x)
    {
        b.Fitting(matrix.Layout);
        x.Fitting(matrix.Layout);
        ResidualMonitor monitor = new("CG", options, b, x, products.Norm(b));
        matrix.Apply(x, q);
        r.Waxpy(b, -1, q);
        DistributedVector z = preconditioned ?? r;
        double square = products.Dot(r, r), before = 0;
        while (!monitor.IsOver(Math.Sqrt(square)))
        {
            preconditioner?.Apply(r, z);
            double rho = preconditioner is null ? square : products.Dot(r, z);
            monitor.CheckPositive(rho, "rᵀ·M·r", "the preconditioner");
            if (before == 0)
                p.CopyFrom(z);
            else
                p.Aypx(rho / before, z);
            matrix.Apply(p, q);
            double curvature = products.Dot(p, q);
            monitor.CheckPositive(curvature, "pᵀ·A·p", "the matrix");
            square = products.StepAndSquare(x, r, rho / curvature, p, q);
            before = rho;
        }
        return monitor.End("use a stronger preconditioner, allow more iterations, or ask for less");
    }

    /// <summary>Frees the working vectors; matrix and preconditioner are the caller's. Local.</summary>
    public void Dispose()
    {
        foreach (IDisposable? mine in (IDisposable?[])[products, r, p, q, preconditioned])
            mine?.Dispose();
    }
}
