using MathNet.Numerics.LinearAlgebra;
using NUnit.Framework;
using SoraHpc.Communication;
using SoraHpc.Communication.Threads;
using SoraHpc.Solvers.Krylov;
using SoraHpc.Solvers.Operators;
using SoraHpc.Solvers.Preconditioners;
using SoraHpc.Solvers.Vectors;

namespace SoraHpc.Tests.Solvers;

/// <summary>Solvers and preconditioners against dense algebra and what theory says of them.</summary>
public sealed class KrylovTests
{
    [Test]
    public void Nonsymmetric_systems_have_the_solution_of_dense_elimination([Range(1, 6)] int seed, [Values] bool gmres) => ThreadWorld.Run(2, comm =>
    {
        const int N = 40;
        Random random = new(seed);
        Matrix<double> dense = Matrix<double>.Build.Dense(N, N, (i, j) => random.Next(4) == 0 || i == j ? random.NextDouble() - 0.3 + (i == j ? 4 : 0) : 0);
        Vector<double> right = Vector<double>.Build.Dense(N, i => Math.Sin(i + seed)), expected = dense.Solve(right);
        using CsrOperator matrix = From(comm, dense);
        using DistributedVector b = new(matrix.Layout), x = new(matrix.Layout);
        for (int i = 0; i < b.Local.Length; i++)
            b.Local[i] = right[(int)matrix.Layout.Begin + i];
        SolverOptions options = new() { RelativeTolerance = 1e-12 };
        using IKrylovMethod solver = gmres ? new Gmres(matrix, null, options) : new BiCgStab(matrix, null, options);
        solver.Solve(b, x);
        double bound = 1e-12 * dense.ConditionNumber() * expected.L2Norm() * 2;
        for (int i = 0; i < x.Local.Length; i++)
            Assert.That(x.Local[i], Is.EqualTo(expected[(int)matrix.Layout.Begin + i]).Within(bound));
    });

    [Test]
    public void Conjugate_gradients_end_after_as_many_iterations_as_there_are_eigenvalues() => ThreadWorld.Run(2, comm =>
    {
        using CsrOperator matrix = From(comm, Matrix<double>.Build.Diagonal(90, 90, i => 1 + i % 5));
        using DistributedVector b = new(matrix.Layout), x = new(matrix.Layout);
        b.Fill(1);
        using ConjugateGradient cg = new(matrix, null, new SolverOptions { RelativeTolerance = 1e-12 });
        Assert.That(cg.Solve(b, x).Iterations, Is.EqualTo(5));
        using PipelinedConjugateGradient pipelined = new(matrix, null, new SolverOptions { RelativeTolerance = 1e-11 });
        x.Fill(0);
        Assert.That(pipelined.Solve(b, x).Iterations, Is.EqualTo(5));
    });

    [Test]
    public void Residual_of_pipelined_conjugate_gradients_is_the_true_one_at_the_end() => ThreadWorld.Run(2, comm =>
    {
        using CsrOperator matrix = From(comm, Matrix<double>.Build.Dense(300, 300, (i, j) => i == j ? 2.0001 : Math.Abs(i - j) == 1 ? -1 : 0));
        using DistributedVector b = new(matrix.Layout), x = new(matrix.Layout), residual = new(matrix.Layout);
        b.Fill(1);
        using PipelinedConjugateGradient solver = new(matrix, null, new SolverOptions { RelativeTolerance = 1e-10, StagnationWindow = 400 });
        solver.Solve(b, x);
        matrix.Apply(x, residual);
        residual.Waxpy(b, -1, residual);
        using InnerProducts products = new(comm, Summation.Plain);
        Assert.That(products.Norm(residual), Is.LessThanOrEqualTo(1.0001e-10 * products.Norm(b)));
    });

    [Test]
    public void Incomplete_factors_of_a_tridiagonal_block_are_its_factors() => ThreadWorld.Run(1, comm =>
    {
        Matrix<double> dense = Matrix<double>.Build.Dense(25, 25, (i, j) => i == j ? 3 + Math.Sin(i) : i == j + 1 ? -1.5 : j == i + 1 ? 0.75 : 0);
        using CsrOperator matrix = From(comm, dense);
        BlockIluPreconditioner ilu = new(matrix);
        using DistributedVector b = new(matrix.Layout), x = new(matrix.Layout);
        b.Fill(1);
        ilu.Apply(b, x);
        Vector<double> expected = dense.Solve(Vector<double>.Build.Dense(25, 1));
        Assert.That(x.Local.ToArray(), Is.EqualTo(expected).AsCollection.Within(1e-14));
    });

    [Test]
    public void Chebyshev_polynomial_is_as_small_on_its_interval_as_theory_says([Range(1, 6)] int degree)
    {
        const double Lower = 0.5, Upper = 4;
        double[] steps = ChebyshevPolynomial.Steps(Lower, Upper, degree);
        double bound = 1 / Math.Cosh(degree * Math.Acosh((Upper + Lower) / (Upper - Lower)));
        double largest = Enumerable.Range(0, 1001).Max(i => Math.Abs(steps.Aggregate(1.0, (p, step) => p * (1 - step * (Lower + (Upper - Lower) * i / 1000)))));
        Assert.That(largest, Is.EqualTo(bound).Within(1e-12));
    }

    [Test]
    public void Solution_of_zero_is_zero_from_anywhere() => ThreadWorld.Run(2, comm =>
    {
        using CsrOperator matrix = From(comm, Matrix<double>.Build.Diagonal(10, 10, 2));
        using DistributedVector b = new(matrix.Layout), x = new(matrix.Layout);
        x.Fill(3);
        using ConjugateGradient solver = new(matrix);
        Assert.That(solver.Solve(b, x), Has.Property(nameof(SolverResult.Iterations)).Zero);
        Assert.That(x.Local.ToArray(), Is.All.Zero);
    });

    [Test]
    public void Options_out_of_range_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => _ = new SolverOptions { RelativeTolerance = 1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => _ = new SolverOptions { RelativeTolerance = double.NaN });
        Assert.Throws<ArgumentOutOfRangeException>(() => _ = new SolverOptions { AbsoluteTolerance = -1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => _ = new SolverOptions { MaxIterations = -1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => _ = new SolverOptions { StagnationWindow = 0 });
    }

    private static CsrOperator From(Communicator comm, Matrix<double> dense)
    {
        VectorLayout layout = VectorLayout.Even(comm, dense.RowCount);
        return new(layout, [.. dense.EnumerateIndexed(Zeros.AllowSkip).Where(e => e.Item1 >= layout.Begin && e.Item1 < layout.Begin + layout.LocalLength).Select(e => new Triplet(e.Item1, e.Item2, e.Item3))]);
    }
}
