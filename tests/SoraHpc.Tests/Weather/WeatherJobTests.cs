using NUnit.Framework;
using SoraHpc.Communication;
using SoraHpc.Communication.Threads;
using SoraHpc.Decomposition;
using SoraHpc.Diagnostics;
using SoraHpc.Jobs.Weather;
using SoraHpc.Runtime;
using SoraHpc.Storage;
using SoraHpc.Tests.Threads;

namespace SoraHpc.Tests.Weather;

/// <summary>The whole job: file or case in, forecast file and picture out.</summary>
public sealed class WeatherJobTests : FolderTests
{
    private string Output => In("forecast.h5");

    private static RunResult Run(int ranks, WeatherOptions options) => OnThreads.RootOf(ranks, world => WeatherJob.Run(world, options));

    // What a user is told: the first line of a world that ends with a failure, and its exit code.
    private static (int ExitCode, string Message) Fail(int ranks, WeatherOptions options)
    {
        StringWriter error = new();
        int code = World.Run(world => WeatherJob.Run(world, options), new WorldOptions { Transport = Transport.Threads, Ranks = ranks, Error = error });
        return (code, error.ToString());
    }

    private static Dictionary<string, double[]> Read(string path)
    {
        using Hdf5File file = Hdf5File.Open(path);
        return file.DatasetNames.ToDictionary(name => name, name => file.Dataset(name).Read<double>());
    }

    private WeatherOptions Small(int test) => new() { Case = test, Elements = 4, Hours = 3, OutputEvery = 1, OutputRows = 30, Output = Output };

    [Test]
    public void Forecast_has_the_same_bits_on_any_number_of_ranks_and_any_partition([Values(1, 5)] int test)
    {
        Run(1, Small(test));
        Dictionary<string, double[]> alone = Read(Output);
        IPartitioner[] partitions = [new SlabPartitioner(), new CartesianPartitioner(), new BlockCyclicPartitioner(),
            new SpaceFillingCurvePartitioner(), new BisectionPartitioner(), new GraphPartitioner()];
        foreach ((int ranks, IPartitioner partition) in partitions.SelectMany(partition => Enumerable.Range(1, 5).Select(ranks => (ranks, partition))))
        {
            Run(ranks, Small(test) with { Partition = partition });
            Dictionary<string, double[]> shared = Read(Output);
            foreach ((string name, double[] values) in alone)
                Assert.That(shared[name], Is.EqualTo(values).AsCollection, $"{name} on {ranks} ranks, {partition}");
        }
    }

    [Test]
    public void Forecast_file_has_times_units_and_fields_of_the_case()
    {
        RunResult result = Run(2, Small(2));
        using Hdf5File file = Hdf5File.Open(Output);
        Assert.That(file.Dataset("time").Read<double>(), Is.EqualTo(new double[] { 0, 1, 2, 3 }));
        Assert.That(file.Dataset("height").Shape, Is.EqualTo(new long[] { 4, 30, 60 }));
        Assert.That(file.Dataset("height").Dimensions, Is.EqualTo(new[] { "time", "latitude", "longitude" }));
        Assert.That(file.Dataset("u").Attributes.ReadString("units"), Is.EqualTo("m s-1"));
        double[] height = file.Dataset("height").Read<double>();
        WilliamsonCase steady = WilliamsonCase.Create(2);
        LatLonGrid grid = LatLonGrid.CellCentred(30);
        for (int i = 0; i < height.Length; i++)
            Assert.That(height[i], Is.EqualTo(steady.At(grid.PointAt(i / 60 % 30, i % 60).Direction, 0).Surface).Within(3));
        Assert.That(result.Observables["height error l2"], Is.GreaterThan(0).And.LessThan(1e-4));
        Assert.That(Math.Abs(result.Observables["mass drift"]) < 1e-13);
    }

    [Test]
    public void Start_from_a_data_file_is_the_case_it_was_made_from()
    {
        string data = In("case.h5");
        ThreadWorld.Run(3, world => WeatherData.Write(data, WilliamsonCase.Create(2), rows: 90, world));
        WeatherOptions options = new() { DataFile = data, Elements = 8, Hours = 6 };
        Assert.That(Run(2, options).Observables["height error l2"], Is.GreaterThan(0).And.LessThan(1e-5));
    }

    [Test]
    public void Picture_shows_height_and_wind()
    {
        string picture = In("map.svg");
        Run(2, Small(6) with { Output = null, Picture = picture });
        Assert.That(File.ReadAllText(picture), Does.StartWith("<svg").Or.StartWith("<?xml"));
    }

    [Test]
    public void Zero_hours_write_the_start_alone()
    {
        Run(1, Small(6) with { Hours = 0 });
        Assert.That(Read(Output)["time"], Is.EqualTo(new double[] { 0 }));
    }

    [Test]
    public void Time_step_past_the_limit_says_the_limit()
    {
        (int code, string message) = Fail(2, Small(5) with { TimeStep = 5000 });
        Assert.That((code, message), Is.EqualTo((2, message)));
        Assert.That(message, Does.Contain("5000 s").And.Contain("limit of"));
        Assert.That(File.Exists(Output), Is.False);
    }

    [Test]
    public void Value_that_is_not_a_number_is_named_with_file_dataset_and_index()
    {
        string data = WriteBroken(rows => rows.Surface[7] = double.NaN);
        (int code, string message) = Fail(1, new WeatherOptions { DataFile = data, Elements = 2, Hours = 1 });
        Assert.That(code, Is.EqualTo(1));
        Assert.That(message, Does.Contain(data).And.Contain("height[0, 7]"));
    }

    [Test]
    public void Failing_run_leaves_an_older_result_as_it_was()
    {
        File.WriteAllText(Output, "older");
        string data = WriteBroken(rows => Array.Fill(rows.Surface, -1));
        Assert.That(Fail(2, new WeatherOptions { DataFile = data, Elements = 2, Hours = 1, Output = Output }).ExitCode, Is.EqualTo(1));
        Assert.That(File.ReadAllText(Output), Is.EqualTo("older"));
    }

    [Test]
    public void More_ranks_than_elements_are_refused()
    {
        (int code, string message) = Fail(7, new WeatherOptions { Case = 2, Elements = 1, Hours = 1 });
        Assert.That(code, Is.Not.Zero);
        Assert.That(message, Does.Contain("7 ranks"));
    }

    [Test]
    public void Missing_file_is_named()
    {
        (int code, string message) = Fail(2, new WeatherOptions { DataFile = In("none.h5") });
        Assert.That(code, Is.EqualTo(1));
        Assert.That(message, Does.Contain("none.h5"));
    }

    [Test]
    public void Case_and_file_together_or_neither_are_refused()
    {
        Assert.That(() => new WeatherInput(new WeatherOptions { Case = 2, DataFile = "x" }), Throws.TypeOf<UsageException>());
        Assert.That(() => new WeatherInput(new WeatherOptions()), Throws.TypeOf<UsageException>());
        Assert.That(() => new WeatherOptions { Elements = 0 }, Throws.TypeOf<UsageException>());
    }

    [Test]
    public void Real_analysis_runs_and_the_filter_takes_its_gravity_waves_out()
    {
        WeatherOptions options = new() { DataFile = RealData.File("era_interim_uvz.h5"), Elements = 10, Hours = 2, OutputEvery = 1, Output = Output, OutputRows = 60 };
        double raw = ChangeInTheSecondHour(options with { FilterHours = 0 }), filtered = ChangeInTheSecondHour(options);
        TestContext.Out.WriteLine($"root mean square change of height in an hour: {raw:F2} m, filtered {filtered:F2} m");
        Assert.That(filtered, Is.GreaterThan(0).And.LessThan(0.7 * raw));
    }

    // Root mean square over the grid's points [m].
    private double ChangeInTheSecondHour(WeatherOptions options)
    {
        RunResult result = Run(2, options);
        Assert.That(result.Observables["least depth"], Is.GreaterThan(4500));
        Assert.That(result.Observables["mass"] / (4 * Math.PI * Planet.Radius * Planet.Radius), Is.EqualTo(5640).Within(20));
        double[] height = Read(Output)["height"];
        int points = height.Length / 3;
        return Math.Sqrt(Enumerable.Range(points, points).Average(i => Math.Pow(height[points + i] - height[i], 2)));
    }

    private string WriteBroken(Action<LatLonRows> spoil)
    {
        string path = In("broken.h5");
        LatLonGrid grid = LatLonGrid.CellCentred(20);
        LatLonRows rows = WeatherData.Evaluate(WilliamsonCase.Create(2), grid, 0, grid.Rows);
        spoil(rows);
        using Hdf5File file = Hdf5File.Create(path);
        Write("latitude", [.. Enumerable.Range(0, grid.Rows).Select(grid.LatitudeOf)], grid.Rows);
        Write("longitude", [.. Enumerable.Range(0, grid.Columns).Select(grid.LongitudeOf)], grid.Columns);
        Write("height", rows.Surface, grid.Rows, grid.Columns);
        Write("u", rows.Eastward, grid.Rows, grid.Columns);
        Write("v", rows.Northward, grid.Rows, grid.Columns);
        file.Commit();
        return path;

        void Write(string name, double[] values, params long[] shape)
        {
            using Hdf5Dataset dataset = file.CreateDataset<double>(name, shape);
            dataset.Write<double>(dataset.Whole, values);
        }
    }
}
