using NUnit.Framework;
using SoraHpc.Communication;
using SoraHpc.Communication.Threads;
using SoraHpc.Decomposition;
using SoraHpc.Solvers.Krylov;
using SoraHpc.Solvers.Multigrid;
using SoraHpc.Solvers.Operators;
using SoraHpc.Solvers.Vectors;

namespace SoraHpc.Tests.Solvers;

/// <summary>The stencil against its definition, cell by cell, and against closed forms.</summary>
public sealed class StencilOperatorTests
{
    [Test]
    public void Apply_is_the_weighted_sum_of_all_neighbours([Values(7, 27)] int points, [Values] StencilBoundary boundary, [Values(1, 7, 8, 9, 16, 21)] int columns) => ThreadWorld.Run(2, comm =>
    {
        Stencil stencil = points == 7 ? Stencil.SevenPoint(5, -1.5, -0.75, -0.5) : Stencil.TwentySevenPoint(26, -1.25, -0.75, -0.5);
        GridLayout grid = new(comm, new Extent(4, 3, columns));
        using StencilOperator matrix = new(grid, stencil, boundary);
        using DistributedVector x = new(grid.Vectors), y = new(grid.Vectors), diagonal = new(grid.Vectors);
        grid.Fill(x, Value);
        matrix.Apply(x, y);
        matrix.Diagonal(diagonal);
        int at = 0;
        foreach (Cell cell in grid.Block.CellsInOrder())
        {
            Assert.That(y.Local[at], Is.EqualTo(Defined(grid.Extent, stencil, boundary, cell, Value)).Within(1e-13), $"{cell}");
            Assert.That(diagonal.Local[at++], Is.EqualTo(Defined(grid.Extent, stencil, boundary, cell, c => c == cell ? 1 : 0)).Within(1e-13), $"diagonal at {cell}");
        }
    });

    [Test]
    public void Large_grid_written_past_the_caches_in_blocks_has_the_bits_of_its_parts([Values(7, 27)] int points)
    {
        Extent extent = new(4, 33, 4096);           // 4.3 MB on one rank, in five blocks of rows; parts of two ranks stay in the caches
        Stencil stencil = points == 7 ? Stencil.SevenPoint(5, -1.5, -0.75, -0.5) : Stencil.TwentySevenPoint(26, -1.25, -0.75, -0.5);
        double[] whole = Product(1), parts = Product(2);
        Assert.That(parts.AsSpan().SequenceEqual(whole));

        double[] Product(int ranks)
        {
            double[] gathered = [];
            ThreadWorld.Run(ranks, comm =>
            {
                GridLayout grid = new(comm, extent);
                using StencilOperator matrix = new(grid, stencil, StencilBoundary.ZeroOnFace);
                using DistributedVector x = new(grid.Vectors), y = new(grid.Vectors);
                grid.Fill(x, Value);
                matrix.Apply(x, y);
                if (grid.Gather(y) is { Length: > 0 } all)
                    gathered = all;
            });
            return gathered;
        }
    }

    [Test]
    public void Sines_are_eigenvectors_of_the_laplacian([Values(StencilBoundary.ZeroBeyond, StencilBoundary.ZeroOnFace)] StencilBoundary boundary) => ThreadWorld.Run(3, comm =>
    {
        const int N = 12;
        GridLayout grid = new(comm, new Extent(N, N, N));
        using StencilOperator matrix = new(grid, Stencil.Laplacian(1), boundary);
        using DistributedVector x = new(grid.Vectors), y = new(grid.Vectors);
        // Nodes: sin(kπ(i + 1)/(n + 1)); cell centres: sin(kπ(i + ½)/n). The eigenvalue along a dimension is 4·sin²(θ/2).
        double Angle(int k) => boundary == StencilBoundary.ZeroBeyond ? k * Math.PI / (N + 1) : k * Math.PI / N;
        double offset = boundary == StencilBoundary.ZeroBeyond ? 1 : 0.5;
        double eigenvalue = new[] { 2, 5, N }.Sum(k => 4 * Math.Pow(Math.Sin(Angle(k) / 2), 2));
        grid.Fill(x, c => Math.Sin(Angle(2) * (c.Plane + offset)) * Math.Sin(Angle(5) * (c.Row + offset)) * Math.Sin(Angle(N) * (c.Column + offset)));
        matrix.Apply(x, y);
        y.Axpy(-eigenvalue, x);
        Assert.That(y.Local.ToArray().Max(Math.Abs), Is.LessThan(12 * 7 * Math.Pow(2, -53)), "seven products of weights up to 6, rounded");
    });

    [Test]
    public void Solution_of_the_poisson_equation_is_second_order()
    {
        double coarse = Error(16), fine = Error(32);
        Assert.That(coarse / fine, Is.EqualTo(4).Within(0.1));
        // The leading term of the discretisation error of sin·sin·sin is π²h²/12 of it.
        Assert.That(fine, Is.EqualTo(Math.PI * Math.PI / 12 / (32 * 32)).Within(0.02).Percent.Or.EqualTo(Math.PI * Math.PI / 12 / (32 * 32)).Within(1e-5));
    }

    private static double Error(int n)
    {
        double error = 0;
        ThreadWorld.Run(1, comm =>
        {
            GridLayout grid = new(comm, new Extent(n, n, n));
            using StencilOperator matrix = new(grid, Stencil.Laplacian(1.0 / n), StencilBoundary.ZeroOnFace);
            using GeometricMultigrid multigrid = new(matrix);
            using DistributedVector b = new(grid.Vectors), x = new(grid.Vectors);
            double Solution(Cell c) => Math.Sin(Math.PI * (c.Plane + 0.5) / n) * Math.Sin(Math.PI * (c.Row + 0.5) / n) * Math.Sin(Math.PI * (c.Column + 0.5) / n);
            grid.Fill(b, c => 3 * Math.PI * Math.PI * Solution(c));
            using ConjugateGradient solver = new(matrix, multigrid, new SolverOptions { RelativeTolerance = 1e-10 });
            solver.Solve(b, x);
            int at = 0;
            foreach (Cell cell in grid.Block.CellsInOrder())
                error = Math.Max(error, Math.Abs(x.Local[at++] - Solution(cell)));
        });
        return error;
    }

    private static double Value(Cell c) => Math.Sin(1.7 * c.Plane + 2.3 * c.Row + 0.9 * c.Column);

    /// <summary>The definition: every neighbour, and beyond the grid the reflection that the boundary asks for.</summary>
    private static double Defined(Extent extent, Stencil stencil, StencilBoundary boundary, Cell cell, Func<Cell, double> value)
    {
        double sum = 0;
        for (int p = -1; p <= 1; p++)
            for (int r = -1; r <= 1; r++)
                for (int c = -1; c <= 1; c++)
                {
                    double weight = (p * p + r * r + c * c) switch
                    {
                        0 => stencil.Centre, 1 => p != 0 ? stencil.AlongPlanes : r != 0 ? stencil.AlongRows : stencil.AlongColumns, 2 => stencil.Edge, _ => stencil.Corner,
                    };
                    Cell neighbour = cell + new Cell(p, r, c);
                    double factor = 1;
                    for (int d = 0; d < 3; d++)
                        if (neighbour[d] < 0 || neighbour[d] >= extent[d])
                        {
                            factor *= boundary == StencilBoundary.ZeroBeyond ? 0 : boundary == StencilBoundary.NoFlux ? 1 : -1;
                            neighbour = neighbour.With(d, cell[d]);
                        }
                    sum += weight * factor * value(neighbour);
                }
        return sum;
    }
}
