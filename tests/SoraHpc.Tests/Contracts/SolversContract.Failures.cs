using NUnit.Framework;
using SoraHpc.Decomposition;
using SoraHpc.Diagnostics;
using SoraHpc.Solvers.Krylov;
using SoraHpc.Solvers.Multigrid;
using SoraHpc.Solvers.Operators;
using SoraHpc.Solvers.Preconditioners;
using SoraHpc.Solvers.Vectors;

namespace SoraHpc.Tests.Contracts;

// What is wrong with the data is said in one line, alike on every rank; nothing hangs.
public abstract partial class SolversContract
{
    [Test]
    public void Not_a_number_on_one_rank_ends_the_solve_on_all_and_names_the_row([Sizes] int size, [Values("cg", "pipelined", "bicgstab", "gmres")] string method, [Values] Summation summation) => OnEveryRank(size, comm =>
    {
        VectorLayout layout = VectorLayout.Even(comm, 40);
        using CsrOperator matrix = Convection(layout, skew: 0);
        using DistributedVector b = new(layout), x = new(layout);
        b.Fill(1);
        int culprit = comm.Size - 1;
        if (comm.Rank == culprit)
            b.Local[3] = double.NaN;
        using IKrylovMethod solver = Method(method, matrix, null, new SolverOptions { Summation = summation });
        SoraException failure = Assert.Throws<SoraException>(() => solver.Solve(b, x))!;
        Assert.That(failure.Message, Does.Contain($"the right-hand side is not finite at row {layout.BeginOf(culprit) + 3} (rank {culprit})").And.Not.Contain('\n'));
    });

    [Test]
    public void Matrix_that_holds_not_a_number_is_told_from_the_vectors([Sizes] int size) => OnEveryRank(size, comm =>
    {
        VectorLayout layout = VectorLayout.Even(comm, 12);
        using CsrOperator matrix = new(layout, [.. Enumerable.Range(0, layout.LocalLength).Select(i => new Triplet(layout.Begin + i, layout.Begin + i, layout.Begin + i == 7 ? double.NaN : 1))]);
        using DistributedVector b = new(layout), x = new(layout);
        b.Fill(1);
        using ConjugateGradient solver = new(matrix);
        Assert.That(Assert.Throws<SoraException>(() => solver.Solve(b, x))!.Message, Does.Contain("the matrix or the preconditioner"));
    });

    [Test]
    public void Matrix_that_is_not_positive_definite_is_refused_by_conjugate_gradients([Sizes] int size, [Values("cg", "pipelined")] string method) => OnEveryRank(size, comm =>
    {
        VectorLayout layout = VectorLayout.Even(comm, 30);
        using CsrOperator matrix = new(layout, [.. Enumerable.Range(0, layout.LocalLength).Select(i => new Triplet(layout.Begin + i, layout.Begin + i, layout.Begin + i < 20 ? -1 - i : 2))]);
        using DistributedVector b = new(layout), x = new(layout);
        b.Fill(1);
        using IKrylovMethod solver = Method(method, matrix, null, new SolverOptions());
        Assert.That(Assert.Throws<SoraException>(() => solver.Solve(b, x))!.Message, Does.Contain("the matrix is not positive definite").And.Not.Contain('\n'));
    });

    [Test]
    public void Solver_that_stagnates_stops_and_tells_its_residuals([Sizes] int size) => OnEveryRank(size, comm =>
    {
        // A ring of shifts: restarted GMRES makes no progress at all before the basis is as long as the ring.
        VectorLayout layout = VectorLayout.Even(comm, 50);
        using CsrOperator matrix = new(layout, [.. Enumerable.Range(0, layout.LocalLength).Select(i => new Triplet(layout.Begin + i, (layout.Begin + i + 1) % 50, 1))]);
        using DistributedVector b = new(layout), x = new(layout);
        if (comm.IsRoot)
            b.Local[0] = 1;
        SolverOptions options = new() { StagnationWindow = 25, MaxIterations = 100_000 };
        using Gmres solver = new(matrix, null, options, restart: 10);
        ConvergenceException failure = Assert.Throws<ConvergenceException>(() => solver.Solve(b, x))!;
        Assert.That(failure.Message, Does.StartWith("GMRES stagnated after 25 iterations at a relative residual of 1.0e0 (residuals: 0: 1.0e0, ").And.Not.Contain('\n'));
        Assert.That(failure.Result, Has.Property(nameof(SolverResult.Reason)).EqualTo(StopReason.Stagnated));
        using Gmres lenient = new(matrix, null, options with { MustConverge = false }, restart: 10);
        x.Fill(0);
        Assert.That(lenient.Solve(b, x), Has.Property(nameof(SolverResult.Iterations)).EqualTo(25));
        using Gmres longer = new(matrix, null, options with { StagnationWindow = 60 }, restart: 50);
        x.Fill(0);
        Assert.That(longer.Solve(b, x).Iterations, Is.EqualTo(50), "a basis as long as the ring solves it");
    });

    [Test]
    public void Iterations_used_up_are_told([Sizes] int size) => OnEveryRank(size, comm =>
    {
        VectorLayout layout = VectorLayout.Even(comm, 200);
        using CsrOperator matrix = Convection(layout, skew: 0);
        using DistributedVector b = new(layout), x = new(layout);
        b.Fill(1);
        using ConjugateGradient solver = new(matrix, null, new SolverOptions { MaxIterations = 3 });
        Assert.That(Assert.Throws<ConvergenceException>(() => solver.Solve(b, x))!.Message, Does.StartWith("CG used up its iterations after 3 iterations"));
    });

    [Test]
    public void Shapes_that_do_not_fit_are_refused_before_anything_is_sent([Sizes] int size) => OnEveryRank(size, comm =>
    {
        VectorLayout layout = VectorLayout.Even(comm, 40), other = VectorLayout.Even(comm, 41);
        using CsrOperator matrix = Convection(layout, skew: 0);
        using DistributedVector b = new(layout), x = new(other);
        using ConjugateGradient solver = new(matrix);
        Assert.That(Assert.Throws<ArgumentException>(() => solver.Solve(b, x))!.Message, Does.Contain("a vector of 41 rows").And.Contain("where 40"));
        Assert.That(Assert.Throws<ArgumentException>(() => matrix.Apply(x, b))!.Message, Does.Contain("a vector of 41 rows"));
        Assert.Throws<ArgumentException>(() => matrix.Apply(b, b));
        Assert.That(Assert.Throws<UsageException>(() => _ = new CsrOperator(layout, [new Triplet(layout.Begin, 40, 1)]))!.Message, Does.Contain("outside a matrix of 40 columns"));
        Assert.That(Assert.Throws<UsageException>(() => _ = new CsrOperator(layout, [new Triplet(-1, 0, 1)]))!.Message, Does.Contain("give an entry on the rank of its row"));
    });

    [Test]
    public void Grids_that_cannot_be_are_refused([Sizes] int size) => OnEveryRank(size, comm =>
    {
        Assert.Throws<UsageException>(() => _ = new GridLayout(comm, new Extent(8, 8, 8), comm.Size + 1, 1));
        GridLayout odd = new(comm, new Extent(43, 47, 41));
        using StencilOperator matrix = new(odd, Stencil.Laplacian(1), StencilBoundary.ZeroOnFace), nodes = new(odd, Stencil.Laplacian(1), StencilBoundary.ZeroBeyond);
        Assert.That(Assert.Throws<UsageException>(() => _ = new GeometricMultigrid(matrix))!.Message, Does.Contain("cannot join the cells of a grid of 43 × 47 × 41"));
        Assert.That(Assert.Throws<UsageException>(() => _ = new GeometricMultigrid(nodes))!.Message, Does.Contain("ZeroOnFace"));
    });

    [Test]
    public void Preconditioner_without_a_pivot_names_the_row([Sizes] int size) => OnEveryRank(size, comm =>
    {
        VectorLayout layout = VectorLayout.Even(comm, 20);
        using CsrOperator matrix = new(layout, [.. Enumerable.Range(0, layout.LocalLength).Select(i => new Triplet(layout.Begin + i, layout.Begin + i, layout.Begin + i == 13 ? 0 : 1))]);
        Assert.That(Assert.Throws<SoraException>(() => _ = new JacobiPreconditioner(matrix))!.Message, Does.Contain("row 13"));
        Assert.That(Assert.Throws<SoraException>(() => _ = new BlockIluPreconditioner(matrix))!.Message, Does.Contain("row 13"));
    });
}
