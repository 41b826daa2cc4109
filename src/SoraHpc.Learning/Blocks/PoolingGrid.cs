namespace SoraHpc.Learning.Blocks;

/// <summary>Where the members of every square lie: cells of all samples are counted on, rows first.</summary>
internal readonly struct PoolingGrid(Shape input, int size)
{
    private readonly int cellsPerRow = input[1] / size, size = size;

    internal int Channels { get; } = input[2];

    /// <summary>Numbers of a channel in one square.</summary>
    internal int Members => size * size;

    /// <summary>First channel of a member of a cell's square. Rows of cells go on from sample to sample, as rows of pixels do.</summary>
    internal int PlaceOf(int cell, int member)
    {
        (int row, int column) = Math.DivRem(cell, cellsPerRow);
        (int down, int right) = Math.DivRem(member, size);
        return ((row * size + down) * cellsPerRow * size + column * size + right) * Channels;
    }

    internal static Shape? OutputOf(Shape input, int size) =>
        input.Rank == 3 && input[0] % size == 0 && input[1] % size == 0 ? new(input[0] / size, input[1] / size, input[2]) : null;
}
