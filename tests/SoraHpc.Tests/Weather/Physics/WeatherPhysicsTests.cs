using NUnit.Framework;
using SoraHpc.Communication;
using SoraHpc.Decomposition;
using SoraHpc.Jobs.Weather;
using SoraHpc.Runtime;
using SoraHpc.Storage;
using SoraHpc.Tests.Threads;

namespace SoraHpc.Tests.Weather;

/// <summary>The forecast with columns: what the file holds, what is conserved, and that ranks and stealing change no bit.</summary>
public sealed class WeatherPhysicsTests : FolderTests
{
    private string Output => In("forecast.h5");

    private WeatherOptions Small => new()
    {
        Case = 5, Elements = 2, Hours = 12, OutputEvery = 6, OutputRows = 18, Output = Output, Physics = new() { Layers = 12, Every = 2 },
    };

    [Test]
    public void Forecast_has_the_same_bits_on_any_number_of_ranks_with_and_without_stealing()
    {
        Dictionary<string, double[]> alone = Run(1, Small);
        foreach (int ranks in new[] { 1, 2, 3, 4 })
            foreach (bool stealing in new[] { true, false })
            {
                PhysicsOptions physics = Small.Physics! with { Stealing = new() { Enabled = stealing }, SlowRank = stealing ? ranks - 1 : -1 };
                Dictionary<string, double[]> shared = Run(ranks, Small with { Partition = new BlockCyclicPartitioner(), Physics = physics });
                foreach ((string name, double[] values) in alone)
                    Assert.That(shared[name], Is.EqualTo(values).AsCollection, $"{name} on {ranks} ranks, stealing {stealing}");
            }
    }

    [Test]
    public void Columns_take_no_mass_and_change_the_flow()
    {
        WeatherOptions quick = Small with { Physics = Small.Physics! with { RelaxationDays = 1 } };
        RunResult result = Result(2, quick);
        double[] with = Read()["height"], without = Run(2, quick with { Physics = null })["height"];
        Assert.That(Math.Abs(result.Observables["mass drift"]), Is.LessThan(1e-13));
        Assert.That(with.Zip(without, (a, b) => Math.Abs(a - b)).Max(), Is.GreaterThan(5), "metres after twelve hours");
    }

    // One rank has nobody to wait for: the time of its columns is work.
    [Test]
    public void Time_of_the_columns_counts_as_work()
    {
        RankReport report = Result(1, Small with { Output = null, Physics = Small.Physics! with { Every = 1, Layers = 64 } }).Ranks[0];
        Assert.That(report.WaitSeconds, Is.LessThan(0.5 * report.ComputeSeconds));
    }

    [Test]
    public void File_has_the_columns_fields_with_units_date_and_the_pattern_of_day_and_night()
    {
        Dictionary<string, double[]> fields = Run(2, Small with { Elements = 6, Hours = 0 });
        using (Hdf5File file = Hdf5File.Open(Output))
        {
            Assert.That(file.Dataset("time").Attributes.ReadString("units"), Is.EqualTo("hours since 2024-03-20 12:00:00"));
            Assert.That(file.Dataset("surface_temperature").Attributes.ReadString("units"), Is.EqualTo("K"));
            Assert.That(file.Dataset("outgoing_longwave").Attributes.ReadString("standard_name"), Is.EqualTo("toa_outgoing_longwave_flux"));
            Assert.That(file.Dataset("net_radiation").Shape, Is.EqualTo(new long[] { 1, 18, 36 }));
        }
        double At(string name, int row, int column) => fields[name][row * 36 + column];
        Assert.That(At("net_radiation", 9, 0), Is.GreaterThan(400), "noon");
        Assert.That(At("net_radiation", 9, 18), Is.EqualTo(-At("outgoing_longwave", 9, 18)).Within(1e-9), "midnight");
        Assert.That(At("surface_temperature", 9, 0), Is.GreaterThan(At("surface_temperature", 0, 0) + 40), "equator and pole");
        Assert.That(At("outgoing_longwave", 9, 0), Is.InRange(180, 330));
    }

    [Test]
    public void Flow_that_is_only_carried_along_is_refused()
    {
        StringWriter error = new();
        int code = World.Run(world => WeatherJob.Run(world, Small with { Case = 1 }), new WorldOptions { Transport = Transport.Threads, Ranks = 2, Error = error });
        Assert.That((code, error.ToString()), Is.EqualTo((2, error.ToString())));
        Assert.That(error.ToString(), Does.Contain("leave the physics out"));
    }

    private static RunResult Result(int ranks, WeatherOptions options) => OnThreads.RootOf(ranks, world => WeatherJob.Run(world, options));

    private Dictionary<string, double[]> Run(int ranks, WeatherOptions options)
    {
        Result(ranks, options);
        return Read();
    }

    private Dictionary<string, double[]> Read()
    {
        using Hdf5File file = Hdf5File.Open(Output);
        return file.DatasetNames.ToDictionary(name => name, name => file.Dataset(name).Read<double>());
    }
}
