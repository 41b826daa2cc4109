using NUnit.Framework;
using SoraHpc.Communication.Threads;
using SoraHpc.Decomposition;
using SoraHpc.Runtime;
using SoraHpc.Runtime.Balancing;
using SoraHpc.Runtime.Elasticity;
using SoraHpc.Runtime.Stealing;
using WeatherStrategies;

namespace SoraHpc.Tests.Plugins;

/// <summary>The strategies of the example themselves.</summary>
public sealed class WeatherStrategiesTests
{
    [TestCase(0, 0, 0.5)]
    [TestCase(60, 0, 0.5)]
    [TestCase(80, 23.44, 1)]
    [TestCase(-80, 23.44, 0)]
    [TestCase(45, 23.44, 0.6427)]          // 15 h 26 min between sunrise and sunset of the sun's centre, without refraction
    public void Daylight_is_as_long_as_geometry_says(double latitude, double declination, double expected) =>
        Assert.That(DaylightBands.Daylight(latitude, declination), Is.EqualTo(expected).Within(1e-4));

    [Test]
    public void Bands_are_narrower_where_the_sun_shines()
    {
        Division june = new DaylightBands(23.44, sunlit: 3).Cut(new Grid(new Extent(180, 8), PeriodicBoundary.Walls), [1, 1]);
        Division equinox = new DaylightBands(0, sunlit: 3).Cut(new Grid(new Extent(180, 8), PeriodicBoundary.Walls), [1, 1]);

        Assert.That(equinox.Partition.Blocks[0].Rows, Is.EqualTo(90));
        Assert.That(june.Partition.Blocks[0].Rows, Is.GreaterThan(100), "the winter half gets more rows");
        Assert.That(WorkOf(june, 0), Is.EqualTo(WorkOf(june, 1)).Within(2 * 3.0), "to one row, which is no more than 3 units a cell");

        static double WorkOf(Division division, int part)
        {
            Block block = division.Partition.Blocks[part];
            return Enumerable.Range((int)block.Begin.Row, (int)block.Rows).Sum(row => 1 + 2 * DaylightBands.Daylight(-90 + row + 0.5, 23.44));
        }
    }

    [Test]
    public void Measured_weights_count_more_than_daylight()
    {
        Grid grid = new(new Extent(4, 1), PeriodicBoundary.Walls) { Weights = new double[] { 3, 1, 1, 1 } };

        Assert.That(new DaylightBands().Cut(grid, [1, 1]).Partition.Blocks[0].Rows, Is.EqualTo(1));
    }

    [Test]
    public void Balancer_brings_every_rank_under_its_budget()
    {
        // Two ranks of equal speed, parts of 1 s: six here, two there. Budget 1.2 · 8 / 2 = 4.8: two parts go.
        Placement last = new([0, 0, 0, 0, 0, 0, 1, 1], 2);
        Placement next = new WeatherBalancer(loadFactor: 1.2).Relieve(Load(last, [1, 1, 1, 1, 1, 1, 1, 1], [1, 1]));

        Assert.That(next.PartsOf(0).Count(), Is.EqualTo(4));
        Assert.That(MeasuredLoad.ImbalanceOf(Load(last, [1, 1, 1, 1, 1, 1, 1, 1], [1, 1]).Predict(next)), Is.EqualTo(1));
    }

    [Test]
    public void Balancer_gives_a_fast_rank_more()
    {
        // Rank 1 is three times as fast and holds half of twelve equal parts, which take it a third of the time.
        Placement last = new([0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1], 2);
        double[] seconds = [3, 3, 3, 3, 3, 3, 1, 1, 1, 1, 1, 1];
        MeasuredLoad load = Load(last, seconds, [1, 3]);
        Placement next = new WeatherBalancer(loadFactor: 1).Relieve(load);

        Assert.That(next.PartsOf(0).Count(), Is.EqualTo(3));
        Assert.That(load.Predict(next), Is.EqualTo(new[] { 9.0, 9.0 }));
    }

    [Test]
    public void Balancer_leaves_a_part_that_fits_nowhere()
    {
        Placement last = new([0, 1], 2);

        Assert.That(new WeatherBalancer(loadFactor: 1).Relieve(Load(last, [9, 1], [1, 1])).PartsOf(0), Is.EqualTo(new[] { 0 }));
    }

    [Test]
    public void Parts_under_the_storm_are_shared_and_keep_what_they_hold()
    {
        StormJob[] jobs = [new(), new()];
        ThreadWorld.Run(2, world =>
            new Sora(jobs[world.Rank], new Bands(), new WeatherBalancer(loadFactor: 1.2, interval: 5), new WeatherSync(), new FixedSize()).Run(world, jobs[world.Rank]));

        Assert.That(jobs.Select(job => job.Moves), Is.EqualTo(new[] { 1, 1 }), "one look is enough, and what follows is in balance");
        Assert.That(jobs.Select(job => job.Last.Length), Is.EqualTo(new[] { 2, 6 }));
        Assert.That(jobs.SelectMany(job => job.Last), Is.EquivalentTo(Enumerable.Range(0, Bands.Parts)));
    }

    [Test]
    public void Victim_that_had_tasks_comes_to_the_front()
    {
        MoveToFront selector = new(thief: 1, ranks: 5);
        Assert.That(Look(ref selector, hit: 4), Is.EqualTo(new[] { 2, 3, 4 }));
        Assert.That(Look(ref selector, hit: 0), Is.EqualTo(new[] { 4, 2, 3, 0 }));
        Assert.That(Look(ref selector, hit: 2), Is.EqualTo(new[] { 0, 4, 2 }));
    }

    [Test]
    public void Every_victim_but_the_thief_is_looked_at([Values(2, 3, 7)] int ranks)
    {
        for (int thief = 0; thief < ranks; thief++)
        {
            MoveToFront selector = new(thief, ranks, first: 3);
            List<int> seen = [];
            for (int look = 0; look < ranks - 1; look++)
            {
                seen.Add(selector.Next());
                selector.Report(seen[^1], found: false);
            }
            Assert.That(seen, Is.EquivalentTo(Enumerable.Range(0, ranks).Where(rank => rank != thief)));
        }
    }

    [Test]
    public void Pool_of_a_selection_is_compiled_for_its_selector() => ThreadWorld.Run(2, world =>
    {
        using TaskPool<int> pool = VictimSelection.By((thief, ranks) => new MoveToFront(thief, ranks)).CreatePool<int, ITaskBody<int>>(world, new Counter());

        Assert.That(pool, Is.InstanceOf<TaskPool<int, ITaskBody<int>, MoveToFront>>());
        Assert.That(pool.Run([1, 2, 3]).Executed, Is.GreaterThanOrEqualTo(0));
    });

    private sealed class Counter : ITaskBody<int>
    {
        public int BatchSize => 1;

        public void Execute(ReadOnlySpan<int> tasks, TaskQueue<int> queue) { }

        public string NameOf(in int task) => $"task {task}";
    }

    private static int[] Look(ref MoveToFront selector, int hit)
    {
        List<int> seen = [];
        do
        {
            seen.Add(selector.Next());
            selector.Report(seen[^1], found: seen[^1] == hit);
        }
        while (seen[^1] != hit);
        return [.. seen];
    }

    private static MeasuredLoad Load(Placement placement, double[] partSeconds, double[] capabilities)
    {
        double[] ranks = new double[capabilities.Length];
        for (int part = 0; part < partSeconds.Length; part++)
            ranks[placement.RankOf(part)] += partSeconds[part];
        return new(placement, 1, ranks, partSeconds, partSeconds, new long[partSeconds.Length], capabilities, 0, 0);
    }
}
