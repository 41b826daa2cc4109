using SoraHpc.Decomposition;
using SoraHpc.Diagnostics;
using SoraHpc.Learning.Blocks;
using SoraHpc.Learning.Models;

namespace SoraHpc.Learning.SubModels;

using Block = SoraHpc.Learning.Blocks.Block;          // not that of cells

/// <summary>Cuts models into sub-models: side by side, over columns of the input, or one after the other. By hand, or so that the most expensive one
/// costs as little as any contiguous cut allows.</summary>
public static class Splitting
{
    /// <summary>A sub-model "part 1", "part 2" … for each share of the columns.</summary>
    /// <param name="input">Shape of the input; columns are along its first dimension.</param>
    /// <param name="parts">In [1, columns].</param>
    /// <param name="body">The blocks of one, for the shape it sees.</param>
    /// <param name="costs">Of every column, > 0; empty: all cost the same.</param>
    /// <exception cref="UsageException">More parts than columns, or not one cost for each.</exception>
    public static SubModel[] ByColumns(Shape input, int parts, Func<Shape, Block[]> body, ReadOnlySpan<double> costs = default)
    {
        CheckParts(parts, input[0], "columns");
        int[] cuts = Cut(CostsFor(costs, input[0], "columns"), parts);
        return [.. Enumerable.Range(0, parts).Select(part => new SubModel($"part {part + 1}", new(cuts[part], cuts[part + 1]),
            body(new([cuts[part + 1] - cuts[part], .. input.Lengths.Skip(1)]))))];
    }

    /// <summary>The model as stages one after the other, cut where the costs say. It computes the same; without dropout, from the same seed the same bits.</summary>
    /// <param name="model">Its blocks are not cut.</param>
    /// <param name="parts">In [1, blocks].</param>
    /// <param name="costs">Of every block, ≥ 0, as of <see cref="BlockCosts"/>; empty: <see cref="BlockCosts.Flops"/>.</param>
    /// <exception cref="UsageException">More parts than blocks, or not one cost for each.</exception>
    public static Model ByBlocks(Model model, int parts, ReadOnlySpan<double> costs = default) => ByBlocks(model, CutsFor(model, parts, costs));

    /// <summary>The model as stages that begin where it is told.</summary>
    /// <param name="model">Its blocks are not cut.</param>
    /// <param name="cuts">0, the first block of every further stage, and the number of blocks; ascending.</param>
    /// <exception cref="UsageException">They are not.</exception>
    public static Model ByBlocks(Model model, int[] cuts)
    {
        IReadOnlyList<Block> blocks = model.Blocks.Blocks;
        if (cuts.Length < 2 || cuts[0] != 0 || cuts[^1] != blocks.Count || cuts.Zip(cuts.Skip(1)).Any(pair => pair.First >= pair.Second))
            throw new UsageException($"cuts {string.Join(", ", cuts)} of {blocks.Count} blocks: give 0, ascending numbers, and {blocks.Count}");
        return new(model.Input, [.. Enumerable.Range(0, cuts.Length - 1).Select(i => new SubModel($"stage {i + 1}", null, [.. blocks.Take(cuts[i]..cuts[i + 1])]))]);
    }

    /// <summary>Where <see cref="ByBlocks(Model, int, ReadOnlySpan{double})"/> cuts: stage i is blocks [cuts[i], cuts[i + 1]), and none is empty.</summary>
    public static int[] CutsFor(Model model, int parts, ReadOnlySpan<double> costs = default)
    {
        int blocks = model.Blocks.Blocks.Count;
        CheckParts(parts, blocks, "blocks");
        return Cut(costs.IsEmpty ? BlockCosts.Flops(model) : CostsFor(costs, blocks, "blocks"), parts);
    }

    // The least cost of the most expensive part allows parts without anything; to give those one piece of a neighbour makes none more expensive.
    private static int[] Cut(double[] costs, int parts)
    {
        double least = costs.Where(cost => cost > 0).DefaultIfEmpty(1).Min() * 1e-6;
        int[] cuts = ContiguousCut.Optimal([.. costs.Select(cost => Math.Max(cost, least))], [.. Enumerable.Repeat(1.0, parts)]);
        for (int i = 1; i < parts; i++)
            cuts[i] = Math.Max(cuts[i], cuts[i - 1] + 1);
        for (int i = parts - 1; i > 0; i--)
            cuts[i] = Math.Min(cuts[i], cuts[i + 1] - 1);
        return cuts;
    }

    private static double[] CostsFor(ReadOnlySpan<double> costs, int count, string what)
    {
        if (costs.IsEmpty)
            return [.. Enumerable.Repeat(1.0, count)];
        if (costs.Length != count || costs.ContainsAnyInRange(double.NegativeInfinity, -double.Epsilon) || costs.Contains(double.NaN) || costs.Contains(double.PositiveInfinity))
            throw new UsageException($"{costs.Length} costs for {count} {what}: give one for each, 0 or more");
        return costs.ToArray();
    }

    private static void CheckParts(int parts, int count, string what)
    {
        if (parts < 1 || parts > count)
            throw new UsageException($"{count} {(count == 1 ? what[..^1] : what)} cannot be cut into {parts} sub-models: give {(count == 1 ? "1" : $"1 to {count}")}");
    }
}
