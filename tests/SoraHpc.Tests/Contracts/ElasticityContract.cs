using System.Runtime.InteropServices;
using NUnit.Framework;
using SoraHpc.Communication;
using SoraHpc.Decomposition;
using SoraHpc.Diagnostics;
using SoraHpc.Jobs.Heat;
using SoraHpc.Jobs.Uts;
using SoraHpc.Jobs.Weather;
using SoraHpc.Jobs.Welding;
using SoraHpc.Runtime;
using SoraHpc.Runtime.Balancing;
using SoraHpc.Runtime.Elasticity;
using SoraHpc.Runtime.Resilience;
using SoraHpc.Runtime.Stealing;
using SoraHpc.Runtime.Synchronization;
using SoraHpc.Storage;

namespace SoraHpc.Tests.Contracts;

/// <summary>What a change of the number of particles must be on every transport: invisible in the result.</summary>
public abstract class ElasticityContract
{
    private const int Rows = 37, Columns = 29, Steps = 48;

    private static readonly Laser Beam = new() { Power = 60, Radius = 4, Speed = 0.7 };

    /// <summary>Runs <paramref name="body"/> on <paramref name="size"/> ranks; ignores the test where the world has fewer.</summary>
    protected abstract void OnEveryRank(int size, Action<Communicator> body);

    // 2 → 4 → 1 → 3, and 1 → 2 → 1 where there are only two.
    private static Schedule Of(int size, long every) => size == 4 ? new((2, 0), (4, every), (1, 2 * every), (3, 3 * every)) : new((1, 0), (2, every), (1, 3 * every));

    private static int Changes(int size) => size == 4 ? 3 : 2;

    [Test]
    public void Heat_keeps_its_bits_under_any_cut([Values(2, 4)] int size, [Values] bool blocksMove) => InFolder(size, (comm, folder) =>
    {
        string plate = Path.Combine(folder, "plate.h5"), fixedOutput = Path.Combine(folder, "fixed.h5"), output = Path.Combine(folder, "elastic.h5");
        HeatOptions options = new() { DataFile = plate, Output = fixedOutput, Steps = Steps };
        HeatJob.Run(comm, options);

        RunResult result = HeatJob.Run(comm, options with
        {
            Output = output, Elasticity = Of(size, 12), Partition = blocksMove ? new SpaceFillingCurvePartitioner(4) { Merges = false } : new CartesianPartitioner(),
            Balancing = blocksMove ? new DynamicBalancer(new() { Interval = 1, LongestInterval = 1, LeastGain = 0, Overhead = 0.99 }) : new StaticBalancer(),
        });

        if (!comm.IsRoot)
            return;
        Assert.That(Numbers(output), Is.EqualTo(Numbers(fixedOutput)));
        Assert.That(result.Resizes.Select(one => one.To), Is.EqualTo(size == 4 ? new[] { 4, 1, 3 } : new[] { 2, 1 }));
        Assert.That(result.Resizes.Select(one => one.Bytes), Is.All.EqualTo(Rows * Columns * sizeof(double)));
        Assert.That(result.Ranks.Sum(rank => rank.Workload), Is.EqualTo((double)Rows * Columns * Steps));
        Assert.That(result.Ranks.Select(rank => rank.Steps), Is.EqualTo(size == 4 ? new long[] { 48, 36, 24, 12 } : new long[] { 48, 24 }));
        Assert.That(result.Ranks[^1].Cells, Is.Zero, "it stood by at the end");
    });

    [Test]
    public void Nothing_moves_but_what_has_to([Values(2, 4)] int size) => InFolder(size, (comm, folder) =>
    {
        HeatOptions options = new() { DataFile = Path.Combine(folder, "plate.h5"), Output = Path.Combine(folder, "output.h5"), Steps = 20, Partition = new SlabPartitioner() };

        RunResult result = HeatJob.Run(comm, options with { Elasticity = new Schedule((1, 0), (size, 10)) });

        // What rank 0 keeps is its own slab, of the grid that was all its own.
        long kept = result.Ranks.Count > 0 ? result.Ranks[0].Cells : 0;
        if (comm.IsRoot)
            Assert.That(result.Resizes.Single().MovedBytes, Is.EqualTo((Rows * Columns - kept) * sizeof(double)));
    });

    [Test]
    public void Quarters_of_halves_move_as_little_as_can_be([Values(4)] int size) => InFolder(size, (comm, folder) =>
    {
        string even = Path.Combine(folder, "even.h5");
        if (comm.IsRoot)
            HeatData.Write(even, 32, 24);
        comm.Barrier();
        HeatOptions options = new() { DataFile = even, Output = Path.Combine(folder, "output.h5"), Steps = 20 };

        RunResult result = HeatJob.Run(comm, options with { Elasticity = new Schedule((2, 0), (4, 5), (2, 10), (1, 15)) });

        if (comm.IsRoot)
            Assert.That(result.Resizes.Select(one => one.MovedBytes), Is.EqualTo(result.Resizes.Select(one => one.LeastBytes)));
    });

    [Test]
    public void Forecast_keeps_its_bits([Values(2, 4)] int size) => InFolder(size, (comm, folder) =>
    {
        WeatherOptions options = new() { Case = 5, Elements = 3, Hours = 4, OutputEvery = 1, OutputRows = 12, Output = Path.Combine(folder, "fixed.h5") };
        RunResult expected = WeatherJob.Run(comm, options);

        RunResult result = WeatherJob.Run(comm, options with { Output = Path.Combine(folder, "elastic.h5"), Elasticity = Of(size, 3) });

        if (!comm.IsRoot)
            return;
        Assert.That(result.Resizes, Has.Count.EqualTo(Changes(size)));
        Assert.That(Numbers(Path.Combine(folder, "elastic.h5")), Is.EqualTo(Numbers(Path.Combine(folder, "fixed.h5"))));
        Assert.That(result.Observables, Is.EqualTo(expected.Observables));
        Assert.That(result.Steps, Is.EqualTo(expected.Steps));
    });

    [Test]
    public void Work_that_grows_and_falls_brings_ranks_and_sends_them_away([Values(2, 4)] int size) => InFolder(size, (comm, folder) =>
    {
        WeldingOptions options = new()
        {
            DataFile = Path.Combine(folder, "plate.h5"), Output = Path.Combine(folder, "fixed.h5"), Steps = Steps, Laser = Beam, Partition = new SpaceFillingCurvePartitioner(4) { Merges = false },
        };
        WeldingJob.Run(comm, options);

        RunResult result = WeldingJob.Run(comm, options with { Output = Path.Combine(folder, "elastic.h5"), Elasticity = new FollowWork(new(1, size, 0), every: 4) });

        if (!comm.IsRoot)
            return;
        Assert.That(Numbers(Path.Combine(folder, "elastic.h5")), Is.EqualTo(Numbers(Path.Combine(folder, "fixed.h5"))));
        Assert.That(result.Resizes, Is.Not.Empty);
        WorkSizing sizing = new(1, size, 0);
        double most = 0;
        foreach (ResizeReport one in result.Resizes)
        {
            most = Math.Max(most, one.Work);
            Assert.That(one.To, Is.GreaterThan(one.From).And.EqualTo(sizing.Particles(one.Work, most)).Or.LessThan(one.From));
        }
    });

    [Test]
    public void Checkpoints_copies_and_checks_go_on_over_a_resize([Values(2, 4)] int size) => InFolder(size, (comm, folder) =>
    {
        HeatOptions options = new() { DataFile = Path.Combine(folder, "plate.h5"), Output = Path.Combine(folder, "fixed.h5"), Steps = Steps };
        HeatJob.Run(comm, options);
        CheckpointOptions checkpoints = new() { Directory = Path.Combine(folder, "saved"), Interval = CheckpointInterval.EverySteps(10), Copies = CheckpointInterval.EverySteps(5) };

        RunResult result = HeatJob.Run(comm, options with { Output = Path.Combine(folder, "elastic.h5"), Elasticity = Of(size, 12) },
            new() { Checkpoints = checkpoints, Integrity = new() { Every = 5 } });

        if (!comm.IsRoot)
            return;
        Assert.That(Numbers(Path.Combine(folder, "elastic.h5")), Is.EqualTo(Numbers(Path.Combine(folder, "fixed.h5"))));
        Assert.That(result.Checkpoints!.Written, Is.EqualTo(4), "after steps 10, 20, 30 and 40");
        Assert.That(result.Checkpoints.Copies!.Made, Is.EqualTo(1 + 9 + Changes(size)), "at the start, after every fifth step, and at once after a resize");
        Assert.That(result.Checkpoints.Warning, Is.Null);
        Assert.That(result.Integrity!.WentBack, Is.Empty);
        Assert.That(Directory.GetFiles(Path.Combine(folder, "saved"), "checkpoint*"), Is.Empty);
    });

    [Test]
    public void Job_that_cannot_hand_over_its_state_is_refused([Values(1, 2)] int size) => OnEveryRank(size, comm =>
    {
        Sora sora = new(new Hdf5Source("none.h5", "temperature"), new SlabPartitioner(), new StaticBalancer(), new LocalSync(), new Schedule((1, 0), (2, 5)));
        Assert.That(() => sora.Run(comm, new MixingJob(new(new(1, 13, 18), 1), 1)), Throws.TypeOf<UsageException>()
            .With.Message.Contains("cannot hand its state to other ranks: run it on a fixed number (elasticity \"schedule 1 from step 0, 2 from step 5\" changes it between steps)"));
    });

    [Test]
    public void Schedule_beyond_the_world_is_refused([Values(1, 2)] int size) => InFolder(size, (comm, folder) =>
    {
        HeatOptions options = new() { DataFile = Path.Combine(folder, "plate.h5"), Output = Path.Combine(folder, "output.h5"), Elasticity = new Schedule((1, 0), (9, 5)) };
        Assert.That(() => HeatJob.Run(comm, options), Throws.TypeOf<UsageException>()
            .With.Message.EqualTo($"elasticity: the schedule asks for 9 particles from step 5 on, there are {size} ranks: run on 9 (--ranks, mpiexec -n), or ask for at most {size}"));
    });

    [Test]
    public void Search_of_a_tree_finds_every_node_whoever_comes_and_goes([Values(2, 4)] int size, [Values("T1", "T3")] string tree, [Values(10, 150)] long every) => OnEveryRank(size, comm =>
    {
        Schedule schedule = size == 4 ? new((2, 0), (4, every), (1, 2 * every), (3, 3 * every), (2, 4 * every)) : new((1, 0), (2, every), (1, 2 * every), (2, 3 * every));

        UtsResult result = UtsJob.Run(comm, new() { Tree = SampleTrees.Named(tree), Elasticity = schedule });

        Assert.That(result.Counts, Is.EqualTo(SampleTrees.Named(tree).Published));
        if (!comm.IsRoot)
            return;
        Assert.That(result.Run.Resizes.Select(one => (one.Step, one.From, one.To)), Is.EqualTo(size == 4
            ? new[] { (every, 2, 4), (2 * every, 4, 1), (3 * every, 1, 3), (4 * every, 3, 2) } : [(every, 1, 2), (2 * every, 2, 1), (3 * every, 1, 2)]));
        Assert.That(result.Run.TotalWork, Is.EqualTo(result.Counts.Nodes));
        Assert.That(result.Run.Ranks[0].Steps, Is.EqualTo(result.Run.Steps));
        Assert.That(result.Run.Ranks[^1].Steps, Is.EqualTo(size == 4 ? every : result.Run.Steps - 2 * every));
        // Those that come begin without a task: nothing moves to them but what all have to know.
        foreach (ResizeReport grown in result.Run.Resizes.Where(one => one.To > one.From))
            Assert.That(grown.MovedBytes, Is.EqualTo((grown.To - 1) * (3 + grown.From) * sizeof(long)));
    });

    [Test]
    public void Search_between_nodes_finds_every_node_whoever_comes_and_goes([Values(4)] int size, [Values(StealTransport.Rma, StealTransport.Messages)] StealTransport transport) =>
        OnEveryRank(size, comm => Assert.That(UtsJob.Run(comm, new()
        {
            Tree = SampleTrees.Named("T3"), Stealing = new() { BetweenNodes = transport, RanksPerNode = 2 }, Elasticity = new Schedule((2, 0), (4, 40), (3, 80), (4, 120)),
        }).Counts, Is.EqualTo(SampleTrees.Named("T3").Published)));

    [Test]
    public void Search_without_stealing_is_not_resized([Values(1, 2)] int size) => OnEveryRank(size, comm =>
        Assert.That(() => UtsJob.Run(comm, new() { Tree = SampleTrees.Named("T1"), Stealing = new() { Enabled = false }, Elasticity = new Schedule((1, 0), (size, 5)) }),
            Throws.TypeOf<UsageException>().With.Message.Contains("those that come would find no tasks")));

    /// <summary>All numbers of a file, bit by bit. Not the file's own bytes: HDF5 writes into them when a dataset was made.</summary>
    private static byte[] Numbers(string path)
    {
        using Hdf5File file = Hdf5File.Open(path);
        return [.. file.DatasetNames.Order().SelectMany(name => MemoryMarshal.AsBytes<double>(file.Dataset(name).Read<double>()).ToArray())];
    }

    private void InFolder(int size, Action<Communicator, string> body) => OnEveryRank(size, comm =>
    {
        using SharedFolder folder = new(comm);
        folder.ByRoot(() => HeatData.Write(folder.File("plate.h5"), Rows, Columns));
        body(comm, folder.Path);
    });
}
