using NUnit.Framework;
using SoraHpc.Decomposition;
using SoraHpc.Jobs.Heat;
using SoraHpc.Runtime;

namespace SoraHpc.Tests.Heat;

public sealed class HeatKernelTests
{
    [Test]
    public void A_step_of_any_width_matches_the_plain_loop_bit_for_bit([Range(1, 35)] int columns)
    {
        const int Rows = 4;
        Random random = new(columns);
        Extent extent = new(Rows, columns);
        using Patch<double> now = new(0, extent.Whole, extent, haloWidth: 1), next = new(0, extent.Whole, extent, haloWidth: 1);
        double[,] plain = new double[Rows, columns], expected = new double[Rows, columns], computed = new double[Rows, columns];
        for (int row = 0; row < Rows; row++)
            for (int column = 0; column < columns; column++)
                now[new(row, column)] = plain[row, column] = random.NextDouble() * 100;
        HeatReference.Step(plain, expected, 0.2);

        HeatKernel.Step(now, next, now.Block, 0.2);

        for (int row = 0; row < Rows; row++)
            for (int column = 0; column < columns; column++)
                computed[row, column] = next[new(row, column)];
        Assert.That(computed, Is.EqualTo(expected));
    }
}
