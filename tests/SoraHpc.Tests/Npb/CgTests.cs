using NUnit.Framework;
using SoraHpc.Communication.Threads;
using SoraHpc.Jobs.Npb;
using SoraHpc.Jobs.Npb.Cg;

namespace SoraHpc.Tests.Npb;

public sealed class CgTests
{
    private static readonly CgProblem Small = CgProblem.Of(NpbClass.S);

    [Test]
    public void Both_products_agree_to_the_last_bit()
    {
        using CgMatrix matrix = new(Small, 100, 900);
        double[] vector = RandomNumbers(Small.Rows), fast = new double[matrix.Rows], plain = new double[matrix.Rows];

        CgProduct.Multiply(matrix, vector, fast);
        CgProduct.MultiplyPlainly(matrix, vector, plain);

        Assert.That(fast, Is.EqualTo(plain).AsCollection);
    }

    [Test]
    public unsafe void Matrix_is_the_sum_of_outer_products()
    {
        int rows = Small.Rows;
        CgVectors vectors = new(Small);
        double[,] expected = new double[rows, rows];
        for (int vector = 0; vector < rows; vector++)
            for (int i = 0; i < vectors.Places(vector).Length; i++)
                for (int j = 0; j < vectors.Places(vector).Length; j++)
                    expected[vectors.Places(vector)[i], vectors.Places(vector)[j]] +=
                        Math.Pow(CgProblem.Condition, (double)vector / rows) * vectors.Values(vector)[i] * vectors.Values(vector)[j];
        for (int row = 0; row < rows; row++)
            expected[row, row] += CgProblem.Condition - Small.Shift;

        using CgMatrix matrix = new(Small, 0, rows);

        for (int row = 0; row < rows; row++)
        {
            for (int i = matrix.Starts[row]; i < matrix.Starts[row + 1]; i++)
                expected[row, matrix.Columns[i]] -= matrix.Values[i];
            for (int column = 0; column < rows; column++)
                if (Math.Abs(expected[row, column]) > 1e-12)
                    Assert.Fail($"element {row}, {column} is off by {expected[row, column]}");
        }
    }

    [Test]
    public void Every_sparse_vector_has_a_half_in_its_own_place()
    {
        CgVectors vectors = new(Small);
        for (int vector = 0; vector < Small.Rows; vector++)
        {
            Assert.That(vectors.Places(vector).ToArray(), Is.Unique);
            Assert.That(vectors.Values(vector)[vectors.Places(vector).IndexOf(vector)], Is.EqualTo(0.5));
        }
    }

    [Test]
    public void Inner_product_has_the_same_bits_on_any_number_of_ranks([Values(1, 2, 3, 7)] int size)
    {
        double[] a = RandomNumbers(Small.Rows), b = RandomNumbers(Small.Rows, seed: 2);
        double expected = double.NaN;
        ThreadWorld.Run(1, comm => expected = new CgDot(comm).Of(a, b));

        ThreadWorld.Run(size, comm =>
        {
            int[] shares = CgSolver.Shares(Small, size);
            int begin = shares[..comm.Rank].Sum();
            Assert.That(shares.Sum(), Is.EqualTo(Small.Rows));
            Assert.That(new CgDot(comm).Of(a.AsSpan(begin, shares[comm.Rank]), b.AsSpan(begin, shares[comm.Rank])), Is.EqualTo(expected));
        });

        Assert.That(expected, Is.EqualTo(a.Zip(b, (x, y) => x * y).Sum()).Within(1e-12));
    }

    private static double[] RandomNumbers(int count, int seed = 1)
    {
        Random random = new(seed);
        return [.. Enumerable.Range(0, count).Select(_ => random.NextDouble() - 0.5)];
    }
}
