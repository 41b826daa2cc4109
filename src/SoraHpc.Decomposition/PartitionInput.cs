using System.Globalization;

namespace SoraHpc.Decomposition;

/// <summary>What a partitioner asks of its input before it cuts.</summary>
internal static class PartitionInput
{
    /// <summary>Index of the first that is zero, negative, infinite or no number; −1 when all are fine.</summary>
    internal static int FirstNotPositive(ReadOnlySpan<double> numbers) => numbers.IndexOfAnyExceptInRange(double.Epsilon, double.MaxValue);

    internal static string Text(double number) => number.ToString(CultureInfo.InvariantCulture);

    /// <exception cref="PartitionException">No rank, more ranks than tiles, or a capability that is not a positive number.</exception>
    internal static void Check(Grid grid, ReadOnlySpan<double> capabilities)
    {
        long tiles = grid.Tiles.Cells;
        if (capabilities.IsEmpty)
            throw new PartitionException("no capability is given: one for every rank says how many ranks there are");
        if (tiles < capabilities.Length)
            throw new PartitionException($"{capabilities.Length} ranks cannot share {grid.Extent} cells"
                + $"{(grid.Tile.Cells > 1 ? $" in tiles of {grid.Tile}" : "")}: use at most {tiles} ranks or a larger grid");
        CheckCapabilities(capabilities);
    }

    /// <exception cref="PartitionException">A capability that is not a positive number.</exception>
    internal static void CheckCapabilities(ReadOnlySpan<double> capabilities)
    {
        if (FirstNotPositive(capabilities) is >= 0 and int wrong)
            throw new PartitionException($"capability {Text(capabilities[wrong])} of rank {wrong} is not a positive number");
    }
}
