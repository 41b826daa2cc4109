using NUnit.Framework;
using SoraHpc.Decomposition;
using SoraHpc.Jobs.Weather;

namespace SoraHpc.Tests.Decomposition;

/// <summary>What holds for every way to cut, on grids nobody chose, and what each way promises beyond that.</summary>
public sealed class PartitionerTests
{
    private static IEnumerable<IPartitioner> Partitioners() =>
    [
        new CartesianPartitioner(), new BlockCyclicPartitioner(), new BlockCyclicPartitioner(new Extent(1, 3, 2)), new SpaceFillingCurvePartitioner(),
        new SpaceFillingCurvePartitioner(4), new SpaceFillingCurvePartitioner(8) { Merges = false }, new BisectionPartitioner(), new GraphPartitioner(),
        new GraphPartitioner(piecesPerRank: 2), new SlabPartitioner(),
    ];

    private static double[] Equal(int ranks) => [.. Enumerable.Repeat(1.0, ranks)];

    [Test]
    public void Every_cell_is_held_exactly_once_and_cuts_fall_on_tiles([ValueSource(nameof(Partitioners))] IPartitioner partitioner, [Range(1, 40)] int seed)
    {
        Random random = new(seed);
        Extent tile = new(random.Next(1, 3), random.Next(1, 4), random.Next(1, 4));
        Extent extent = new(seed % 2 == 0 ? 1 : random.Next(1, 9), random.Next(1, 25), random.Next(6, 25));
        Grid grid = new(extent, seed % 3 == 0 ? PeriodicBoundary.Torus : PeriodicBoundary.Walls, tile);
        if (seed % 4 < 2)
            grid = grid with { Weights = Enumerable.Range(0, (int)grid.Tiles.Cells).Select(_ => 0.1 + random.NextDouble()).ToArray() };
        int ranks = random.Next(1, 6);
        double[] capabilities = [.. Enumerable.Range(0, ranks).Select(_ => 0.5 + random.NextDouble())];
        Division division;
        try
        {
            division = partitioner.Cut(grid, capabilities);
        }
        catch (PartitionException failure)
        {
            Assert.That(failure.Message, Does.Contain("ranks"));
            Assert.That(partitioner is SlabPartitioner or CartesianPartitioner or BlockCyclicPartitioner || grid.Tiles.Cells < ranks);
            return;
        }

        int[] held = new int[extent.Cells];
        foreach (Block block in division.Partition.Blocks)
        {
            for (int d = 0; d < 3; d++)
                Assert.That((block.Begin[d] % tile[d], block.End[d] % tile[d] == 0 || block.End[d] == extent[d]), Is.EqualTo((0L, true)), $"{block}");
            foreach (Cell cell in block.CellsInOrder())
                held[(cell.Plane * extent.Rows + cell.Row) * extent.Columns + cell.Column]++;
        }
        Assert.That(held, Is.All.EqualTo(1));
        Assert.That(division.Placement.Ranks, Is.EqualTo(ranks));
        Assert.That(Enumerable.Range(0, ranks).Sum(rank => division.Placement.PartsOf(rank).Count()), Is.EqualTo(division.Partition.Parts));
    }

    [Test]
    public void Cutting_twice_gives_the_same_answer([ValueSource(nameof(Partitioners))] IPartitioner partitioner)
    {
        Grid grid = new(new Extent(40, 44), PeriodicBoundary.Torus);

        (Division first, Division second) = (partitioner.Cut(grid, [1, 2, 3]), partitioner.Cut(grid, [1, 2, 3]));

        Assert.That(second.Partition.Blocks, Is.EqualTo(first.Partition.Blocks));
        Assert.That(Ranks(second), Is.EqualTo(Ranks(first)));
    }

    [Test]
    public void Shares_follow_capability_and_weight([Range(1, 10)] int seed)
    {
        Random random = new(seed);
        Grid grid = new(new Extent(64, 48), PeriodicBoundary.Walls);
        grid = grid with { Weights = Enumerable.Range(0, 64 * 48).Select(cell => cell / 48 < 20 ? 5.0 : 1 + random.NextDouble()).ToArray() };
        double[] capabilities = [.. Enumerable.Range(0, 5).Select(_ => 1 + 3 * random.NextDouble())];
        IPartitioner[] close = [new SpaceFillingCurvePartitioner(512), new GraphPartitioner()];

        foreach (IPartitioner partitioner in close)
            Assert.That(PartitionQuality.Of(partitioner.Cut(grid, capabilities), capabilities).Imbalance, Is.LessThan(1.05), $"{partitioner}");
        foreach (IPartitioner partitioner in new IPartitioner[] { new SlabPartitioner(), new BisectionPartitioner() })
            Assert.That(PartitionQuality.Of(partitioner.Cut(grid, capabilities), capabilities).Imbalance, Is.LessThan(1.2), $"{partitioner}");
    }

    [Test]
    public void Bisection_cuts_where_the_capabilities_divide()
    {
        Division division = new BisectionPartitioner().Cut(new(new Extent(60, 100), PeriodicBoundary.Walls), [1, 3, 2, 4]);

        // Columns 4 : 6, then the rows of the left 1 : 3 and of the right 2 : 4.
        Assert.That(division.Partition.Blocks, Is.EqualTo(new Block[]
            { new((0, 15), (0, 40)), new((15, 60), (0, 40)), new((0, 20), (40, 100)), new((20, 60), (40, 100)) }));
    }

    [Test]
    public void Bisection_finds_a_tile_for_every_rank_of_a_full_grid([Values(1, 2, 5, 9)] int rows, [Values(1, 3, 4, 7)] int columns)
    {
        Division division = new BisectionPartitioner().Cut(new(new Extent(rows, columns), PeriodicBoundary.Walls), Equal(rows * columns));

        Assert.That(division.Partition.Blocks.Select(block => block.Cells), Is.All.EqualTo(1));
    }

    [Test]
    public void Equal_ranks_are_dealt_blocks_in_turn()
    {
        Grid grid = new(new Extent(8, 12), PeriodicBoundary.Walls);
        Division division = new BlockCyclicPartitioner(new Extent(2, 3), rows: 2, columns: 2).Cut(grid, Equal(4));

        foreach (Cell cell in grid.Extent.Whole.CellsInOrder())
            Assert.That(division.Placement.RankOf(division.Partition.OwnerOf(cell)), Is.EqualTo(cell.Row / 2 % 2 * 2 + cell.Column / 3 % 2), $"{cell}");
    }

    [Test]
    public void Parts_of_a_graph_weigh_what_they_should_within_the_tolerance([Values(2, 3, 8, 12)] int ranks, [Values] bool unequal)
    {
        Grid grid = new CubedSphere(24).Grid;
        grid = grid with { Weights = Enumerable.Range(0, (int)grid.Tiles.Cells).Select(tile => 1.0 + tile % 7 + (tile < 500 ? 10 : 0)).ToArray() };
        double[] capabilities = [.. Enumerable.Range(0, ranks).Select(rank => unequal ? 1.0 + rank % 3 : 1.0)];
        Tiling tiling = Tiling.Coarse(grid, 256L * ranks);

        Division division = new GraphPartitioner(imbalance: 1.03).Cut(grid, capabilities);

        double[] pieces = tiling.Weights.ToArray();
        (double total, double onePiece) = (pieces.Sum(), pieces.Max());
        for (int rank = 0; rank < ranks; rank++)
        {
            double weight = Enumerable.Range(0, pieces.Length)
                .Where(piece => division.Placement.RankOf(division.Partition.OwnerOf(tiling.BlockOf(piece).Begin)) == rank).Sum(piece => pieces[piece]);
            Assert.That(weight, Is.LessThanOrEqualTo(1.03 * total * capabilities[rank] / capabilities.Sum() + onePiece), $"rank {rank}");
        }
    }

    [Test]
    public void A_graph_cuts_less_than_dealing_in_turn_and_no_more_than_slabs()
    {
        Grid grid = new(new Extent(96, 96), PeriodicBoundary.Torus);
        long Cut(IPartitioner partitioner) => PartitionQuality.Of(partitioner.Cut(grid, Equal(8)), Equal(8)).HaloCells;

        Assert.That(Cut(new GraphPartitioner()), Is.LessThan(Cut(new BlockCyclicPartitioner())).And.LessThan(Cut(new SlabPartitioner())));
    }

    [Test]
    public void A_graph_is_cut_where_few_cells_touch()
    {
        // Tiles of one row and 16 columns touch by 16 cells above and below and by one at the ends: a line down the columns is cheap.
        Grid grid = new(new Extent(64, 1024), PeriodicBoundary.Walls, new Extent(1, 16));

        PartitionQuality quality = PartitionQuality.Of(new GraphPartitioner(piecesPerRank: 2048).Cut(grid, [1, 1]), [1, 1]);

        Assert.That(quality.HaloCells, Is.InRange(2 * 64, 4 * 64));      // one line or two; along a row it would be 2 · 1024
    }

    [Test]
    public void Without_merging_pieces_are_numbered_along_the_curve()
    {
        Division division = new SpaceFillingCurvePartitioner(16) { Merges = false }.Cut(new(new Extent(32, 32), PeriodicBoundary.Walls), Equal(4));

        Assert.That(division.Partition.Parts, Is.EqualTo(64));
        Assert.That(Ranks(division), Is.EqualTo(Enumerable.Range(0, 64).Select(part => part / 16)));
        for (int part = 1; part < 64; part++)
        {
            Cell step = division.Partition.Blocks[part].Begin - division.Partition.Blocks[part - 1].Begin;
            Assert.That(Math.Abs(step.Row) + Math.Abs(step.Column), Is.EqualTo(4));
        }
    }

    private static IEnumerable<int> Ranks(Division division) => Enumerable.Range(0, division.Partition.Parts).Select(division.Placement.RankOf);
}
