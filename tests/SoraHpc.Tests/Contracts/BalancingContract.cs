using NUnit.Framework;
using SoraHpc.Communication;
using SoraHpc.Decomposition;
using SoraHpc.Diagnostics;
using SoraHpc.Runtime;
using SoraHpc.Runtime.Balancing;
using SoraHpc.Runtime.Elasticity;
using SoraHpc.Runtime.Synchronization;

namespace SoraHpc.Tests.Contracts;

/// <summary>What moving parts between ranks must be on every transport.</summary>
public abstract class BalancingContract
{
    /// <summary>Runs <paramref name="body"/> on <paramref name="size"/> ranks; ignores the test where the world has fewer.</summary>
    protected abstract void OnEveryRank(int size, Action<Communicator> body);

    private sealed class SizesAttribute() : ValuesAttribute(1, 2, 3, 4);

    private static readonly Extent[] Extents = [new(1, 13, 18), new(5, 8, 9), new(1, 1, 57)];

    [Test]
    public void Parts_that_move_at_random_after_every_step_leave_all_bits_as_they_are([Sizes] int size, [Values(0, 1, 2)] int grid, [Values(1, 2)] int width) => OnEveryRank(size, comm =>
    {
        (MixingJob alone, _) = Mix(comm.Self(), Extents[grid], width, new StaticBalancer(), 12);

        (MixingJob moved, RunResult result) = Mix(comm, Extents[grid], width, ScriptedBalancer.Random(seed: grid), 12);

        if (comm.IsRoot)
        {
            Assert.That(moved.Gathered.Select(BitConverter.DoubleToInt64Bits), Is.EqualTo(alone.Gathered.Select(BitConverter.DoubleToInt64Bits)));
            Assert.That(moved.GatheredCounts, Is.EqualTo(alone.GatheredCounts));
        }
        Assert.That(moved.Moves, Is.EqualTo(size == 1 ? 0 : 12));
        Assert.That(result.Migrations, Has.Count.EqualTo(moved.Moves));
    });

    [Test]
    public void Dynamic_balancing_leaves_all_bits_as_they_are([Sizes] int size) => OnEveryRank(size, comm =>
    {
        (MixingJob alone, _) = Mix(comm.Self(), Extents[0], 1, new StaticBalancer(), 40);

        (MixingJob moved, _) = Mix(comm, Extents[0], 1, new DynamicBalancer(new() { Interval = 1, LongestInterval = 1, LeastGain = 0, Overhead = 0.99 }), 40);

        Assert.That(moved.Gathered, Is.EqualTo(comm.IsRoot ? alone.Gathered : []));
    });

    [Test]
    public void Moves_are_counted_alike_on_every_rank([Values(2, 3)] int size) => OnEveryRank(size, comm =>
    {
        // After step 3 the last part of rank 0 goes to rank 1, and nothing else ever moves.
        int part = -1;
        ScriptedBalancer one = new(point =>
        {
            if (point.Step != 3)
                return null;
            Placement now = point.Division.Placement;
            part = now.PartsOf(0).Last();
            return new(Enumerable.Range(0, now.Parts).Select(p => p == part ? 1 : now.RankOf(p)).ToArray(), now.Ranks);
        });

        RunResult result = Mix(comm, Extents[0], 1, one, 6).Result;

        Migration move = result.Migrations.Single();
        Assert.That((move.Step, move.Parts), Is.EqualTo((3, 1)));
        Assert.That(move.MostBytes, Is.EqualTo(move.Bytes));
        Assert.That(move.Bytes, Is.GreaterThan(0));
        Assert.That(comm.Allgather(move.Bytes), Is.All.EqualTo(move.Bytes));
        Assert.That(comm.Allgather(move.Before), Is.All.EqualTo(move.Before));
        Assert.That(move.After, Is.GreaterThanOrEqualTo(1));
    });

    [Test]
    public void Measurement_is_the_same_on_every_rank_and_adds_up([Sizes] int size) => OnEveryRank(size, comm =>
    {
        List<MeasuredLoad> seen = [];
        Mix(comm, Extents[1], 1, new ScriptedBalancer(point => { seen.Add(point.Load!); return null; }), 4);

        Assert.That(seen, Has.Count.EqualTo(4));
        foreach (MeasuredLoad load in seen)
        {
            Assert.That(comm.Allgather(load.PartSeconds.Sum()), Is.All.EqualTo(load.PartSeconds.Sum()));
            for (int rank = 0; rank < size; rank++)
                Assert.That(load.Placement.PartsOf(rank).Sum(part => load.PartSeconds[part]), Is.EqualTo(load.RankSeconds[rank]).Within(1e-12 * load.RankSeconds[rank]));
            Assert.That(load.Predict(load.Placement), Is.EqualTo(load.RankSeconds).Within(1e-9));
            Assert.That(load.Capabilities, Is.All.Positive);
            Assert.That(load.Steps, Is.EqualTo(1));
        }
    });

    [Test]
    public void Job_that_keeps_its_blocks_is_refused_before_anything_is_read([Values(1, 2)] int size) => OnEveryRank(size, comm =>
    {
        Sora sora = new(new Numbered(Extents[0], 1), new SlabPartitioner(), new DynamicBalancer(), new LocalSync(), new FixedSize());

        Assert.That(() => sora.Run(comm, new Unmoved()), Throws.TypeOf<UsageException>()
            .With.Message.EqualTo("rocks keeps its blocks where they are: take a static balancer (balancing \"dynamic, first static, equal ranks\" moves blocks between steps)"));
    });

    [Test]
    public void Too_few_blocks_to_move_are_refused([Values(2, 3)] int size) => OnEveryRank(size, comm =>
    {
        Numbered data = new(Extents[0], 1);
        Sora sora = new(data, new SlabPartitioner(), new DynamicBalancer(), new LocalSync(), new FixedSize());

        Assert.That(() => sora.Run(comm, new MixingJob(data, 3)), Throws.TypeOf<UsageException>()
            .With.Message.EqualTo($"dynamic balancing moves blocks, but {size} ranks have only {size}: cut 4 to 16 a rank along a Hilbert curve, or use a larger grid"));
    });

    [Test]
    public void Load_of_every_step_is_followed([Sizes] int size, [Values(1e-6, 0.01)] double step) => OnEveryRank(size, comm =>
    {
        const int Steps = 700;
        LoadWatch watch = new(comm);
        // Rank r takes r + 1 units, so that max / mean is 2·size / (size + 1) in every step.
        for (int n = 1; n <= Steps; n++)
            watch.AfterStep(n, n * step * (comm.Rank + 1));
        watch.Finish();

        Assert.That(watch.LatestStep, Is.EqualTo(Steps));
        Assert.That(watch.Latest, Is.EqualTo(2.0 * size / (size + 1)).Within(1e-6));
        Assert.That(watch.Mean, Is.EqualTo(2.0 * size / (size + 1)).Within(1e-9));
    });

    private static (MixingJob Job, RunResult Result) Mix(Communicator comm, Extent extent, int width, IBalancer balancer, int steps)
    {
        Numbered data = new(extent, width);
        MixingJob job = new(data, steps);
        Sora sora = new(data, new SpaceFillingCurvePartitioner(6) { Merges = false }, balancer, new LocalSync(), new FixedSize());
        return (job, sora.Run(comm, job));
    }

    private sealed class Unmoved : IJob
    {
        public string Name => "rocks";
        public bool IsDone => true;
        public JobProgress Progress => default;
        public void Prepare(Particle particle) { }
        public void Step(Particle particle) { }
        public void Observe(Particle particle, Observables observables) { }
        public void Finish(Particle particle) { }
    }
}
