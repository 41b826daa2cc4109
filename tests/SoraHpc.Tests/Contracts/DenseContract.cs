using NUnit.Framework;
using SoraHpc.Communication;
using SoraHpc.Diagnostics;
using SoraHpc.LinearAlgebra;
using SoraHpc.Solvers.Dense;
using SoraHpc.Solvers.RandomNumbers;

namespace SoraHpc.Tests.Contracts;

/// <summary>What dense algebra over ranks must do on every transport, on every shape of grid.</summary>
public abstract partial class DenseContract
{
    private const double Epsilon = 1.0 / (1L << 53);

    /// <summary>Runs <paramref name="body"/> on <paramref name="size"/> ranks; ignores the test where the world has fewer.</summary>
    protected abstract void OnEveryRank(int size, Action<Communicator> body);

    /// <summary>Ranks and the rows they are laid out in.</summary>
    public static readonly (int Size, int Rows)[] Grids = [(1, 1), (2, 1), (2, 2), (3, 3), (4, 1), (4, 2), (6, 3)];

    private static readonly BlasLibrary Managed = BlasLibrary.Load(new BlasOptions { Library = BlasLibrary.Managed, Threads = 1 });

    // By name: the fastest may be another one in every process.
    private static BlasLibrary LoadNative()
    {
        foreach (string name in (string[])["openblas", "system"])
            try
            {
                return BlasLibrary.Load(new BlasOptions { Library = name, Threads = 1 });
            }
            catch (BlasException missing) when (missing.Message.Contains("cannot open shared object file"))
            {
                continue;
            }
        Assert.Ignore("neither libopenblas.so.0 nor libblas.so.3 is installed");
        throw new InvalidOperationException();
    }

    private static BlockCyclicMatrix Make(RankGrid grid, int rows, int columns, int block, Func<int, int, double> value)
    {
        BlockCyclicMatrix matrix = new(grid, rows, columns, block);
        matrix.Fill(value);
        return matrix;
    }

    private static double Random(ulong seed, int row, int column) => 2 * new RandomSequence(seed).UniformAt((long)row << 20 | (uint)column) - 1;

    // Symmetric to the last bit. Without its diagonal the eigenvalues of order n reach about 2·√(n/3) (E. Wigner's semicircle): 14 for 150.
    private static double Definite(int row, int column) => row == column ? 20 : Random(3, Math.Min(row, column), Math.Max(row, column));

    /// <summary>The whole by rows, on every rank.</summary>
    private static double[] Whole(BlockCyclicMatrix matrix, Communicator comm)
    {
        double[] whole = new double[matrix.Rows * matrix.Columns];
        matrix.Gather(whole);
        comm.Broadcast<double>(whole);
        return whole;
    }

    private static double[] Evaluate(int rows, int columns, Func<int, int, double> value) =>
        [.. Enumerable.Range(0, rows * columns).Select(i => value(i / columns, i % columns))];

    [Test]
    public void A_product_of_whole_numbers_is_exact([ValueSource(nameof(Grids))] (int, int) grid, [Values(1, 4, 40)] int block) => OnEveryRank(grid.Item1, comm =>
    {
        const int m = 23, n = 31, k = 19;
        using RankGrid ranks = new(comm, Managed, grid.Item2);
        using BlockCyclicMatrix a = Make(ranks, m, k, block, A), b = Make(ranks, k, n, block, B), c = Make(ranks, m, n, block, C);

        MatrixProduct.Multiply(2, a, b, -3, c);

        Assert.That(Whole(c, comm), Is.EqualTo(Evaluate(m, n, (i, j) => 2 * Enumerable.Range(0, k).Sum(l => A(i, l) * B(l, j)) - 3 * C(i, j))).AsCollection);
        Assert.That(Whole(a, comm), Is.EqualTo(Evaluate(m, k, A)).AsCollection, "a factor is not changed");

        static double A(int i, int j) => (7 * i + 3 * j) % 11 - 5;
        static double B(int i, int j) => (5 * i + 2 * j) % 13 - 6;
        static double C(int i, int j) => i - j;
    });

    [Test]
    public void With_beta_zero_what_was_there_does_not_count([ValueSource(nameof(Grids))] (int, int) grid) => OnEveryRank(grid.Item1, comm =>
    {
        using RankGrid ranks = new(comm, Managed, grid.Item2);
        using BlockCyclicMatrix a = Make(ranks, 9, 9, 2, (i, j) => i == j ? 1 : 0), b = Make(ranks, 9, 5, 2, (i, j) => i + 10 * j), c = Make(ranks, 9, 5, 2, (_, _) => double.NaN);

        MatrixProduct.Multiply(1, a, b, 0, c);

        Assert.That(Whole(c, comm), Is.EqualTo(Evaluate(9, 5, (i, j) => i + 10 * j)).AsCollection);
    });

    [Test]
    public void Everything_has_the_same_bits_on_every_grid([ValueSource(nameof(Grids))] (int, int) grid, [Values(5, 16, 48)] int block) => OnEveryRank(grid.Item1, comm =>
    {
        using RankGrid ranks = new(comm, Managed, grid.Item2), alone = new(comm.Self(), Managed);

        double[][] together = AllResults(ranks, comm, block), one = AllResults(alone, comm.Self(), block);

        for (int i = 0; i < one.Length; i++)
            Assert.That(together[i], Is.EqualTo(one[i]).AsCollection, $"result {i} of product, LU, its solution, Cholesky, its solution");
    });

    private static double[][] AllResults(RankGrid ranks, Communicator comm, int block)
    {
        const int order = 101, sides = 13;
        using BlockCyclicMatrix a = Make(ranks, order, order, block, (i, j) => Random(1, i, j)), c = new(ranks, order, order, block);
        using BlockCyclicMatrix definite = Make(ranks, order, order, block, (i, j) => Definite(i, j));
        using BlockCyclicMatrix x = Make(ranks, order, sides, block, (i, j) => Random(2, i, j)), y = Make(ranks, order, sides, block, (i, j) => Random(2, i, j));
        MatrixProduct.Multiply(0.3, a, definite, 0, c);
        LuFactors.Factor(a).Solve(x);
        CholeskyFactor.Factor(definite).Solve(y);
        return [Whole(c, comm), Whole(a, comm), Whole(x, comm), Whole(definite, comm), Whole(y, comm)];
    }

    [Test]
    public void Lu_and_its_solution_keep_the_published_bounds([ValueSource(nameof(Grids))] (int, int) grid, [Values] bool native, [Values(24, 70)] int block)
    {
        BlasLibrary library = native ? LoadNative() : Managed;
        OnEveryRank(grid.Item1, comm =>
        {
            const int n = 150;
            using RankGrid ranks = new(comm, library, grid.Item2);
            using BlockCyclicMatrix a = Make(ranks, n, n, block, (i, j) => Random(1, i, j)), x = Make(ranks, n, 1, block, (i, _) => Random(2, i, 0));

            LuFactors factors = LuFactors.Factor(a);
            factors.Solve(x);

            double[] lu = Whole(a, comm), solution = Whole(x, comm);
            int[] rowAt = [.. Enumerable.Range(0, n)];
            for (int i = 0; i < n; i++)
                (rowAt[i], rowAt[factors.Pivots[i]]) = (rowAt[factors.Pivots[i]], rowAt[i]);
            Assert.That(Enumerable.Range(0, n * n).Where(at => at / n > at % n).Max(at => Math.Abs(lu[at])), Is.LessThanOrEqualTo(1), "multipliers");
            for (int i = 0; i < n; i++)
            {
                double residual = Random(2, rowAt[i], 0), bound = 0;
                for (int j = 0; j < n; j++)
                {
                    double product = 0, sizes = 0;
                    for (int k = 0; k <= Math.Min(i, j); k++)
                    {
                        double term = (k == i ? 1 : lu[i * n + k]) * lu[k * n + j];
                        (product, sizes) = (product + term, sizes + Math.Abs(term));
                    }
                    // Twice: the test's own sum is rounded too.
                    Assert.That(Math.Abs(product - Random(1, rowAt[i], j)), Is.LessThanOrEqualTo(2 * n * Epsilon * sizes), $"entry {i}, {j}");
                    residual -= Random(1, rowAt[i], j) * solution[j];
                    bound += (3 * n + n) * Epsilon * sizes * Math.Abs(solution[j]);
                }
                Assert.That(Math.Abs(residual), Is.LessThanOrEqualTo(bound), $"equation {i}");
            }
        });
    }

    [Test]
    public void Cholesky_and_its_solution_keep_the_published_bounds([ValueSource(nameof(Grids))] (int, int) grid, [Values] bool native, [Values(24, 70)] int block)
    {
        BlasLibrary library = native ? LoadNative() : Managed;
        OnEveryRank(grid.Item1, comm =>
        {
            const int n = 150;
            using RankGrid ranks = new(comm, library, grid.Item2);
            // Above the diagonal stands what nobody may read.
            using BlockCyclicMatrix a = Make(ranks, n, n, block, (i, j) => i >= j ? Definite(i, j) : double.NaN), x = Make(ranks, n, 3, block, (i, j) => Random(2, i, j));

            CholeskyFactor.Factor(a).Solve(x);

            double[] l = Whole(a, comm), solution = Whole(x, comm);
            for (int i = 0; i < n; i++)
            {
                double residual = Random(2, i, 2), bound = 0;
                for (int j = 0; j < n; j++)
                {
                    double product = 0, sizes = 0;
                    for (int k = 0; k <= Math.Min(i, j); k++)
                    {
                        double term = l[i * n + k] * l[j * n + k];
                        (product, sizes) = (product + term, sizes + Math.Abs(term));
                    }
                    Assert.That(l[i * n + j], Is.EqualTo(l[j * n + i]), "both triangles");
                    Assert.That(Math.Abs(product - Definite(i, j)), Is.LessThanOrEqualTo(2 * (n + 1) * Epsilon * sizes), $"entry {i}, {j}");
                    residual -= Definite(i, j) * solution[j * 3 + 2];
                    bound += (3 * n + 1 + n) * Epsilon * sizes * Math.Abs(solution[j * 3 + 2]);
                }
                Assert.That(Math.Abs(residual), Is.LessThanOrEqualTo(bound), $"equation {i}");
            }
        });
    }

    // min(i, j) + 1 is the product of a lower and an upper triangle of ones: everything is a small whole number, so exact, and all pivots are equally good.
    [Test]
    public void Triangles_of_ones_are_found_again([ValueSource(nameof(Grids))] (int, int) grid, [Values(1, 7, 64)] int block) => OnEveryRank(grid.Item1, comm =>
    {
        const int n = 67;
        using RankGrid ranks = new(comm, Managed, grid.Item2);
        using BlockCyclicMatrix a = Make(ranks, n, n, block, (i, j) => Math.Min(i, j) + 1), b = Make(ranks, n, n, block, (i, j) => Math.Min(i, j) + 1);

        LuFactors factors = LuFactors.Factor(a);
        CholeskyFactor.Factor(b);

        double[] ones = Evaluate(n, n, (_, _) => 1);
        Assert.That(Whole(a, comm), Is.EqualTo(ones).AsCollection);
        Assert.That(Whole(b, comm), Is.EqualTo(ones).AsCollection);
        Assert.That(factors.Pivots.ToArray(), Is.EqualTo(Enumerable.Range(0, n)).AsCollection);
    });

    // J. Wilkinson's matrix, on which partial pivoting grows as much as it can: the last column doubles from row to row.
    [Test]
    public void The_largest_growth_is_what_theory_says([ValueSource(nameof(Grids))] (int, int) grid) => OnEveryRank(grid.Item1, comm =>
    {
        const int n = 50;
        using RankGrid ranks = new(comm, Managed, grid.Item2);
        using BlockCyclicMatrix a = Make(ranks, n, n, 8, (i, j) => i == j || j == n - 1 ? 1 : i > j ? -1 : 0);

        LuFactors.Factor(a);

        Assert.That(Whole(a, comm), Is.EqualTo(Evaluate(n, n, (i, j) => j == n - 1 ? Math.ScaleB(1, i) : i == j ? 1 : i > j ? -1 : 0)).AsCollection);
    });

    [Test]
    public void The_same_run_again_gives_the_same_bits_with_any_library([ValueSource(nameof(Grids))] (int, int) grid)
    {
        BlasLibrary library = LoadNative();
        OnEveryRank(grid.Item1, comm =>
        {
            using RankGrid ranks = new(comm, library, grid.Item2);
            double[][] first = AllResults(ranks, comm, 16), second = AllResults(ranks, comm, 16);
            for (int i = 0; i < first.Length; i++)
                Assert.That(second[i], Is.EqualTo(first[i]).AsCollection);
        });
    }
}
