namespace SoraHpc.Learning.Blocks;

/// <summary>Where the members of every square lie. Cells of all samples are counted on, rows first: rows of cells go on from sample to sample, as rows of pixels do.</summary>
internal sealed class PoolingGrid(Shape input, int size)
{
    private readonly int cellsPerRow = input[1] / size, cellStride = size * input[2], rowStride = size * input[1] * input[2];

    internal int Channels { get; } = input[2];

    /// <summary>From a square's first number to its members, rows first.</summary>
    internal int[] Offsets { get; } = [.. from down in Enumerable.Range(0, size) from right in Enumerable.Range(0, size) select (down * input[1] + right) * input[2]];

    /// <summary>First number of a cell's square.</summary>
    internal int PlaceOf(int cell)
    {
        (int row, int column) = Math.DivRem(cell, cellsPerRow);
        return row * rowStride + column * cellStride;
    }

    internal static Shape? OutputOf(Shape input, int size) =>
        input.Rank == 3 && input[0] % size == 0 && input[1] % size == 0 ? new(input[0] / size, input[1] / size, input[2]) : null;
}
