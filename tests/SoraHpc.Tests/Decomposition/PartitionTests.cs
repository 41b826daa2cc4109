using NUnit.Framework;
using SoraHpc.Decomposition;

namespace SoraHpc.Tests.Decomposition;

public sealed class PartitionTests
{
    private static Grid Walled(Extent extent) => new(extent, PeriodicBoundary.Walls);

    private static double[] Equal(int parts) => [.. Enumerable.Repeat(1.0, parts)];

    private static IEnumerable<IPartitioner> Partitioners() =>
        [new SlabPartitioner(), new SlabPartitioner(2), new CartesianPartitioner(), new CartesianPartitioner(planes: 1)];

    [Test]
    public void Every_cell_belongs_to_the_block_its_owner_has([ValueSource(nameof(Partitioners))] IPartitioner partitioner, [Values(1, 2, 3, 5, 7, 12)] int parts)
    {
        Grid grid = Walled(new Extent(3, 13, 17));
        if (partitioner is SlabPartitioner && parts > 3)
            grid = Walled(new Extent(13, 17));

        Partition partition = partitioner.Cut(grid, Equal(parts)).Partition;

        Assert.That(partition.Parts, Is.EqualTo(parts));
        for (long k = 0; k < grid.Extent.Planes; k++)
            for (long j = 0; j < grid.Extent.Rows; j++)
                for (long i = 0; i < grid.Extent.Columns; i++)
                {
                    Cell cell = new(k, j, i);
                    int[] holders = [.. Enumerable.Range(0, parts).Where(part => partition.Blocks[part].Contains(cell))];
                    Assert.That(holders, Is.EqualTo(new[] { partition.OwnerOf(cell) }), $"cell {cell}");
                }
    }

    [Test]
    public void Equal_slabs_differ_by_at_most_one_row([Range(1, 12)] int parts)
    {
        long[] rows = [.. new SlabPartitioner().Cut(Walled(new Extent(29, 4)), Equal(parts)).Partition.Blocks.Select(block => block.Rows)];

        Assert.That(rows.Max() - rows.Min(), Is.LessThanOrEqualTo(1));
    }

    [Test]
    public void Weighted_slabs_follow_capability()
    {
        Partition partition = new SlabPartitioner().Cut(Walled(new Extent(100, 4)), [1.0, 3.0, 6.0]).Partition;

        Assert.That(partition.Blocks.Select(block => block.Rows), Is.EqualTo(new long[] { 10, 30, 60 }));
    }

    [Test]
    public void A_tiny_capability_still_gets_one_piece() =>
        Assert.That(Apportionment.LargestRemainder(10, [1e-9, 1.0, 1.0]), Is.EqualTo(new long[] { 1, 5, 4 }).Or.EqualTo(new long[] { 1, 4, 5 }));

    [Test]
    public void Cuts_fall_on_tile_edges([ValueSource(nameof(Partitioners))] IPartitioner partitioner)
    {
        Grid grid = new(new Extent(24, 16), PeriodicBoundary.Torus, new Extent(4, 4));

        foreach (Block block in partitioner.Cut(grid, Equal(3)).Partition.Blocks)
            Assert.That((block.Begin.Row % 4, block.Begin.Column % 4, block.Rows % 4, block.Columns % 4), Is.EqualTo((0L, 0L, 0L, 0L)));
    }

    [Test]
    public void Cartesian_blocks_of_a_square_are_squares()
    {
        Partition partition = new CartesianPartitioner().Cut(Walled(new Extent(40, 40)), Equal(4)).Partition;

        Assert.That(partition.Blocks.Select(block => (block.Rows, block.Columns)), Is.All.EqualTo((20L, 20L)));
    }

    [Test]
    public void More_ranks_than_rows_says_how_many_would_do()
    {
        PartitionException failure = Assert.Throws<PartitionException>(() => new SlabPartitioner().Cut(Walled(new Extent(5, 90)), Equal(6)))!;

        Assert.That(failure.Message, Is.EqualTo("6 ranks cannot share 5 rows: use at most 5 ranks, a larger grid, or a Cartesian partition"));
    }

    [Test]
    public void Overlapping_or_missing_blocks_are_refused()
    {
        Grid grid = Walled(new Extent(4, 4));
        Block left = new((0, 4), (0, 2)), right = new((0, 4), (2, 4)), middle = new((0, 4), (1, 3));

        Assert.Throws<PartitionException>(() => _ = new Partition(grid, [left, middle]));
        Assert.Throws<PartitionException>(() => _ = new Partition(grid, [left]));
        Assert.DoesNotThrow(() => _ = new Partition(grid, [left, right]));
    }

    [Test]
    public void A_block_with_rows_and_columns_but_no_plane_is_refused()
    {
        ArgumentException failure = Assert.Throws<ArgumentException>(() => _ = new Block(new Cell(1, 2), new Cell(3, 4)))!;

        Assert.That(failure.Message, Does.StartWith("the block [(0, 1, 2) … (0, 3, 4)) has rows and columns but no plane"));
        Assert.That(new Block((1, 3), (2, 4)), Is.EqualTo(new Block(new Cell(0, 1, 2), new Cell(1, 3, 4))));
    }
}
