using System.Runtime.Intrinsics;
using NUnit.Framework;
using SoraHpc.LinearAlgebra.Managed;

namespace SoraHpc.Tests.LinearAlgebra;

/// <summary>The managed product: both of its tiles, every remainder, and the same bits on any number of threads.</summary>
public sealed unsafe class PackedProductTests
{
    [Test]
    public void Whole_numbers_are_multiplied_exactly_whatever_the_shape(
        [Values(1, 11, 24, 193)] int rows, [Values(1, 3, 8, 33)] int columns, [Values(0, 1, 256, 300)] int depth, [Values] bool transposed, [Values] bool wide)
    {
        if (wide && !Vector512.IsHardwareAccelerated)
            Assert.Ignore("no 512-bit vectors here");
        double[] a = WholeNumbers(rows * depth, 1), b = WholeNumbers(depth * columns, 2), c = WholeNumbers(rows * columns, 3), expected = [.. c];
        for (int j = 0; j < columns; j++)
            for (int i = 0; i < rows; i++)
            {
                double sum = 0;
                for (int k = 0; k < depth; k++)
                    sum += (transposed ? a[i * depth + k] : a[k * rows + i]) * (transposed ? b[k * columns + j] : b[j * depth + k]);
                expected[j * rows + i] = 2 * sum - 3 * expected[j * rows + i];
            }

        fixed (double* left = a, right = b, result = c)
        {
            ProductOperand first = new((nint)left, transposed ? depth : rows, transposed), second = new((nint)right, transposed ? columns : depth, transposed);
            if (wide)
                PackedProduct.MultiplyColumns<WideTile>(first, second, rows, 0, columns, depth, 2, -3, result, rows);
            else
                PackedProduct.MultiplyColumns<PortableTile>(first, second, rows, 0, columns, depth, 2, -3, result, rows);
        }

        Assert.That(c, Is.EqualTo(expected));
    }

    [Test]
    public void Any_number_of_threads_gives_the_same_bits()
    {
        const int Order = 210;
        double[] a = Fractions(1), b = Fractions(2), alone = new double[Order * Order], shared = new double[Order * Order];
        foreach (int threads in (int[])[2, 3, 5])
        {
            fixed (double* left = a, right = b, first = alone, second = shared)
            {
                PackedProduct.Multiply(new((nint)left, Order, false), new((nint)right, Order, false), Order, Order, Order, 1, 0, first, Order, 1);
                PackedProduct.Multiply(new((nint)left, Order, false), new((nint)right, Order, false), Order, Order, Order, 1, 0, second, Order, threads);
            }
            Assert.That(shared, Is.EqualTo(alone).AsCollection);
        }

        static double[] Fractions(int seed)
        {
            Random random = new(seed);
            return [.. Enumerable.Range(0, Order * Order).Select(_ => random.NextDouble() - 0.5)];
        }
    }

    private static double[] WholeNumbers(int count, int seed)
    {
        Random random = new(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (double)random.Next(-8, 9))];
    }
}
