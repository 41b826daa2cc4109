using SoraHpc.Solvers.Operators;
using SoraHpc.Solvers.Preconditioners;
using SoraHpc.Solvers.Vectors;

namespace SoraHpc.Solvers.Krylov;

/// <summary>
/// Restarted generalised minimal residuals for any square matrix, preconditioned from the right. The basis is made orthogonal by
/// classical Gram–Schmidt, twice: two reductions an iteration however long the basis is, and orthogonal to rounding.
/// </summary>
/// <remarks>Source: Saad and Schultz, SIAM J. Sci. Stat. Comput. 7 (1986); "twice is enough": Giraud, Langou and Rozložník, Comput. Math.
/// Appl. 50 (2005).</remarks>
public sealed class Gmres : IKrylovMethod
{
    private readonly ILinearOperator matrix;
    private readonly IPreconditioner? preconditioner;
    private readonly SolverOptions options;
    private readonly int restart;
    private readonly InnerProducts products;
    private readonly DistributedVector[] basis;
    private readonly DistributedVector work;
    private readonly double[,] triangle;        // column k: what the rotations left of the k-th column of the Hessenberg matrix
    private readonly double[] column, cosines, sines, rotated, solution;

    /// <param name="preconditioner">Any approximate inverse, the same in every iteration; null for none.</param>
    /// <param name="restart">Vectors of the basis at most, ≥ 1; memory is that many vectors and two.</param>
    public Gmres(ILinearOperator matrix, IPreconditioner? preconditioner = null, SolverOptions? options = null, int restart = 30)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(restart, 1);
        (this.matrix, this.preconditioner, this.options, this.restart) = (matrix, preconditioner, options ?? new SolverOptions(), restart);
        products = new(matrix.Layout.Communicator, this.options.Summation, most: restart + 1);
        basis = [.. Enumerable.Range(0, restart + 1).Select(_ => new DistributedVector(matrix.Layout))];
        work = new(matrix.Layout);
        triangle = new double[restart, restart];
        (column, cosines, sines, rotated, solution) = (new double[restart + 1], new double[restart], new double[restart], new double[restart + 1], new double[restart]);
    }

    /// <inheritdoc/>
    public SolverResult Solve(DistributedVector b, DistributedVector x)
    {
        b.Fitting(matrix.Layout);
        x.Fitting(matrix.Layout);
        ResidualMonitor monitor = new("GMRES", options, b, x, products.Norm(b));
        double residual = Residual(b, x);
        bool isOver = monitor.IsOver(residual);
        while (!isOver)
        {
            isOver = Cycle(monitor, x, residual, out bool brokeDown);
            if (!isOver)
                residual = Residual(b, x);
            if (brokeDown)
                break;
        }
        return monitor.End("use a longer basis (restart) or a stronger preconditioner");
    }

    // v₀ = b − A·x, not yet of length one.
    private double Residual(DistributedVector b, DistributedVector x)
    {
        matrix.Apply(x, work);
        basis[0].Waxpy(b, -1, work);
        return products.Norm(basis[0]);
    }

    /// <summary>As many steps as the basis is long, or until the solve is over; x is then the best in the space.</summary>
    private bool Cycle(ResidualMonitor monitor, DistributedVector x, double residual, out bool brokeDown)
    {
        basis[0].Scale(1 / residual);
        Array.Clear(rotated);
        rotated[0] = residual;
        bool isOver = false;
        brokeDown = false;
        int length = 0;
        while (length < restart && !isOver && !brokeDown)
        {
            double next = Expand(length);
            brokeDown = Rotate(length, next, monitor);
            if (brokeDown)
                break;
            length++;
            isOver = monitor.IsOver(Math.Abs(rotated[length]));
            if (!isOver && length < restart)
            {
                if (next == 0)
                    brokeDown = monitor.BreaksDown(next, "the next basis vector");
                else
                    basis[length].Scale(1 / next);
            }
        }
        Update(x, length);
        return isOver;
    }

    /// <summary>basis[k + 1] = A·M·basis[k] made orthogonal to all before; returns its length, the coefficients are in <see cref="column"/>.</summary>
    private double Expand(int k)
    {
        DistributedVector next = basis[k + 1];
        if (preconditioner is null)
            matrix.Apply(basis[k], next);
        else
        {
            preconditioner.Apply(basis[k], work);
            matrix.Apply(work, next);
        }
        double scale = products.Norm(next);
        Array.Clear(column);
        for (int pass = 0; pass < 2; pass++)
        {
            for (int i = 0; i <= k; i++)
                products.Add(basis[i], next);
            ReadOnlySpan<double> along = products.Reduce();
            for (int i = 0; i <= k; i++)
            {
                column[i] += along[i];
                next.Axpy(-along[i], basis[i]);
            }
        }
        double length = products.Norm(next);
        return length > 1e-14 * scale ? length : double.IsFinite(length) ? 0 : length;       // less is only rounding
    }

    // Givens rotations keep the Hessenberg matrix triangular; the last rotated entry is the residual.
    private bool Rotate(int k, double next, ResidualMonitor monitor)
    {
        for (int i = 0; i < k; i++)
            (column[i], column[i + 1]) = (cosines[i] * column[i] + sines[i] * column[i + 1], cosines[i] * column[i + 1] - sines[i] * column[i]);
        double length = double.Hypot(column[k], next);
        if (monitor.BreaksDown(length, "A on the basis"))
            return true;
        (cosines[k], sines[k]) = (column[k] / length, next / length);
        for (int i = 0; i < k; i++)
            triangle[i, k] = column[i];
        triangle[k, k] = length;
        (rotated[k], rotated[k + 1]) = (cosines[k] * rotated[k], -sines[k] * rotated[k]);
        return false;
    }

    private void Update(DistributedVector x, int length)
    {
        if (length == 0)
            return;
        for (int i = length - 1; i >= 0; i--)
        {
            solution[i] = rotated[i];
            for (int j = i + 1; j < length; j++)
                solution[i] -= triangle[i, j] * solution[j];
            solution[i] /= triangle[i, i];
        }
        if (preconditioner is null)
        {
            for (int i = 0; i < length; i++)
                x.Axpy(solution[i], basis[i]);
            return;
        }
        // Combine in v₀, which the next cycle makes anew.
        basis[0].Scale(solution[0]);
        for (int i = 1; i < length; i++)
            basis[0].Axpy(solution[i], basis[i]);
        preconditioner.Apply(basis[0], work);
        x.Axpy(1, work);
    }

    /// <summary>Frees the basis; matrix and preconditioner are the caller's. Local.</summary>
    public void Dispose()
    {
        foreach (IDisposable mine in (IDisposable[])[products, work, .. basis])
            mine.Dispose();
    }
}
