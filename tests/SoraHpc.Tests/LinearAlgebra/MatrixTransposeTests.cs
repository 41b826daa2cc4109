using NUnit.Framework;
using SoraHpc.Communication;
using SoraHpc.LinearAlgebra.Managed;

namespace SoraHpc.Tests.LinearAlgebra;

public sealed unsafe class MatrixTransposeTests
{
    [Test]
    public void Every_element_goes_to_its_place_and_nothing_else_is_touched([Values(0, 1, 7, 8, 23, 24, 25, 49)] int rows, [Values(0, 1, 8, 15, 24, 33)] int columns, [Values(0, 3)] int slack) =>
        Check(rows, columns, columns + slack, rows + slack);

    [Test]
    public void Rows_that_collide_in_the_caches_go_to_the_same_places([Values(8, 15, 24, 41)] int rows, [Values(7, 8, 33)] int columns) => Check(rows, columns, 512, 1024);

    [TestCase(1000, 808, 808, 1000)]
    [TestCase(1003, 811, 811, 1008, Description = "edges that are no whole blocks")]
    [TestCase(9, 60_000, 60_000, 16, Description = "one strip")]
    [TestCase(60_000, 9, 9, 60_000, Description = "one block across")]
    public void Large_matrix_whose_lines_are_streamed_is_the_same(int rows, int columns, int sourceStride, int targetStride) => Check(rows, columns, sourceStride, targetStride);

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
