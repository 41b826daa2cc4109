using NUnit.Framework;
using SoraHpc.LinearAlgebra;

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
