using SoraHpc.Solvers.Operators;
using SoraHpc.Solvers.Preconditioners;
using SoraHpc.Solvers.Vectors;

namespace SoraHpc.Solvers.Krylov;

/// <summary>Stabilised biconjugate gradients for any square matrix, preconditioned from the right: two products with the matrix an
/// iteration, memory that does not grow, but a residual that may jump.</summary>
/// <remarks>Source: van der Vorst, SIAM J. Sci. Stat. Comput. 13 (1992).</remarks>
public sealed class BiCgStab : IKrylovMethod
{
    private readonly ILinearOperator matrix;
    private readonly IPreconditioner? preconditioner;
    private readonly SolverOptions options;
    private readonly InnerProducts products;
    private readonly DistributedVector r, shadow, p, v, t, pHat, rHat;

    /// <param name="preconditioner">Any approximate inverse; null for none.</param>
    public BiCgStab(ILinearOperator matrix, IPreconditioner? preconditioner = null, SolverOptions? options = null)
    {
        (this.matrix, this.preconditioner, this.options) = (matrix, preconditioner, options ?? new SolverOptions());
        products = new(matrix.Layout.Communicator, this.options.Summation, most: 2);
        DistributedVector New() => new(matrix.Layout);
        (r, shadow, p, v, t) = (New(), New(), New(), New(), New());
        (pHat, rHat) = preconditioner is null ? (p, r) : (New(), New());
    }

    /// <inheritdoc/>
    public SolverResult Solve(DistributedVector b, DistributedVector x)
    {
        b.Fitting(matrix.Layout);
        x.Fitting(matrix.Layout);
        ResidualMonitor monitor = new("BiCGSTAB", options, b, x, products.Norm(b));
        matrix.Apply(x, v);
        r.Waxpy(b, -1, v);
        shadow.CopyFrom(r);
        double square = products.Dot(r, r), rho = square;
        p.CopyFrom(r);
        while (!monitor.IsOver(Math.Sqrt(square)))
        {
            preconditioner?.Apply(p, pHat);
            matrix.Apply(pHat, v);
            double projected = products.Dot(shadow, v);
            if (monitor.BreaksDown(projected, "r̃ᵀ·A·p"))
                break;
            double alpha = rho / projected;
            x.Axpy(alpha, pHat);
            r.Axpy(-alpha, v);
            preconditioner?.Apply(r, rHat);
            matrix.Apply(rHat, t);
            products.Add(t, r);
            products.Add(t, t);
            ReadOnlySpan<double> sums = products.Reduce();
            // t is zero only where r is, and then this half step has solved it.
            double omega = sums[1] == 0 ? 0 : sums[0] / sums[1];
            x.Axpy(omega, rHat);
            r.Axpy(-omega, t);
            products.Add(r, r);
            products.Add(shadow, r);
            sums = products.Reduce();
            (square, double before, rho) = (sums[0], rho, sums[1]);
            if (square > 0 && (monitor.BreaksDown(omega, "ω") || monitor.BreaksDown(rho, "r̃ᵀ·r")))
                break;
            // p = r + β·(p − ω·v)
            p.Axpy(-omega, v);
            p.Aypx(square > 0 ? rho / before * (alpha / omega) : 0, r);
        }
        return monitor.End("use GMRES or a stronger preconditioner");
    }

    /// <summary>Frees the working vectors; matrix and preconditioner are the caller's. Local.</summary>
    public void Dispose()
    {
        foreach (IDisposable mine in (IDisposable[])[products, r, shadow, p, v, t])
            mine.Dispose();
        if (preconditioner is null)
            return;
        pHat.Dispose();
        rHat.Dispose();
    }
}
