using NUnit.Framework;
using SoraHpc.Communication;
using SoraHpc.Communication.Threads;
using SoraHpc.Decomposition;
using SoraHpc.Solvers.Multigrid;
using SoraHpc.Solvers.Operators;
using SoraHpc.Solvers.Preconditioners;
using SoraHpc.Solvers.Vectors;
using SoraHpc.Tests.Contracts;

namespace SoraHpc.Tests.Solvers;

/// <summary>What an iteration is made of allocates nothing, on any rank.</summary>
public sealed class AllocationTests
{
    [Test]
    public void Vectors_inner_products_operators_and_preconditioners_allocate_nothing([Values(1, 2)] int ranks) => ThreadWorld.Run(ranks, comm =>
    {
        GridLayout grid = new(comm, new Extent(16, 16, 16));
        using StencilOperator seven = new(grid, Stencil.Laplacian(1), StencilBoundary.ZeroOnFace);
        using StencilOperator twentySeven = new(grid, Stencil.TwentySevenPoint(26, -1, -1, -1), StencilBoundary.ZeroBeyond);
        using CsrOperator sparse = new(grid.Vectors, [.. Enumerable.Range(0, grid.Vectors.LocalLength).Select(i => new Triplet(grid.Vectors.Begin + i, (grid.Vectors.Begin + i * 7L) % grid.Vectors.Length, 1))]);
        using GeometricMultigrid multigrid = new(seven, new MultigridOptions { WholeBelow = 64 });
        using ChebyshevPreconditioner chebyshev = new(seven, 1, 12, 3);
        using JacobiPreconditioner jacobi = new(seven);
        using DistributedVector x = new(grid.Vectors), y = new(grid.Vectors);
        using InnerProducts plain = new(comm, Summation.Plain), exact = new(comm, Summation.Exact, most: 2);
        x.Fill(1);
        long least = Allocations.Least(() =>
        {
            x.Axpy(0.5, y);
            x.Aypx(0.5, y);
            x.Scale(1.5);
            plain.Dot(x, y);
            exact.Dot(x, y);
            exact.Add(x, x);
            exact.Add(x, y);
            exact.Start();
            exact.Finish();
            seven.Apply(x, y);
            twentySeven.Apply(x, y);
            sparse.Apply(x, y);
            multigrid.Apply(x, y);
            chebyshev.Apply(x, y);
            jacobi.Apply(x, y);
            x.Fill(1);
        }, steps: 20);
        Assert.That(least, Is.Zero);
    });
}
