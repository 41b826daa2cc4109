using NUnit.Framework;
using SoraHpc.Communication;
using SoraHpc.Decomposition;
using SoraHpc.Jobs.Heat;
using SoraHpc.Jobs.Weather;
using SoraHpc.Runtime;
using SoraHpc.Runtime.Balancing;
using SoraHpc.Runtime.Resilience;
using SoraHpc.Storage.Checkpoints;
using SoraHpc.Tests.Threads;

namespace SoraHpc.Tests.Resilience;

/// <summary>Copies in memory made on 1 to 4 ranks, gone on from on 1 to 4 without the memory of any one of them: the same bits as undisturbed.</summary>
public sealed class CopiesMatrixTests : FolderTests
{
    private string Plate => In("plate.h5");

    private string Output => In("output.h5");

    [SetUp]
    public void MakePlate() => HeatData.Write(Plate, 37, 29);

    [Test]
    public void Heat_goes_on_with_the_same_bits_without_any_one_rank([Values(1, 2, 3, 4)] int ranks, [Values] bool slabs) =>
        Check(ranks, slabs, every: 10, failAfter: 27, from: 20, Heat);

    [Test]
    public void Forecast_goes_on_with_the_same_bits_without_any_one_rank([Values(2, 3)] int ranks, [Values] bool slabs) =>
        Check(ranks, slabs, every: 7, failAfter: 9, from: 7, partition => (world, run) => WeatherJob.Run(world, new()
        {
            Case = 5, Elements = 3, Hours = 3, OutputEvery = 1, OutputRows = 12, Output = Output, Partition = partition,
        }, run));

    [Test]
    public void When_both_holders_are_gone_the_run_goes_on_from_the_file_or_begins_again([Values] bool hasFile)
    {
        byte[] expected = Undisturbed(Heat, out _);
        string directory = In("checkpoints");
        CheckpointOptions options = new() { Directory = hasFile ? directory : null, Interval = CheckpointInterval.EverySteps(15), Copies = CheckpointInterval.EverySteps(10), InBackground = false };
        KeptRuns[] memories = BreakOff(3, failAfter: 27, options, Heat(new SlabPartitioner()));
        (memories[0], memories[1]) = (new(), new());

        RunResult result = GoOn(memories, options with { Restart = true, Directory = hasFile ? directory : null }, Heat(new SlabPartitioner()));

        Assert.That(Stopped.Numbers(Output), Is.EqualTo(expected));
        Assert.That((result.Checkpoints!.RestartStep, result.Checkpoints.Copies!.StartStep), Is.EqualTo((hasFile ? 15L : (long?)null, (long?)null)));
        Assert.That(result.Checkpoints.Warning, Does.Contain("nobody has the part of rank 0 of 3 any more").And.EndsWith(
            hasFile ? "going on from the file after step 15" : "going on from its beginning"));
    }

    [Test]
    public void Copies_every_time_are_made_in_the_background([Values(1, 3)] int ranks)
    {
        byte[] expected = Undisturbed(Heat, out _);
        RunResult result = GoOn([.. Enumerable.Range(0, ranks).Select(_ => new KeptRuns())], new() { Copies = CheckpointInterval.EverySteps(3) }, Heat(new CartesianPartitioner()));
        Assert.That(Stopped.Numbers(Output), Is.EqualTo(expected));
        Assert.That(result.Checkpoints!.Copies!.Made, Is.EqualTo(1 + 44 / 3), "one at the start");
        Assert.That(result.Checkpoints.Copies.Bytes, Is.EqualTo(37 * 29 * sizeof(double)));
        Assert.That(result.Checkpoints.Copies.OnTheirHost, Is.EqualTo(ranks == 1 ? 0 : ranks));
    }

    private Func<Communicator, SoraOptions, RunResult> Heat(IPartitioner partition) => (world, run) => HeatJob.Run(world, new()
    {
        DataFile = Plate, Output = Output, Steps = 45, Partition = partition,
    }, run);

    private void Check(int ranks, bool slabs, long every, long failAfter, long from, Func<IPartitioner, Func<Communicator, SoraOptions, RunResult>> job)
    {
        byte[] expected = Undisturbed(job, out RunResult undisturbed);
        CheckpointOptions options = new() { Copies = CheckpointInterval.EverySteps(every), InBackground = false };
        // Every survivor has to be there.
        for (int readers = Math.Max(1, ranks - 1); readers <= 4; readers++)
            foreach (int lost in ranks == 1 ? [-1] : Enumerable.Range(0, ranks))
            {
                KeptRuns[] memories = BreakOff(ranks, failAfter, options, job(slabs ? new SlabPartitioner() : new BlockCyclicPartitioner()));
                Assert.That(File.Exists(Output), Is.False);
                KeptRuns[] next = [.. memories.Where((_, rank) => rank != lost).Concat(Enumerable.Range(0, readers).Select(_ => new KeptRuns())).Take(readers)];

                RunResult result = GoOn(next, options, job(slabs ? new SpaceFillingCurvePartitioner(4) { Merges = false } : new CartesianPartitioner()));

                string what = $"made on {ranks}, without rank {lost}, gone on from on {readers}";
                Assert.That(Stopped.Numbers(Output), Is.EqualTo(expected), what);
                Assert.That(result.Observables, Is.EqualTo(undisturbed.Observables), what);
                Assert.That((result.Steps, result.Checkpoints!.Copies!.StartStep, result.Checkpoints.Warning), Is.EqualTo((undisturbed.Steps, (long?)from, (string?)null)), what);
                File.Delete(Output);
            }
    }

    private byte[] Undisturbed(Func<IPartitioner, Func<Communicator, SoraOptions, RunResult>> job, out RunResult result)
    {
        result = OnThreads.RootOf(1, world => job(new SlabPartitioner())(world, new()));
        byte[] numbers = Stopped.Numbers(Output);
        File.Delete(Output);
        return numbers;
    }

    // What every rank keeps is given from outside, so that it outlives the world.
    private static KeptRuns[] BreakOff(int ranks, long failAfter, CheckpointOptions options, Func<Communicator, SoraOptions, RunResult> job)
    {
        KeptRuns[] memories = [.. Enumerable.Range(0, ranks).Select(_ => new KeptRuns())];
        Stopped.Run(ranks, failAfter, options, (world, run) =>
        {
            world.Memory.Lend(memories[world.Rank]);
            job(world, run);
        });
        return memories;
    }

    private static RunResult GoOn(KeptRuns[] memories, CheckpointOptions options, Func<Communicator, SoraOptions, RunResult> job) => OnThreads.RootOf(memories.Length, world =>
    {
        world.Memory.Lend(memories[world.Rank]);
        return job(world, new() { Checkpoints = options });
    });
}
