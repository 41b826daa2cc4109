using NUnit.Framework;
using SoraHpc.Decomposition;

namespace SoraHpc.Tests.Decomposition;

public sealed class HaloPlanTests
{
    [Test]
    public void Every_halo_cell_gets_the_cell_it_stands_for_exactly_once(
        [Values(1, 2, 3, 6)] int parts, [Values(1, 2)] int width, [Values] HaloShape shape, [Values] bool periodic, [Values] bool threeDimensional)
    {
        Extent extent = threeDimensional ? new(4, 7, 9) : new(11, 9);
        Grid grid = new(extent, periodic ? PeriodicBoundary.Torus : PeriodicBoundary.Walls);
        Partition partition = new CartesianPartitioner().Cut(grid, Enumerable.Repeat(1.0, parts).ToArray()).Partition;

        HaloPlan plan = HaloPlan.Create(partition, width, shape, Enumerable.Range(0, parts).ToHashSet());

        for (int part = 0; part < parts; part++)
            Assert.That(Filled(plan, part), Is.EqualTo(Expected(partition, part, width, shape)), $"part {part}");
    }

    [Test]
    public void Both_ends_of_a_transfer_plan_the_same_runs()
    {
        Grid grid = new(new Extent(12, 10), PeriodicBoundary.Torus);
        Partition partition = new CartesianPartitioner().Cut(grid, [1.0, 2.0, 3.0, 4.0]).Partition;

        HaloTransfer[] Of(int part, int source, int destination) =>
            [.. HaloPlan.Create(partition, 2, HaloShape.Box, new HashSet<int> { part }).Transfers.Where(t => t.Source == source && t.Destination == destination)];

        Assert.That(Of(0, 0, 1).Single().Runs, Is.EqualTo(Of(1, 0, 1).Single().Runs));
    }

    [Test]
    public void A_whole_side_is_one_run()
    {
        Partition partition = new SlabPartitioner(2).Cut(new(new Extent(50, 20), PeriodicBoundary.Walls), [1.0, 1.0]).Partition;

        HaloPlan plan = HaloPlan.Create(partition, 1, HaloShape.Faces, new HashSet<int> { 0, 1 });

        Assert.That(plan.Transfers.Select(t => (t.Source, t.Destination, t.Runs.Count, t.Cells)), Is.EqualTo(new[] { (1, 0, 1, 50), (0, 1, 1, 50) }));
    }

    private static SortedDictionary<string, string> Filled(HaloPlan plan, int part)
    {
        SortedDictionary<string, string> filled = [];
        foreach (HaloTransfer transfer in plan.Transfers.Where(t => t.Destination == part))
            foreach (HaloRun run in transfer.Runs)
                for (int n = 0; n < run.Count; n++)
                    filled.Add((run.To + n * run.ToStep).ToString(), $"{run.From + n * run.FromStep} of {transfer.Source}");   // Add: twice throws
        return filled;
    }

    // Straight from the definition: every cell near the block, looked up by wrapping each coordinate.
    private static SortedDictionary<string, string> Expected(Partition partition, int part, int width, HaloShape shape)
    {
        SortedDictionary<string, string> expected = [];
        (Block block, Extent extent) = (partition.Blocks[part], partition.Grid.Extent);
        bool periodic = partition.Grid.Boundary == PeriodicBoundary.Torus;
        int w = width, wk = extent.Planes > 1 ? width : 0;
        for (long k = block.Begin.Plane - wk; k < block.End.Plane + wk; k++)
            for (long j = block.Begin.Row - w; j < block.End.Row + w; j++)
                for (long i = block.Begin.Column - w; i < block.End.Column + w; i++)
                {
                    Cell to = new(k, j, i), from = new(Mod(k, extent.Planes), Mod(j, extent.Rows), Mod(i, extent.Columns));
                    int outside = (k < block.Begin.Plane || k >= block.End.Plane ? 1 : 0) + (j < block.Begin.Row || j >= block.End.Row ? 1 : 0)
                        + (i < block.Begin.Column || i >= block.End.Column ? 1 : 0);
                    if (outside == 0 || (shape == HaloShape.Faces && outside > 1) || (!periodic && from != to))
                        continue;
                    int owner = Enumerable.Range(0, partition.Parts).Single(p => partition.Blocks[p].Contains(from));
                    expected.Add(to.ToString(), $"{from} of {owner}");
                }
        return expected;
    }

    private static long Mod(long a, long n) => ((a % n) + n) % n;
}
