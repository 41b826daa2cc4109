using NUnit.Framework;
using SoraHpc.Decomposition;
using SoraHpc.Jobs.Weather;

namespace SoraHpc.Tests.Decomposition;

public sealed class PartitionQualityTests
{
    [Test]
    public void Four_quarters_of_a_plate_cut_two_lines_from_both_sides()
    {
        Division division = new CartesianPartitioner().Cut(new(new Extent(10, 8), PeriodicBoundary.Walls), [1, 1, 1, 1]);

        PartitionQuality quality = PartitionQuality.Of(division, [1, 1, 1, 1]);

        Assert.That(quality.HaloCells, Is.EqualTo(2 * 10 + 2 * 8));
        Assert.That(quality.Neighbours, Is.All.EqualTo(2));
        Assert.That(quality.ToString(), Is.EqualTo("λ max/mean 1.000, 36 halo cells cross ranks, 2 neighbours and 1 block a rank"));
    }

    [Test]
    public void Imbalance_is_of_weight_over_capability()
    {
        Grid grid = new(new Extent(2, 2), PeriodicBoundary.Walls) { Weights = new double[] { 1, 2, 3, 6 } };
        Partition rows = new(grid, [new((0, 1), (0, 2)), new((1, 2), (0, 2))]);

        // Rank 0: 3 / 1 = 3; rank 1: 9 / 9 = 1; mean 2.
        Assert.That(PartitionQuality.Of(new(rows, Placement.OneEach(2, 2)), [1, 9]).Imbalance, Is.EqualTo(1.5));
    }

    [Test]
    public void Blocks_of_one_rank_exchange_nothing_and_a_rank_without_blocks_has_no_neighbour()
    {
        Grid grid = new(new Extent(1, 6), PeriodicBoundary.Torus);
        Partition pieces = new(grid, [new((0, 1), (0, 2)), new((0, 1), (2, 4)), new((0, 1), (4, 6))]);

        PartitionQuality quality = PartitionQuality.Of(new(pieces, new Placement([0, 0, 1], 3)), [1, 1, 1]);

        // One cell at each end of rank 1's block, and one for each end of rank 0's pair.
        Assert.That(quality.HaloCells, Is.EqualTo(4));
        Assert.That(quality.Neighbours, Is.EqualTo(new[] { 1, 1, 0 }));
        Assert.That(quality.Blocks, Is.EqualTo(new[] { 2, 1, 0 }));
        Assert.That(quality.Imbalance, Is.EqualTo(4.0 / 2));
    }

    [Test]
    public void A_wider_halo_cuts_more()
    {
        Division division = new SlabPartitioner().Cut(new(new Extent(10, 7), PeriodicBoundary.Walls), [1, 1]);

        Assert.That(PartitionQuality.Of(division, [1, 1], haloWidth: 2).HaloCells, Is.EqualTo(2 * 2 * 7));
    }

    [Test]
    public void The_cut_is_what_a_halo_plan_sends_between_ranks([Values(1, 2, 3)] int width, [Values] bool periodic)
    {
        Grid[] grids = [new(new Extent(13, 17), periodic ? PeriodicBoundary.Torus : PeriodicBoundary.Walls),
            new(new Extent(5, 9, 11), periodic ? PeriodicBoundary.Torus : PeriodicBoundary.Walls), new CubedSphere(4).Grid];
        foreach (Grid grid in grids)
            foreach (IPartitioner partitioner in new IPartitioner[] { new SpaceFillingCurvePartitioner(9), new CartesianPartitioner(), new BlockCyclicPartitioner() })
            {
                (Partition partition, Placement placement) = partitioner.Cut(grid, [1, 2, 3, 2]);
                long sent = HaloPlan.Create(partition, width, HaloShape.Faces, Enumerable.Range(0, partition.Parts).ToHashSet()).Transfers
                    .Where(transfer => placement.RankOf(transfer.Source) != placement.RankOf(transfer.Destination)).Sum(transfer => (long)transfer.Cells);

                Assert.That(PartitionQuality.Of(new(partition, placement), [1, 2, 3, 2], width).HaloCells, Is.EqualTo(sent), $"{partitioner}, {grid.Extent}");
            }
    }
}
