using NUnit.Framework;
using SoraHpc.Communication;
using SoraHpc.Communication.Threads;
using SoraHpc.Decomposition;
using SoraHpc.Diagnostics;
using SoraHpc.Solvers.Eigen;
using SoraHpc.Solvers.Multigrid;
using SoraHpc.Solvers.Operators;
using SoraHpc.Solvers.Vectors;

namespace SoraHpc.Tests.Solvers;

/// <summary>Eigenvalues of the discrete Laplacian, which are known: sums of 4·sin²(kπ/(2(n + 1))) over the dimensions.</summary>
public sealed class EigenvalueTests
{
    [Test]
    public void Lanczos_finds_both_ends_of_the_spectrum([Values(1, 2, 3)] int ranks, [Values] SpectrumEnd end, [Values] Summation summation) => ThreadWorld.Run(ranks, comm =>
    {
        VectorLayout layout = VectorLayout.Even(comm, 60);
        using CsrOperator matrix = Chain(layout);
        using EigenResult found = Lanczos.Solve(matrix, 4, end, new EigenOptions { Summation = summation });
        int[] numbers = end == SpectrumEnd.Smallest ? [1, 2, 3, 4] : [60, 59, 58, 57];
        // A symmetric matrix has an eigenvalue as near as the residual: 10⁻⁸ of 4.
        Assert.That(found.Values, Is.EqualTo(numbers.Select(k => Of(k, 60))).AsCollection.Within(4e-8));
        AssertPairs(matrix, found, 1e-7);
    });

    [Test]
    public void Lobpcg_finds_eigenvalues_as_often_as_they_are_there([Values(1, 2, 4)] int ranks, [Values] bool preconditioned) => ThreadWorld.Run(ranks, comm =>
    {
        const int N = 8;
        GridLayout grid = new(comm, new Extent(N, N, N));
        using StencilOperator matrix = new(grid, Stencil.Laplacian(1), StencilBoundary.ZeroOnFace);
        using GeometricMultigrid? multigrid = preconditioned ? new(matrix, new MultigridOptions { WholeBelow = 64 }) : null;
        using EigenResult found = Lobpcg.Solve(matrix, 5, multigrid, new EigenOptions { Tolerance = 1e-7 });
        double one = 4 * Math.Pow(Math.Sin(Math.PI / (2 * N)), 2), two = 4 * Math.Pow(Math.Sin(2 * Math.PI / (2 * N)), 2);
        Assert.That(found.Values, Is.EqualTo(new[] { 3 * one, 2 * one + two, 2 * one + two, 2 * one + two, one + 2 * two }).AsCollection.Within(1e-6));
        Assert.That(found.Iterations, Is.LessThan(preconditioned ? 25 : 120));
        AssertPairs(matrix, found, 1e-6);
    });

    [Test]
    public void Too_much_asked_for_is_refused() => ThreadWorld.Run(2, comm =>
    {
        using CsrOperator matrix = Chain(VectorLayout.Even(comm, 10));
        Assert.Throws<UsageException>(() => Lanczos.Solve(matrix, 11, SpectrumEnd.Smallest));
        Assert.Throws<UsageException>(() => Lobpcg.Solve(matrix, 4));
        using CsrOperator chain = Chain(VectorLayout.Even(comm, 300));
        Assert.That(Assert.Throws<SoraException>(() => Lanczos.Solve(chain, 2, SpectrumEnd.Smallest, new EigenOptions { MaxIterations = 20 }))!.Message, Does.Contain("after 20 iterations"));
    });

    private static double Of(int k, int n) => 4 * Math.Pow(Math.Sin(k * Math.PI / (2 * (n + 1))), 2);

    private static void AssertPairs(ILinearOperator matrix, EigenResult found, double tolerance)
    {
        using DistributedVector image = new(matrix.Layout);
        using InnerProducts products = new(matrix.Layout.Communicator, Summation.Plain);
        for (int i = 0; i < found.Values.Length; i++)
        {
            Assert.That(products.Norm(found.Vectors[i]), Is.EqualTo(1).Within(1e-9));
            matrix.Apply(found.Vectors[i], image);
            image.Axpy(-found.Values[i], found.Vectors[i]);
            Assert.That(products.Norm(image), Is.LessThan(tolerance), $"residual {i}");
        }
    }

    private static CsrOperator Chain(VectorLayout layout)
    {
        List<Triplet> entries = [];
        for (long row = layout.Begin; row < layout.Begin + layout.LocalLength; row++)
            for (long column = Math.Max(0, row - 1); column <= Math.Min(layout.Length - 1, row + 1); column++)
                entries.Add(new(row, column, row == column ? 2 : -1));
        return new(layout, [.. entries]);
    }
}
