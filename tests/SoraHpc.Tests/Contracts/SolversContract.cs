using NUnit.Framework;
using SoraHpc.Communication;
using SoraHpc.Decomposition;
using SoraHpc.Solvers.Krylov;
using SoraHpc.Solvers.Multigrid;
using SoraHpc.Solvers.Operators;
using SoraHpc.Solvers.Preconditioners;
using SoraHpc.Solvers.Vectors;

namespace SoraHpc.Tests.Contracts;

/// <summary>What distributed operators and solvers must do on every transport: above all, give the bits one rank gives.</summary>
public abstract partial class SolversContract
{
    private static readonly Extent Box = new(16, 24, 16);

    /// <summary>Runs <paramref name="body"/> on <paramref name="size"/> ranks; ignores the test where the world has fewer.</summary>
    protected abstract void OnEveryRank(int size, Action<Communicator> body);

    private sealed class SizesAttribute() : ValuesAttribute(1, 2, 3, 4);

    /// <summary>A number in (−1, 1) for a cell, scattered.</summary>
    private static double Scattered(Cell cell) => Math.Sin(12.9898 * cell.Plane + 78.233 * cell.Row + 37.719 * cell.Column + 1.0);

    // ---- inner products ----

    [Test]
    public void Exact_inner_product_has_the_same_bits_for_every_number_of_ranks_and_every_cut([Values(1, 2, 3, 4, 8)] int size) => OnEveryRank(size, comm =>
    {
        const int Length = 10_007;
        static double X(long i) => Math.Sin(i) * Math.Pow(2, i % 41 - 20);
        static double Y(long i) => Math.Cos(3 * i) * Math.Pow(2, i % 29 - 14);
        using InnerProducts products = new(comm, Summation.Exact);
        HashSet<long> bits = [];
        int third = Length / 3 / comm.Size, rest = Length - (comm.Size - 1) * third;
        // Even shares, almost all rows on the last rank, and all on the first.
        foreach (int local in (int[])[Length / comm.Size + (comm.Rank < Length % comm.Size ? 1 : 0), comm.Rank == comm.Size - 1 ? rest : third, comm.IsRoot ? Length : 0])
        {
            VectorLayout layout = new(comm, local);
            using DistributedVector x = new(layout), y = new(layout);
            for (int i = 0; i < local; i++)
                (x.Local[i], y.Local[i]) = (X(layout.Begin + i), Y(layout.Begin + i));
            bits.Add(BitConverter.DoubleToInt64Bits(products.Dot(x, y)));
        }
        SoraHpc.Communication.Reductions.ExactSum one = new();
        for (long i = 0; i < Length; i++)
            one.AddProduct(X(i), Y(i));
        Assert.That(bits, Is.EqualTo(new[] { BitConverter.DoubleToInt64Bits(one.Value) }).AsCollection);
    });

    [Test]
    public void Started_products_arrive_together_and_in_order([Sizes] int size, [Values] Summation summation) => OnEveryRank(size, comm =>
    {
        VectorLayout layout = VectorLayout.Even(comm, 37);
        using DistributedVector x = new(layout), y = new(layout);
        x.Fill(2);
        y.Fill(3);
        using InnerProducts products = new(comm, summation, most: 3);
        products.Add(x, x);
        products.Add(x, y);
        products.Add(y, y);
        products.Start();
        Assert.That(products.Finish().ToArray(), Is.EqualTo(new[] { 148.0, 222.0, 333.0 }).AsCollection);
    });

    // ---- operators ----

    [Test]
    public void Stencil_has_the_bits_of_one_rank_on_every_cut([Sizes] int size, [Values(7, 27)] int points, [Values] StencilBoundary boundary, [Values(16, 13, 5)] int columns) => OnEveryRank(size, comm =>
    {
        Extent extent = new(6, 7, columns);
        Stencil stencil = points == 7 ? Stencil.SevenPoint(6.25, -1.5, -0.75, -0.5) : Stencil.TwentySevenPoint(26.5, -1.25, -0.75, -0.5);
        using Communicator self = comm.Self();
        double[] expected = Applied(new GridLayout(self, extent), stencil, boundary);
        foreach (GridLayout grid in (GridLayout[])[new(comm, extent), new(comm, extent, comm.Size, 1), new(comm, extent, 1, comm.Size)])
        {
            double[] actual = Applied(grid, stencil, boundary);
            Assert.That(actual, comm.IsRoot ? Is.EqualTo(expected).AsCollection : Is.Empty, $"{grid.RanksAlongPlanes} × {grid.RanksAlongRows}");
        }
    });

    [Test]
    public void Sparse_matrix_has_the_bits_of_one_rank_and_the_values_of_its_entries([Sizes] int size) => OnEveryRank(size, comm =>
    {
        const int Rows = 61;
        Triplet[] entries = [.. Enumerable.Range(0, Rows * 9).Select(k => new Triplet(k / 9, (k * 37L + k / 9 * 5) % Rows, Math.Sin(k)))];
        double[] expected = new double[Rows];
        foreach (Triplet entry in entries)
            expected[entry.Row] += entry.Value * Math.Cos(entry.Column);
        using Communicator self = comm.Self();
        double[] alone = Product(VectorLayout.Even(self, Rows), entries), together = Product(VectorLayout.Even(comm, Rows), entries);
        if (comm.IsRoot)
        {
            Assert.That(together, Is.EqualTo(alone).AsCollection);
            Assert.That(together, Is.EqualTo(expected).AsCollection.Within(1e-14));     // nine products below 1: 9·9·2⁻⁵³
        }
    });

    // ---- solvers ----

    [Test]
    public void Conjugate_gradients_with_exact_sums_have_the_bits_of_one_rank([Sizes] int size, [Values] bool multigrid) => OnEveryRank(size, comm =>
    {
        using Communicator self = comm.Self();
        (double[] expected, int iterations) = Solved(new GridLayout(self, Box), multigrid);
        foreach (GridLayout grid in (GridLayout[])[new(comm, Box), new(comm, Box, comm.Size, 1), new(comm, Box, 1, comm.Size)])
        {
            (double[] actual, int count) = Solved(grid, multigrid);
            Assert.That(count, Is.EqualTo(iterations));
            Assert.That(actual, comm.IsRoot ? Is.EqualTo(expected).AsCollection : Is.Empty, $"{grid.RanksAlongPlanes} × {grid.RanksAlongRows}");
        }
    });

    [Test]
    public void Multigrid_needs_the_same_iterations_on_finer_grids([Sizes] int size) => OnEveryRank(size, comm =>
    {
        foreach (int n in (int[])[16, 32])
        {
            GridLayout grid = new(comm, new Extent(n, n, n));
            using StencilOperator matrix = new(grid, Stencil.Laplacian(1.0 / n), StencilBoundary.ZeroOnFace);
            using GeometricMultigrid multigrid = new(matrix, new MultigridOptions { WholeBelow = 512 });
            using DistributedVector b = new(grid.Vectors), x = new(grid.Vectors);
            grid.Fill(b, Scattered);
            using ConjugateGradient solver = new(matrix, multigrid);
            Assert.That(solver.Solve(b, x).Iterations, Is.LessThanOrEqualTo(9), $"{n}³");
        }
    });

    [Test]
    public void Every_method_solves_the_equations([Sizes] int size, [Values("cg", "pipelined", "bicgstab", "gmres")] string method,
        [Values("none", "jacobi", "ilu", "chebyshev")] string preconditioner, [Values] Summation summation) => OnEveryRank(size, comm =>
    {
        VectorLayout layout = VectorLayout.Even(comm, 200);
        using CsrOperator matrix = Convection(layout, skew: method is "cg" or "pipelined" ? 0 : 0.4);
        using DistributedVector b = new(layout), x = new(layout), exact = new(layout);
        for (int i = 0; i < exact.Local.Length; i++)
            exact.Local[i] = Math.Sin(layout.Begin + i);
        matrix.Apply(exact, b);
        IPreconditioner? approximate = preconditioner switch
        {
            "jacobi" => new JacobiPreconditioner(matrix), "ilu" => new BlockIluPreconditioner(matrix),
            "chebyshev" => new ChebyshevPreconditioner(matrix, 0.3, 4.6, 4), _ => null,
        };
        using IKrylovMethod solver = Method(method, matrix, approximate, new SolverOptions { RelativeTolerance = 1e-11, Summation = summation });
        SolverResult result = solver.Solve(b, x);
        x.Axpy(-1, exact);
        using InnerProducts products = new(comm, Summation.Plain);
        Assert.That(result.HasConverged);
        // The least eigenvalue is above 0.1 and ‖b‖ below 5·‖exact‖.
        Assert.That(products.Norm(x), Is.LessThan(5 / 0.1 * 1e-11 * products.Norm(exact) * 10), "the error");
        (approximate as IDisposable)?.Dispose();
    });

    private static IKrylovMethod Method(string name, ILinearOperator matrix, IPreconditioner? preconditioner, SolverOptions options) => name switch
    {
        "cg" => new ConjugateGradient(matrix, preconditioner, options), "pipelined" => new PipelinedConjugateGradient(matrix, preconditioner, options),
        "bicgstab" => new BiCgStab(matrix, preconditioner, options), _ => new Gmres(matrix, preconditioner, options, restart: 20),
    };

    /// <summary>A chain with neighbours −1 ∓ skew beside 2.2 and 0.1 further on; symmetric without skew.</summary>
    private static CsrOperator Convection(VectorLayout layout, double skew)
    {
        List<Triplet> entries = [];
        for (long row = layout.Begin; row < layout.Begin + layout.LocalLength; row++)
            foreach ((long column, double value) in ((long, double)[])[(row, 2.2), (row - 1, -1 - skew), (row + 1, -1 + skew), (row - 30, 0.1), (row + 30, 0.1)])
                if (column >= 0 && column < layout.Length)
                    entries.Add(new(row, column, value));
        return new(layout, [.. entries]);
    }

    private static double[] Applied(GridLayout grid, Stencil stencil, StencilBoundary boundary)
    {
        using StencilOperator matrix = new(grid, stencil, boundary);
        using DistributedVector x = new(grid.Vectors), y = new(grid.Vectors);
        grid.Fill(x, Scattered);
        matrix.Apply(x, y);
        return grid.Gather(y);
    }

    private static double[] Product(VectorLayout layout, Triplet[] entries)
    {
        using CsrOperator matrix = new(layout, [.. entries.Where(e => e.Row >= layout.Begin && e.Row < layout.Begin + layout.LocalLength)]);
        using DistributedVector x = new(layout), y = new(layout);
        for (int i = 0; i < x.Local.Length; i++)
            x.Local[i] = Math.Cos(layout.Begin + i);
        matrix.Apply(x, y);
        return layout.Communicator.Gatherv<double>(y.Local, 0);
    }

    private static (double[] Solution, int Iterations) Solved(GridLayout grid, bool multigrid)
    {
        using StencilOperator matrix = new(grid, Stencil.Laplacian(1.0 / 16), StencilBoundary.ZeroOnFace);
        using DistributedVector b = new(grid.Vectors), x = new(grid.Vectors);
        grid.Fill(b, Scattered);
        using GeometricMultigrid? preconditioner = multigrid ? new(matrix, new MultigridOptions { WholeBelow = 512 }) : null;
        using ConjugateGradient solver = new(matrix, preconditioner, new SolverOptions { Summation = Summation.Exact });
        SolverResult result = solver.Solve(b, x);
        return (grid.Gather(x), result.Iterations);
    }
}
