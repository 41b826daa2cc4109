using NUnit.Framework;
using SoraHpc.Communication;
using SoraHpc.LinearAlgebra.Managed;

namespace SoraHpc.Tests.LinearAlgebra;

public sealed unsafe class MatrixTransposeTests
{
    [Test]
    public void Every_element_goes_to_its_place_and_nothing_else_is_touched([Values(0, 1, 7, 8, 9, 40)] int rows, [Values(0, 1, 8, 15, 24, 33)] int columns, [Values(0, 3)] int slack) =>
        Check(rows, columns, columns + slack, rows + slack);

    [Test]
    public void Large_matrix_whose_lines_are_streamed_is_the_same() => Check(1000, 808, 808, 1000);

    private static void Check(int rows, int columns, int sourceStride, int targetStride)
    {
        using AlignedBuffer<double> source = new(rows * sourceStride + 1), target = new(columns * targetStride + 1);
        for (int i = 0; i < source.Length; i++)
            source.Address[i] = i + 1;

        MatrixTranspose.Transpose(source.Address, rows, columns, sourceStride, target.Address, targetStride);

        for (int c = 0; c < columns; c++)
            for (int r = 0; r < targetStride; r++)
                if (target.Address[c * targetStride + r] is var found && found != (r < rows ? r * sourceStride + c + 1 : 0))
                    Assert.Fail($"column {c}, row {r}: {found}");
        Assert.That(target.Address[columns * targetStride], Is.Zero);
    }
}
