using NUnit.Framework;
using SoraHpc.LinearAlgebra;
using SoraHpc.LinearAlgebra.Managed;

namespace SoraHpc.Tests.LinearAlgebra;

public sealed class MatrixProductsTests
{
    private static readonly BlasLibrary Managed = BlasLibrary.Load(new BlasOptions { Library = BlasLibrary.Managed, Threads = 1 }), Fastest = BlasLibrary.Load(new BlasOptions { Threads = 1 });

    // Whole numbers this small have exact products and sums in single precision too.
    [Test]
    public void Products_of_whole_numbers_are_exact([Values] bool native, [Values] bool transposeA, [Values] bool transposeB,
        [Values(1, 7, 33)] int rows, [Values(1, 10, 40)] int columns, [Values(1, 25, 300)] int depth)
    {
        Check<double>(native ? Fastest : Managed, transposeA, transposeB, rows, columns, depth);
        Check<float>(native ? Fastest : Managed, transposeA, transposeB, rows, columns, depth);
    }

    // The definition: each entry begins as β·C, and takes one product after the other, rounded once each.
    [Test]
    public unsafe void Managed_products_are_the_plain_ones_bit_for_bit_in_tiles_of_any_width([Values] bool wide, [Values] bool transposeA, [Values] bool transposeB,
        [Values(1, 17)] int rows, [Values(3, 32, 83, 128)] int columns, [Values(0, 48, 300)] int depth, [Values(0f, 1f, -0.3f)] float beta)
    {
        float[] a = Random(rows * depth, 1), b = Random(depth * columns, 2), c = Random(rows * columns, 3), expected = [.. c];
        for (int i = 0; i < rows; i++)
            for (int j = 0; j < columns; j++)
            {
                float sum = beta * c[i * columns + j];
                for (int k = 0; k < depth; k++)
                    sum = float.FusedMultiplyAdd(a[transposeA ? k * rows + i : i * depth + k], b[transposeB ? j * depth + k : k * columns + j], sum);
                expected[i * columns + j] = sum;
            }

        fixed (float* x = a, y = b, z = c)
        {
            ProductFactor<float> left = new(x, transposeA ? 1 : depth, transposeA ? rows : 1), right = new(y, transposeB ? 1 : columns, transposeB ? depth : 1);
            if (wide)
                ManagedProducts<float>.Multiply<WideRowTile<float>>(left, right, rows, columns, depth, beta, z, columns);
            else
                ManagedProducts<float>.Multiply<PortableRowTile<float>>(left, right, rows, columns, depth, beta, z, columns);
        }

        Assert.That(c, Is.EqualTo(expected).AsCollection);
    }

    // What training counts on where a library's own kernels are not taken: rows of 48 and of 192 samples at once have the same bits.
    [Test]
    public unsafe void A_rows_bits_do_not_depend_on_the_other_rows()
    {
        const int Rows = 192, Columns = 64, Depth = 784;
        float[] a = Random(Rows * Depth, 1), b = Random(Depth * Columns, 2), whole = new float[Rows * Columns], parts = new float[Rows * Columns];
        MatrixProducts<float> products = MatrixProducts<float>.Of(Managed);
        fixed (float* x = a, y = b, z = whole, p = parts)
        {
            products.Multiply(false, false, Rows, Columns, Depth, x, Depth, y, Columns, 0, z, Columns);
            for (int begin = 0, count = 5; begin < Rows; begin += count, count = Math.Min(2 * count, Rows - begin))
                products.Multiply(false, false, count, Columns, Depth, x + begin * Depth, Depth, y, Columns, 0, p + begin * Columns, Columns);
        }

        Assert.That(parts, Is.EqualTo(whole).AsCollection);
    }

    [Test]
    public unsafe void What_was_there_does_not_count_with_beta_0()
    {
        float[] a = [2], b = [3], c = [float.NaN];
        fixed (float* x = a, y = b, z = c)
            MatrixProducts<float>.Of(Managed).Multiply(false, false, 1, 1, 1, x, 1, y, 1, 0, z, 1);

        Assert.That(c, Is.EqualTo(new[] { 6f }).AsCollection);
    }

    private static float[] Random(int count, int seed)
    {
        Random random = new(seed);
        return [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() - 0.5f)];
    }

    private static unsafe void Check<T>(BlasLibrary library, bool transposeA, bool transposeB, int rows, int columns, int depth) where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        const int Room = 3;
        MatrixProducts<T> products = MatrixProducts<T>.Of(library);
        int strideA = (transposeA ? rows : depth) + Room, strideB = (transposeB ? depth : columns) + Room, strideC = columns + Room;
        T[] a = Whole<T>((transposeA ? depth : rows) * strideA, 3), b = Whole<T>((transposeB ? columns : depth) * strideB, 5), c = Whole<T>(rows * strideC, 7), expected = [.. c];
        for (int i = 0; i < rows; i++)
            for (int j = 0; j < columns; j++)
            {
                T sum = c[i * strideC + j] * T.CreateChecked(2);
                for (int k = 0; k < depth; k++)
                    sum += a[transposeA ? k * strideA + i : i * strideA + k] * b[transposeB ? j * strideB + k : k * strideB + j];
                expected[i * strideC + j] = sum;
            }

        fixed (T* x = a, y = b, z = c)
            products.Multiply(transposeA, transposeB, rows, columns, depth, x, strideA, y, strideB, T.CreateChecked(2), z, strideC);

        Assert.That(c, Is.EqualTo(expected).AsCollection);
    }

    private static T[] Whole<T>(int count, int factor) where T : System.Numerics.INumber<T> => [.. Enumerable.Range(0, count).Select(i => T.CreateChecked(i * factor % 11 - 5))];
}
