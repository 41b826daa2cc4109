using System.Globalization;

namespace SoraHpc.Decomposition;

/// <summary>How good a division is before a step has been taken: what balance it allows and what it costs in messages.</summary>
/// <param name="Imbalance">max λ / mean λ over ranks, λ = weight of the rank's cells / P; ≥ 1, and 1 is perfect.</param>
/// <param name="HaloCells">The cut: halo cells that are filled from another rank, counted once for every block that needs them.</param>
/// <param name="Neighbours">For every rank, how many others it exchanges with.</param>
/// <param name="Blocks">For every rank, how many blocks it holds.</param>
public sealed record PartitionQuality(double Imbalance, long HaloCells, IReadOnlyList<int> Neighbours, IReadOnlyList<int> Blocks)
{
    /// <summary>Measures a division. Work: the boxes that touch, and the surface of the grid.</summary>
    /// <param name="capabilities">P_i it was cut for, one for every rank of the placement.</param>
    /// <param name="haloWidth">Cells the stencil reads beyond a block's faces, ≥ 1.</param>
    public static PartitionQuality Of(Division division, ReadOnlySpan<double> capabilities, int haloWidth = 1)
    {
        (Partition partition, Placement placement) = division;
        int ranks = placement.Ranks;
        if (capabilities.Length != ranks)
            throw new PartitionException($"{capabilities.Length} capabilities are given for {ranks} ranks: give one for each");
        PartitionInput.CheckCapabilities(capabilities);
        double[] times = new double[ranks];
        int[] blocks = new int[ranks];
        for (int part = 0; part < partition.Parts; part++)
        {
            int rank = placement.RankOf(part);
            times[rank] += Layers.WeightOf(partition.Grid, partition.Blocks[part]) / capabilities[rank];
            blocks[rank]++;
        }
        HashSet<int>[] neighbours = [.. times.Select(_ => new HashSet<int>())];
        long cut = 0;
        foreach ((int source, int destination, long cells) in Touching(partition, haloWidth).Select(t => (placement.RankOf(t.Source), placement.RankOf(t.Destination), t.Cells)))
            if (source != destination)
            {
                cut += cells;
                neighbours[source].Add(destination);
                neighbours[destination].Add(source);
            }
        return new(times.Max() / times.Average(), cut, [.. neighbours.Select(others => others.Count)], blocks);
    }

    // What a halo plan lists cell by cell, counted in boxes: only cells beyond the grid's edge are looked at one by one.
    private static IEnumerable<(int Source, int Destination, long Cells)> Touching(Partition partition, int haloWidth)
    {
        Grid grid = partition.Grid;
        for (int part = 0; part < partition.Parts; part++)
            foreach (Block side in partition.Blocks[part].Sides(haloWidth, grid.Extent))
            {
                Block inside = side.Intersect(grid.Extent.Whole);
                if (!inside.IsEmpty)
                    foreach ((int source, Block cells) in partition.OwnersIn(inside))
                        yield return (source, part, cells.Cells);
                foreach (Cell beyond in side.Without(inside).SelectMany(box => box.CellsInOrder()))
                    if (grid.Boundary.TryMap(grid.Extent, beyond, out Cell standsFor))
                        yield return (partition.OwnerOf(standsFor), part, 1);
            }
    }

    /// <summary>One line for people.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"λ max/mean {Imbalance:0.000}, {HaloCells} halo cells cross ranks, {Range(Neighbours, "neighbour")} and {Range(Blocks, "block")} a rank");

    private static string Range(IReadOnlyList<int> counts, string what) =>
        counts.Min() == counts.Max() ? $"{counts[0]} {what}{(counts[0] == 1 ? "" : "s")}" : $"{counts.Min()} to {counts.Max()} {what}s";
}
