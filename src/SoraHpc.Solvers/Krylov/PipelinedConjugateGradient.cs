using SoraHpc.Solvers.Operators;
using SoraHpc.Solvers.Preconditioners;
using SoraHpc.Solvers.Vectors;

namespace SoraHpc.Solvers.Krylov;

/// <summary>
/// Conjugate gradients with one reduction an iteration, which travels while preconditioner and matrix are applied: for many ranks,
/// where reductions cost more than the five vectors more that it keeps. Its recurrences lose the true residual slowly, so that is
/// computed anew every so often, and always before convergence is believed.
/// </summary>
/// <remarks>Source: Ghysels and Vanroose, Parallel Computing 40 (2014), algorithm 4; residual replacement as in Cools et al., SIAM J.
/// Matrix Anal. Appl. 39 (2018).</remarks>
public sealed class PipelinedConjugateGradient : IKrylovMethod
{
    private const int ReplacementInterval = 50;

    private readonly ILinearOperator matrix;
    private readonly IPreconditioner? preconditioner;
    private readonly SolverOptions options;
    private readonly InnerProducts products;
    private readonly DistributedVector r, u, w, m, n, z, q, s, p;

    /// <param name="matrix">Symmetric positive definite.</param>
    /// <param name="preconditioner">Symmetric positive definite; null for none.</param>
    public PipelinedConjugateGradient(ILinearOperator matrix, IPreconditioner? preconditioner = null, SolverOptions? options = null)
    {
        (this.matrix, this.preconditioner, this.options) = (matrix, preconditioner, options ?? new SolverOptions());
        products = new(matrix.Layout.Communicator, this.options.Summation, most: 3);
        DistributedVector New() => new(matrix.Layout);
        (r, u, w, m, n, z, q, s, p) = (New(), New(), New(), New(), New(), New(), New(), New(), New());
    }

    /// <inheritdoc/>
    public SolverResult Solve(DistributedVector b, DistributedVector x)
    {
        b.Fitting(matrix.Layout);
        x.Fitting(matrix.Layout);
        ResidualMonitor monitor = new("pipelined CG", options, b, x, products.Norm(b));
        double before = 0, step = 0, target = Math.Max(options.RelativeTolerance * products.Norm(b), options.AbsoluteTolerance);
        bool isTrue = true;
        Restart(b, x);
        for (int iteration = 0; ; iteration++)
        {
            (double square, double gamma, double delta) = Overlapped();
            if (!isTrue && (Math.Sqrt(square) <= target || iteration % ReplacementInterval == 0))
            {
                // The search directions stay, so this costs no iteration.
                Restart(b, x);
                Redirect();
                (square, gamma, delta) = Overlapped();
            }
            if (monitor.IsOver(Math.Sqrt(square)))
                return monitor.End("use a stronger preconditioner, allow more iterations, or ask for less; plain CG reaches smaller residuals");
            monitor.CheckPositive(gamma, "rᵀ·M·r", "the preconditioner");
            double beta = before == 0 ? 0 : gamma / before, curvature = before == 0 ? delta : delta - beta * gamma / step;
            monitor.CheckPositive(curvature, "pᵀ·A·p", "the matrix");
            step = gamma / curvature;
            Advance(x, step, beta);
            before = gamma;
            isTrue = false;
        }
    }

    // The sums travel while m = M·w and n = A·m are computed.
    private (double Square, double Gamma, double Delta) Overlapped()
    {
        products.Add(r, r);
        products.Add(r, u);
        products.Add(w, u);
        products.Start();
        Precondition(w, m);
        matrix.Apply(m, n);
        ReadOnlySpan<double> sums = products.Finish();
        return (sums[0], sums[1], sums[2]);
    }

    private void Restart(DistributedVector b, DistributedVector x)
    {
        matrix.Apply(x, w);
        r.Waxpy(b, -1, w);
        Precondition(r, u);
        matrix.Apply(u, w);
    }

    private void Redirect()
    {
        matrix.Apply(p, s);
        Precondition(s, q);
        matrix.Apply(q, z);
    }

    private void Advance(DistributedVector x, double a, double b)
    {
        z.Aypx(b, n);
        q.Aypx(b, m);
        s.Aypx(b, w);
        p.Aypx(b, u);
        x.Axpy(a, p);
        r.Axpy(-a, s);
        u.Axpy(-a, q);
        w.Axpy(-a, z);
    }

    private void Precondition(DistributedVector from, DistributedVector to)
    {
        if (preconditioner is null)
            to.CopyFrom(from);
        else
            preconditioner.Apply(from, to);
    }

    /// <summary>Frees the working vectors; matrix and preconditioner are the caller's. Local.</summary>
    public void Dispose()
    {
        foreach (IDisposable mine in (IDisposable[])[products, r, u, w, m, n, z, q, s, p])
            mine.Dispose();
    }
}
