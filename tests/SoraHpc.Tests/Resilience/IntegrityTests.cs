using NUnit.Framework;
using SoraHpc.Communication.Threads;
using SoraHpc.Decomposition;
using SoraHpc.Diagnostics;
using SoraHpc.Jobs.Heat;
using SoraHpc.Jobs.Weather;
using SoraHpc.Runtime;
using SoraHpc.Runtime.Balancing;
using SoraHpc.Runtime.Elasticity;
using SoraHpc.Runtime.Resilience;
using SoraHpc.Runtime.Synchronization;
using SoraHpc.Tests.Threads;

namespace SoraHpc.Tests.Resilience;

/// <summary>A bit is flipped in a field while a run goes on: the run goes back, and ends with the bits it would have had; or says where what is wrong.</summary>
public sealed class IntegrityTests : FolderTests
{
    private const int Sign = 63, Exponent = 61, Fraction = 45;

    private string Plate => In("plate.h5");

    private string Output => In("output.h5");

    [SetUp]
    public void MakePlate() => HeatData.Write(Plate, 37, 29);

    // 14: between a copy and a look. 16: just before a look. 20: just before it is copied. 44: the last step but one, seen at the end.
    [Test]
    public void Heat_with_a_flipped_bit_ends_with_the_bits_of_one_without([Values(1, 2, 3)] int ranks, [Values(14, 16, 20, 44)] int step, [Values] bool moves, [Values] bool inBackground)
    {
        Heat(1, Never, moves: false, new() { Copies = null }, null);
        byte[] expected = Stopped.Numbers(Output);

        RunResult result = Heat(ranks, (job, rank) => job.Flips(step, moves || rank == ranks - 1, once: true), moves, new() { Copies = CheckpointInterval.EverySteps(10), InBackground = inBackground }, new() { Every = 4 });

        Assert.That(Stopped.Numbers(Output), Is.EqualTo(expected));
        Assert.That(result.Integrity!.WentBack, Has.Count.EqualTo(1));
        string where = moves ? @"\d" : $"{ranks - 1}";              // a block may have moved before it is looked at
        Assert.That(result.Integrity.WentBack[0], Does.Match($@"^after step \d+: (rank {where}: temperature .* at block \d+, cell \(0, \d+, \d+\)|heat .* over all ranks) is not in \[.*\]; went back to step (10|20|40) and repeated the steps$"));
        Assert.That(result.Steps, Is.EqualTo(45));
    }

    [Test]
    public void Two_faults_far_apart_are_both_repeated()
    {
        Heat(1, Never, moves: false, new() { Copies = null }, null);
        byte[] expected = Stopped.Numbers(Output);
        // Ten steps are taken before the run is back at step 5: from then on the field that was loaded holds the temperature after odd steps.
        RunResult result = Heat(2, (job, rank) => { job.Flips(8, rank == 0, once: true); job.Flips(31, rank == 1, once: true); }, false, new() { Copies = CheckpointInterval.EverySteps(5) }, new() { Every = 3 });
        Assert.That(Stopped.Numbers(Output), Is.EqualTo(expected));
        Assert.That(result.Integrity!.WentBack, Has.Count.EqualTo(2));
    }

    [Test]
    public void A_fault_that_comes_again_ends_the_run_with_its_place([Values(1, 3)] int ranks)
    {
        // The second time after the step before: by then the other of the two fields holds the temperature.
        SoraException failure = Assert.Throws<SoraException>(() => Heat(ranks, (job, rank) => { job.Flips(16, rank == ranks - 1, once: false); job.Flips(15, rank == ranks - 1, once: false); },
            false, new() { Copies = CheckpointInterval.EverySteps(10) }, new() { Every = 1 }))!;
        Assert.That(failure.Message, Does.Match($@"^after step 15: rank {ranks - 1}: temperature .* at block \d+, cell .* is not in .*, and something wrong again when the steps were repeated: not a passing fault$"));
        Assert.That(failure.ExitCode, Is.EqualTo(1));
        Assert.That(File.Exists(Output), Is.False);
    }

    [Test]
    public void Without_copies_a_fault_ends_the_run() =>
        Assert.That(() => Heat(2, (job, rank) => job.Flips(14, rank == 1, once: true), false, new() { Copies = null }, new()),
            Throws.InstanceOf<SoraException>().With.Message.EndsWith("there is no copy in memory to go back to"));

    [Test]
    public void A_job_that_cannot_be_looked_at_is_refused() =>
        Assert.That(() => ThreadWorld.Run(1, world => Jobs.Welding.WeldingJob.Run(world, new() { DataFile = Plate, Output = Output, Steps = 1 }, new() { Integrity = new() })),
            Throws.InstanceOf<UsageException>().With.Message.Contains("run it without checks"));

    // The sign of a depth: out of its range. A bit that makes one depth a little larger: seen in the mass alone. Into the wind: faster than any.
    [Test]
    public void Forecast_with_a_flipped_bit_ends_with_the_bits_of_one_without([Values(1, 3)] int ranks, [Values(Sign, Fraction, Exponent)] int bit)
    {
        Forecast(1, 0, null, null);
        byte[] expected = Stopped.Numbers(Output);

        RunResult result = Forecast(ranks, bit, new() { Copies = CheckpointInterval.EverySteps(6) }, new() { Every = 5 });

        Assert.That(Stopped.Numbers(Output), Is.EqualTo(expected));
        Assert.That(result.Integrity!.WentBack, Has.Count.EqualTo(1));
        Assert.That(result.Integrity.WentBack[0], Does.Contain(bit == Fraction ? "mass" : bit == Sign ? "depth" : "element"));
    }

    private static void Never(FlippedBits job, int rank) { }

    // Where blocks move a rank may have none, so there the bit is in one certain block, and flips once wherever that is.
    private RunResult Heat(int ranks, Action<FlippedBits, int> faults, bool moves, CheckpointOptions checkpoints, IntegrityOptions? integrity)
    {
        int flips = 0;
        return Run(ranks, world =>
        {
            Hdf5Source data = new(Plate, "temperature");
            HeatOptions options = new() { DataFile = Plate, Output = Output, Steps = 45 };
            IBalancer balancing = moves ? new DynamicBalancer(new() { Interval = 1, LongestInterval = 1, LeastGain = 0, Overhead = 0.99 }) : new StaticBalancer();
            Sora sora = new(data, new SpaceFillingCurvePartitioner(4) { Merges = false }, balancing, new GlobalSync(100), new FixedSize(), new() { Checkpoints = checkpoints, Integrity = integrity });
            // After an even number of steps the field that was loaded holds the temperature.
            FlippedBits job = new(new HeatJob(options, data), (particle, _) =>
            {
                int index = moves ? particle.Parts.ToList().IndexOf(0) : 0;
                if (index < 0 || (moves && Interlocked.Exchange(ref flips, 1) != 0))
                    return false;
                Patch<double> patch = data["temperature"].Patches[index];
                Flip(ref patch[patch.Block.Begin], Sign);
                return true;
            });
            faults(job, world.Rank);
            return sora.Run(world, job);
        });
    }

    private RunResult Forecast(int ranks, int bit, CheckpointOptions? checkpoints, IntegrityOptions? integrity) => Run(ranks, world =>
    {
        WeatherInput input = new(new() { Case = 5, Elements = 3, Hours = 4, OutputEvery = 1, OutputRows = 12, Output = Output });
        Sora sora = new(input, input.Options.Partition, input.Options.Balancing, input.Options.Sync, new FixedSize(), new() { Checkpoints = checkpoints, Integrity = integrity });
        FlippedBits job = new(new WeatherJob(input), (_, _) =>
        {
            Flip(ref input.Model.State.GetSpan()[bit == Exponent ? Layout.MomentumX : Layout.Height], bit);
            return true;
        });
        if (bit != 0)
            job.Flips(8, world.Rank == 0, once: true);
        return sora.Run(world, job);
    });

    private static RunResult Run(int ranks, Func<Communication.Communicator, RunResult> job) => OnThreads.RootOf(ranks, world => job(world));

    private static void Flip(ref double value, int bit) => value = BitConverter.Int64BitsToDouble(BitConverter.DoubleToInt64Bits(value) ^ 1L << bit);
}
