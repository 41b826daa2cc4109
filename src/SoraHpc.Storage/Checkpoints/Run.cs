using SoraHpc.Decomposition;

namespace SoraHpc.Storage.Checkpoints;

/// <summary>Elements that follow each other both in an array and in this rank's memory.</summary>
internal readonly unsafe record struct Run(ElementRange Range, nint Address)
{
    /// <summary>The rows of a block.</summary>
    internal static void AddRows<T>(List<Run> runs, Extent extent, in CheckpointBlock<T> of) where T : unmanaged
    {
        Block block = of.Block;
        for (long plane = 0; plane < block.Planes; plane++)
            for (long row = 0; row < block.Rows && block.Columns > 0; row++)
            {
                long begin = ((block.Begin.Plane + plane) * extent.Rows + block.Begin.Row + row) * extent.Columns + block.Begin.Column;
                runs.Add(new(new(begin, block.Columns), (nint)(of.FirstCell + plane * of.PlaneStride + row * of.RowStride)));
            }
    }

    /// <exception cref="ArgumentException">The ranges leave the array, or the values are not as many as the ranges say.</exception>
    internal static void CheckRanges(string name, long count, IReadOnlyList<ElementRange> ranges, long values, int valuesPerElement)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfLessThan(valuesPerElement, 1);
        foreach (ElementRange range in ranges)
            if (range.Begin < 0 || range.Count < 0 || range.End > count)
                throw new ArgumentException($"checkpoint array {name}: elements from {range.Begin} to {range.End - 1} are not all in [0, {count})", nameof(ranges));
        long needed = ranges.Sum(range => range.Count) * valuesPerElement;
        if (values != needed)
            throw new ArgumentException($"checkpoint array {name}: {values} values are given, the ranges hold {needed}", nameof(values));
    }

    /// <exception cref="ArgumentException">The block leaves the grid, or its strides do not hold it.</exception>
    internal static void CheckBlock<T>(string name, Extent extent, in CheckpointBlock<T> of) where T : unmanaged
    {
        Block block = of.Block;
        if (block.IsEmpty)
            return;
        if (block.Intersect(extent.Whole) != block)
            throw new ArgumentException($"checkpoint array {name}: the block {block} is not inside the grid of {extent}");
        if (of.FirstCell is null || block.Rows > 1 && of.RowStride < block.Columns || block.Planes > 1 && of.PlaneStride < block.Rows * of.RowStride)
            throw new ArgumentException($"checkpoint array {name}: rows {of.RowStride} and planes {of.PlaneStride} elements apart do not hold the block {block}");
    }

    /// <summary>Ranges whose values stand one after the other in memory.</summary>
    internal static void AddRanges<T>(List<Run> runs, IReadOnlyList<ElementRange> ranges, int valuesPerElement, T* values) where T : unmanaged
    {
        foreach (ElementRange range in ranges)
        {
            runs.Add(new(new(range.Begin * valuesPerElement, range.Count * valuesPerElement), (nint)values));
            values += range.Count * valuesPerElement;
        }
    }
}
