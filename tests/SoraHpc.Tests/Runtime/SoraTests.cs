using System.Diagnostics;
using NUnit.Framework;
using SoraHpc.Communication;
using SoraHpc.Communication.Threads;
using SoraHpc.Decomposition;
using SoraHpc.Diagnostics;
using SoraHpc.Jobs.Heat;
using SoraHpc.Runtime;
using SoraHpc.Runtime.Balancing;
using SoraHpc.Runtime.Elasticity;
using SoraHpc.Runtime.Synchronization;
using SoraHpc.Tests.Threads;

namespace SoraHpc.Tests.Runtime;

public sealed class SoraTests
{
    private const int Rows = 23, Columns = 37, Steps = 40;

    private static double[,] Start()
    {
        Random random = new(7);
        double[,] start = new double[Rows, Columns];
        for (int row = 0; row < Rows; row++)
            for (int column = 0; column < Columns; column++)
                start[row, column] = 100 * random.NextDouble();
        return start;
    }

    private static double[,] Serial(int steps)
    {
        double[,] now = Start(), next = new double[Rows, Columns];
        for (int step = 0; step < steps; step++)
        {
            HeatReference.Step(now, next, 0.2);
            (now, next) = (next, now);
        }
        return now;
    }

    private static (double[,] Field, RunResult Result) Run(int ranks, IPartitioner partitioner, ISyncProtocol sync, IBalancer? balancer = null, double[]? weights = null)
    {
        double[,] field = new double[Rows, Columns];
        RunResult result = OnThreads.RootOf(ranks, world =>
        {
            Plate plate = new(Start()) { Weights = weights ?? [] };
            Sora sora = new(plate, partitioner, balancer ?? new StaticBalancer(), sync, new FixedSize());
            sora.Run(world, new PlateJob(plate, Steps, field));
            return sora.Result;
        });
        return (field, result);
    }

    private static IEnumerable<IPartitioner> Partitioners() =>
    [
        new SlabPartitioner(), new SlabPartitioner(2), new CartesianPartitioner(), new BlockCyclicPartitioner(), new SpaceFillingCurvePartitioner(),
        new SpaceFillingCurvePartitioner(8) { Merges = false }, new BisectionPartitioner(), new GraphPartitioner(),
    ];

    [Test]
    public void Any_partition_gives_the_bits_of_the_plain_loop([ValueSource(nameof(Partitioners))] IPartitioner partitioner, [Values(1, 2, 3, 4, 5, 7)] int ranks) =>
        Assert.That(Run(ranks, partitioner, new LocalSync()).Field, Is.EqualTo(Serial(Steps)));

    [Test]
    public void Given_capabilities_change_the_shares_and_not_the_numbers()
    {
        (double[,] field, RunResult result) = Run(3, new SlabPartitioner(), new LocalSync(), new StaticBalancer(1, 2, 4));

        Assert.That(field, Is.EqualTo(Serial(Steps)));
        Assert.That(result.Ranks.Select(rank => rank.Cells), Is.EqualTo(new long[] { 3 * Columns, 7 * Columns, 13 * Columns }));
        Assert.That(result.Ranks.Select(rank => rank.Lambda), Is.EqualTo(result.Ranks.Select(rank => rank.Workload / rank.Capability)));
    }

    [Test]
    public void Global_and_local_sync_give_the_same_numbers([Values(1, 3, 40)] int interval)
    {
        (double[,] local, RunResult afterLocal) = Run(3, new CartesianPartitioner(), new LocalSync());
        (double[,] global, RunResult afterGlobal) = Run(3, new CartesianPartitioner(), new GlobalSync(interval));

        Assert.That(global, Is.EqualTo(local));
        Assert.That(afterGlobal.Observables, Is.EqualTo(afterLocal.Observables));
    }

    [Test]
    public void Sums_over_ranks_have_the_same_bits_on_any_rank_count([Values(2, 3, 5, 8)] int ranks) =>
        Assert.That(Run(ranks, new SlabPartitioner(), new LocalSync()).Result.Observables, Is.EqualTo(Run(1, new SlabPartitioner(), new LocalSync()).Result.Observables));

    [Test]
    public void The_root_reports_every_rank_and_all_work()
    {
        RunResult result = Run(4, new SlabPartitioner(), new GlobalSync(10)).Result;

        Assert.That(result.TotalWork, Is.EqualTo((double)Rows * Columns * Steps));
        Assert.That(result.Ranks.Select(rank => rank.Rank), Is.EqualTo(new[] { 0, 1, 2, 3 }));
        Assert.That(result.Ranks, Is.All.Matches<RankReport>(rank => rank is { Capability: > 0, SyncPeriodSeconds: > 0 }));
        Assert.That(result.Imbalance, Is.GreaterThanOrEqualTo(1));
    }

    [Test]
    public void Weights_given_with_the_grid_change_the_shares_and_not_the_numbers([ValueSource(nameof(Partitioners))] IPartitioner partitioner)
    {
        double[] weights = [.. Enumerable.Range(0, Rows * Columns).Select(cell => cell % Columns < 10 && cell / Columns < 8 ? 20.0 : 1.0)];

        (double[,] field, RunResult result) = Run(3, partitioner, new LocalSync(), weights: weights);

        Assert.That(field, Is.EqualTo(Serial(Steps)));
        Assert.That(result.Ranks.Select(rank => rank.Cells), Is.Not.EqualTo(Run(3, partitioner, new LocalSync()).Result.Ranks.Select(rank => rank.Cells)));
    }

    [Test]
    public void A_rank_too_slow_to_help_holds_nothing_and_changes_nothing()
    {
        (double[,] field, RunResult result) = Run(3, new SpaceFillingCurvePartitioner(1), new GlobalSync(10), new StaticBalancer(1, 0.001, 1));

        Assert.That(field, Is.EqualTo(Serial(Steps)));
        Assert.That(result.Ranks[1].Cells, Is.Zero);
        Assert.That(result.Quality!.Blocks[1], Is.Zero);
    }

    [Test]
    public void A_protocol_of_the_users_own_is_called_after_every_step()
    {
        WeatherSync sync = new(interval: 8);

        RunResult result = Run(1, new SlabPartitioner(), sync).Result;

        Assert.That((sync.Calls, sync.LastHottest), Is.EqualTo((Steps, result.Observables["hottest"])));
    }

    [Test]
    public void A_failure_in_one_ranks_step_ends_all_ranks()
    {
        double[,] field = new double[Rows, Columns];

        InvalidOperationException failure = Assert.Throws<InvalidOperationException>(() => ThreadWorld.Run(4, world =>
        {
            Plate plate = new(Start());
            PlateJob job = new(plate, Steps, field) { OnStep = rank => { if (rank == 2) throw new InvalidOperationException("rank 2 broke"); } };
            new Sora(plate, new SlabPartitioner(), new StaticBalancer(), new GlobalSync(), new FixedSize()).Run(world, job);
        }))!;

        Assert.That(failure.Message, Is.EqualTo("rank 2 broke"));
    }

    [Test]
    public void The_wrong_number_of_capabilities_is_refused() =>
        Assert.That(Assert.Throws<UsageException>(() => Run(2, new SlabPartitioner(), new LocalSync(), new StaticBalancer(1, 2, 3)))!.Message,
            Is.EqualTo("3 capabilities are given for 2 ranks: give one for each rank, or none"));

    /// <summary>A protocol as a user would write it: meets every few steps, with no barrier.</summary>
    private sealed class WeatherSync(int interval) : ISyncProtocol
    {
        internal int Calls { get; private set; }
        internal double LastHottest { get; private set; }

        public void AfterStep(SyncPoint point)
        {
            Calls++;
            if (point.Particle.Step % interval != 0)
                return;
            point.Combine();
            LastHottest = point.Observables["hottest"];
        }
    }

    [Test]
    public void Source_without_a_dataset_is_refused() =>
        Assert.That(Assert.Throws<UsageException>(() => _ = new Hdf5Source("plate.h5"))!.Message, Is.EqualTo("plate.h5: name the dataset to load, or several of the same shape"));

    [Test]
    public void Waiting_before_the_first_step_is_not_taken_from_the_time_computed()
    {
        RunResult result = OnThreads.RootOf(2, world =>
        {
            Plate plate = new(Start());
            Sora sora = new(plate, new SlabPartitioner(), new StaticBalancer(), new LocalSync(), new FixedSize());
            return sora.Run(world, new PlateJob(plate, Steps, new double[Rows, Columns])
            {
                OnPrepare = particle => particle.CountWait(begun: Stopwatch.GetTimestamp() - 3600 * Stopwatch.Frequency),
            });
        });

        Assert.That(result.Ranks.Min(rank => rank.ComputeSeconds), Is.GreaterThanOrEqualTo(0));
    }
}
