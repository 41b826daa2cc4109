using NUnit.Framework;
using SoraHpc.Decomposition;
using SoraHpc.Diagnostics;
using SoraHpc.Jobs.Heat;
using SoraHpc.Jobs.Welding;
using SoraHpc.Runtime;
using SoraHpc.Runtime.Balancing;
using SoraHpc.Storage;
using SoraHpc.Tests.Threads;

namespace SoraHpc.Tests.Welding;

public sealed class WeldingJobTests : FolderTests
{
    private const int Rows = 61, Columns = 74, Steps = 60;

    private static readonly Laser Beam = new() { Power = 60, Radius = 6, Speed = 0.7 };

    // Looks and moves as often as it can, whatever it gains.
    private static DynamicBalancer Restless() => new(new() { Interval = 1, LongestInterval = 1, LeastGain = 0, Overhead = 0.99 });

    [SetUp]
    public void MakePlate() => HeatData.Write(In("plate.h5"), Rows, Columns);

    [Test]
    public void Result_has_the_bits_of_the_plain_loops_however_blocks_move([Values(1, 2, 3, 4)] int ranks, [Values] bool moves)
    {
        (double[] temperature, double[] fraction) = Reference();

        Weld(ranks, moves ? Restless() : new StaticBalancer());

        Assert.That(fraction.Max(), Is.GreaterThan(0.5), "the beam is strong enough for the phase to change");
        Assert.That(Read("temperature"), Is.EqualTo(temperature).AsCollection);
        Assert.That(Read("fraction"), Is.EqualTo(fraction).AsCollection);
    }

    [Test]
    public void Slow_rank_changes_no_bit_and_is_found_slow_by_its_trial()
    {
        Weld(2, new MeasuredBalancer());
        double[] expected = Read("temperature");
        MeasuredBalancer measured = new();

        RunResult result = Weld(2, measured, slowRank: 1);

        Assert.That(Read("temperature"), Is.EqualTo(expected).AsCollection);
        Assert.That(result.Ranks[1].Cells, Is.LessThan(result.Ranks[0].Cells));
    }

    [Test]
    public void Plate_far_too_hot_is_refused_with_its_temperature() => Assert.That(
        Assert.Throws<SoraException>(() => Weld(2, new StaticBalancer(), beam: Beam with { Power = 1e6 }))!.Message,
        Does.Contain("K above the edge, too hot for this model of steel"));

    [Test]
    public void Wrong_options_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => _ = new Laser { Radius = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => _ = new Laser { Path = 0.5 });
        Assert.Throws<ArgumentOutOfRangeException>(() => _ = new Laser { Speed = -1 });
        Assert.Throws<UsageException>(() => Weld(2, new StaticBalancer(), slowRank: 2));
    }

    private RunResult Weld(int ranks, IBalancer balancer, int slowRank = -1, Laser? beam = null)
    {
        WeldingOptions options = new()
        {
            DataFile = In("plate.h5"), Output = In("welded.h5"), Steps = Steps, Laser = beam ?? Beam,
            Balancing = balancer, SlowRank = slowRank, SlowFactor = 40,
        };
        return OnThreads.RootOf(ranks, world => WeldingJob.Run(world, options));
    }

    private (double[] Temperature, double[] Fraction) Reference()
    {
        double[,] u = new double[Rows, Columns], fraction = new double[Rows, Columns];
        Buffer.BlockCopy(Read("temperature", "plate.h5"), 0, u, 0, u.Length * sizeof(double));
        for (int step = 0; step < Steps; step++)
            WeldingReference.Step(u, fraction, 0.2, Beam, step);
        return ([.. u.Cast<double>()], [.. fraction.Cast<double>()]);
    }

    private double[] Read(string name, string file = "welded.h5")
    {
        using Hdf5File opened = Hdf5File.Open(In(file));
        using Hdf5Dataset dataset = opened.Dataset(name);
        return dataset.Read<double>();
    }
}
