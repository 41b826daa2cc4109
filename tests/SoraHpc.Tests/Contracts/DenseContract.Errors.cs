using NUnit.Framework;
using SoraHpc.Communication;
using SoraHpc.Diagnostics;
using SoraHpc.LinearAlgebra;
using SoraHpc.Solvers.Dense;

namespace SoraHpc.Tests.Contracts;

// Bad input: one clear line, the same on every rank, and nobody waits.
public abstract partial class DenseContract
{
    [Test]
    public void A_matrix_that_is_not_positive_definite_is_named_with_its_pivot([ValueSource(nameof(Grids))] (int, int) grid, [Values(0, 13, 40)] int pivot, [Values(-1, 0, double.NaN)] double value) => OnEveryRank(grid.Item1, comm =>
    {
        using RankGrid ranks = new(comm, Managed, grid.Item2);
        using BlockCyclicMatrix a = Make(ranks, 41, 41, 6, (i, j) => i == j ? i == pivot ? value : 2 : 0);

        FactorizationException failure = Assert.Throws<FactorizationException>(() => CholeskyFactor.Factor(a));

        Assert.That(failure.Pivot, Is.EqualTo(pivot));
        Assert.That(failure.Message, Is.EqualTo($"the matrix of order 41 is not positive definite: pivot {pivot} (from 0) is not a positive number"));
        comm.Barrier();                     // every rank has got here
    });

    [Test]
    public void Native_libraries_see_the_same_pivot([ValueSource(nameof(Grids))] (int, int) grid, [Values(-1, double.NaN)] double value)
    {
        BlasLibrary library = LoadNative();
        OnEveryRank(grid.Item1, comm =>
        {
            using RankGrid ranks = new(comm, library, grid.Item2);
            using BlockCyclicMatrix a = Make(ranks, 41, 41, 6, (i, j) => i == j ? i == 22 ? value : 2 : 0);

            Assert.That(Assert.Throws<FactorizationException>(() => CholeskyFactor.Factor(a)).Pivot, Is.EqualTo(22));
        });
    }

    [Test]
    public void A_singular_matrix_is_named_with_its_column([ValueSource(nameof(Grids))] (int, int) grid, [Values(0, 14, 40)] int column) => OnEveryRank(grid.Item1, comm =>
    {
        using RankGrid ranks = new(comm, Managed, grid.Item2);
        using BlockCyclicMatrix a = Make(ranks, 41, 41, 6, (i, j) => j == column ? 0 : Random(1, i, j));

        FactorizationException failure = Assert.Throws<FactorizationException>(() => LuFactors.Factor(a));

        Assert.That(failure.Pivot, Is.EqualTo(column));
        Assert.That(failure.Message, Does.StartWith($"the matrix of order 41 is singular: no pivot is left in column {column} (from 0)"));
    });

    [Test]
    public void A_value_that_is_no_number_is_found([ValueSource(nameof(Grids))] (int, int) grid, [Values(double.NaN, double.PositiveInfinity)] double value) => OnEveryRank(grid.Item1, comm =>
    {
        using RankGrid ranks = new(comm, Managed, grid.Item2);
        using BlockCyclicMatrix a = Make(ranks, 41, 41, 6, (i, j) => i == j ? 3 : (i, j) == (30, 20) ? value : 0);

        FactorizationException failure = Assert.Throws<FactorizationException>(() => LuFactors.Factor(a));

        Assert.That(failure.Pivot, Is.EqualTo(20));
        Assert.That(failure.Message, Does.Contain("in column 20 (from 0) a value is infinite or not a number"));
    });

    [Test]
    public void Shapes_that_do_not_fit_are_refused_before_anything_is_sent() => OnEveryRank(2, comm =>
    {
        using RankGrid ranks = new(comm, Managed), other = new(comm, Managed);
        using BlockCyclicMatrix a = new(ranks, 6, 5, 2), b = new(ranks, 6, 5, 2), square = new(ranks, 5, 5, 2), elsewhere = new(other, 5, 5, 2), coarse = new(ranks, 5, 5, 4);

        Refuses(() => MatrixProduct.Multiply(1, a, b, 0, square), "shapes do not fit: 6 × 5 times 6 × 5 into 5 × 5");
        Refuses(() => MatrixProduct.Multiply(1, a, square, 0, square), "shapes do not fit: 6 × 5 times 5 × 5 into 5 × 5");
        Refuses(() => MatrixProduct.Multiply(1, a, square, 0, a), "a product cannot be written over one of its factors, which other ranks still read: give it a matrix of its own");
        Refuses(() => MatrixProduct.Multiply(1, a, elsewhere, 0, b), "matrices of 6 × 5 in blocks of 2 on 1 × 2 ranks and of 5 × 5 in blocks of 2 on 1 × 2 ranks do not lie on the same ranks in the same blocks: make both on one grid, with one block size");
        Refuses(() => MatrixProduct.Multiply(1, a, coarse, 0, b), "matrices of 6 × 5 in blocks of 2 on 1 × 2 ranks and of 5 × 5 in blocks of 4 on 1 × 2 ranks do not lie on the same ranks in the same blocks: make both on one grid, with one block size");
        Refuses(() => LuFactors.Factor(a), "an LU factorisation needs a square matrix, not 6 × 5");
        Refuses(() => CholeskyFactor.Factor(a), "a Cholesky factorisation needs a square matrix, not 6 × 5");
        square.Fill((i, j) => i == j ? 1 : 0);
        Refuses(() => LuFactors.Factor(square).Solve(a), "5 equations cannot have right sides of 6 rows: both need the same number");
        Refuses(() => new BlockCyclicMatrix(ranks, 0, 3), "a matrix of 0 × 3 cannot be: rows and columns are in [1, 1073741824]");
        Refuses(() => new BlockCyclicMatrix(ranks, 3, 3, 0), "blocks of 0 rows and columns cannot be: a block has 1 to 4096");
        if (comm.IsRoot)
            Refuses(() => a.Scatter(new double[29]), "an array of 29 entries does not hold a matrix of 6 × 5");
    });

    [Test]
    public void A_grid_that_the_ranks_do_not_fill_is_refused() => OnEveryRank(2, comm =>
    {
        Refuses(() => new RankGrid(comm, Managed, 2, 2), "2 ranks do not fill a grid of 2 × 2 (0: free): give two numbers whose product is 2, or none");
        Refuses(() => new RankGrid(comm, Managed, 3), "2 ranks do not fill a grid of 3 × 0 (0: free): give two numbers whose product is 2, or none");
        Refuses(() => new RankGrid(comm, Managed, -1), "a grid of -1 × 0 ranks cannot be: give numbers of at least 1, or 0 to have them chosen");
    });

    private static void Refuses(Action action, string message) => Assert.That(action, Throws.TypeOf<UsageException>().With.Message.EqualTo(message));
}
