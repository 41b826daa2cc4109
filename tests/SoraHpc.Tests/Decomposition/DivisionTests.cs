using NUnit.Framework;
using SoraHpc.Decomposition;

namespace SoraHpc.Tests.Decomposition;

public sealed class DivisionTests
{
    private static readonly Grid Plate = new(new Extent(32, 24), PeriodicBoundary.Walls);

    [Test]
    public void Every_rank_that_stays_keeps_a_quarter_of_its_half()
    {
        Division halves = new CartesianPartitioner().Cut(Plate, [1, 1]), quarters = new CartesianPartitioner().Cut(Plate, [1, 1, 1, 1]);
        Assert.That(Kept(halves, quarters), Is.EqualTo(32 * 24 / 4), "the cut alone leaves rank 1 with cells that were rank 0's, else this shows nothing");

        Assert.That(Kept(halves, quarters.Near(halves, [1, 1, 1, 1])), Is.EqualTo(32 * 24 / 2));
    }

    [Test]
    public void Shares_are_dealt_anew_and_nothing_else_changes([Values(1, 2, 3, 5, 8)] int from, [Values(1, 3, 4, 7)] int to)
    {
        IPartitioner[] partitioners = [new SlabPartitioner(), new CartesianPartitioner(), new BlockCyclicPartitioner(), new SpaceFillingCurvePartitioner()];
        foreach (IPartitioner partitioner in partitioners)
        {
            Division before = partitioner.Cut(Plate, Equal(from)), cut = partitioner.Cut(Plate, Equal(to)), near = cut.Near(before, Equal(to));

            Assert.That(near.Partition, Is.SameAs(cut.Partition));
            Assert.That(Cells(near).Order(), Is.EqualTo(Cells(cut).Order()), $"{partitioner}");
            Assert.That(Kept(before, near), Is.GreaterThanOrEqualTo((Kept(before, cut) + 1) / 2), $"{partitioner}");
        }
    }

    [Test]
    public void A_share_cut_for_a_fast_rank_stays_with_a_fast_one()
    {
        double[] capabilities = [1, 3, 1, 3];
        Division before = new SlabPartitioner().Cut(Plate, [1, 3]), cut = new SlabPartitioner().Cut(Plate, capabilities);

        Assert.That(Cells(cut.Near(before, capabilities)), Is.EqualTo(Cells(cut)));
    }

    private static double[] Equal(int ranks) => [.. Enumerable.Repeat(1.0, ranks)];

    private static long[] Cells(Division division) =>
        [.. Enumerable.Range(0, division.Placement.Ranks).Select(rank => division.Placement.PartsOf(rank).Sum(part => division.Partition.Blocks[part].Cells))];

    // Cells whose rank is the same in both.
    private static long Kept(Division before, Division after) => Plate.Extent.Whole.CellsInOrder().Count(cell =>
        before.Placement.RankOf(before.Partition.OwnerOf(cell)) == after.Placement.RankOf(after.Partition.OwnerOf(cell)));
}
