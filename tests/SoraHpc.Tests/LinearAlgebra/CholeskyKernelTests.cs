using NUnit.Framework;
using SoraHpc.LinearAlgebra;

namespace SoraHpc.Tests.LinearAlgebra;

/// <summary>A factor known exactly: entries min(i, j) + 1 are those of L·Lᵀ where L is one on and below its diagonal, and every number on the
/// way to it is whole.</summary>
public sealed unsafe class CholeskyKernelTests
{
    private const int Room = 5;

    [Test]
    public void The_factor_of_the_smaller_index_is_one_everywhere_and_what_lies_above_is_not_read(
        [ValueSource(typeof(Libraries), nameof(Libraries.All))] string library, [Values(1, 31, 40, 97, 300, 1100)] int order)
    {
        MatrixKernels kernels = MatrixKernels.Of(Libraries.LoadOrSkip(library));
        double[] a = SmallerIndex(order);

        fixed (double* matrix = a)
            Assert.That(kernels.FactorCholesky(order, matrix, order + Room), Is.EqualTo(-1));

        for (int column = 0; column < order; column++)
            Assert.That(a.AsSpan(column * (order + Room) + column, order - column).IndexOfAnyExcept(1), Is.EqualTo(-1), $"column {column}");
    }

    [Test]
    public void The_first_pivot_that_is_not_positive_is_told(
        [ValueSource(typeof(Libraries), nameof(Libraries.All))] string library, [Values(0, 31, 95, 96, 150, 299)] int pivot)
    {
        const int Order = 300;
        MatrixKernels kernels = MatrixKernels.Of(Libraries.LoadOrSkip(library));
        double[] a = SmallerIndex(Order);
        a[pivot * (Order + Room) + pivot] -= 1;

        fixed (double* matrix = a)
            Assert.That(kernels.FactorCholesky(Order, matrix, Order + Room), Is.EqualTo(pivot));
    }

    private static double[] SmallerIndex(int order)
    {
        double[] a = new double[order * (order + Room)];
        Array.Fill(a, double.NaN);
        for (int column = 0; column < order; column++)
            for (int row = column; row < order; row++)
                a[column * (order + Room) + row] = column + 1;
        return a;
    }
}
