using NUnit.Framework;
using SoraHpc.Communication;
using SoraHpc.Decomposition;
using SoraHpc.Jobs.Heat;
using SoraHpc.Jobs.Weather;
using SoraHpc.Jobs.Welding;
using SoraHpc.Runtime;
using SoraHpc.Runtime.Balancing;
using SoraHpc.Storage.Conventions;
using SoraHpc.Tests.Threads;

namespace SoraHpc.Tests.Resilience;

/// <summary>Written on 1 to 4 ranks, read on 1 to 4, under two partitions each: the file at the end has the bits it would have had, the result the same observables.</summary>
public sealed class RestartMatrixTests : FolderTests
{
    private string Plate => In("plate.h5");

    private string Checkpoints => In("checkpoints");

    private string Output => In("output.h5");

    [SetUp]
    public void MakePlate() => HeatData.Write(Plate, 37, 29);

    [Test]
    public void Heat_goes_on_with_the_same_bits([Values(1, 2, 3, 4)] int ranks, [Values] bool slabs) =>
        Check(ranks, slabs, every: 10, failAfter: 27, from: 20, (partition, moves) => (world, run) => HeatJob.Run(world, new()
        {
            DataFile = Plate, Output = Output, Steps = 45, Partition = partition,
            Balancing = moves ? Restless() : new StaticBalancer(),
        }, run), movesOnRestart: true);

    [Test]
    public void Welding_goes_on_with_the_same_bits([Values(1, 2, 3, 4)] int ranks, [Values] bool slabs) =>
        Check(ranks, slabs, every: 7, failAfter: 18, from: 14, (partition, moves) => (world, run) => WeldingJob.Run(world, new()
        {
            DataFile = Plate, Output = Output, Steps = 31, Laser = new() { Power = 60, Radius = 6, Speed = 0.7 }, Partition = partition,
            Balancing = moves ? Restless() : new StaticBalancer(),
        }, run), movesOnRestart: true);

    [Test]
    public void Forecast_goes_on_with_the_same_bits([Values(1, 2, 3, 4)] int ranks, [Values] bool slabs) =>
        Check(ranks, slabs, every: 7, failAfter: 9, from: 7, (partition, _) => (world, run) => WeatherJob.Run(world, new()
        {
            Case = 5, Elements = 3, Hours = 5, OutputEvery = 1, OutputRows = 12, Output = Output, Partition = partition,
        }, run), movesOnRestart: false);

    [Test]
    public void Forecast_with_columns_goes_on_with_the_same_bits([Values(1, 3)] int ranks) =>
        Check(ranks, slabs: true, every: 8, failAfter: 10, from: 8, (partition, _) => (world, run) => WeatherJob.Run(world, new()
        {
            Case = 2, Elements = 2, Hours = 9, OutputEvery = 2, OutputRows = 12, Output = Output, Partition = partition, TimeStep = 1800,
            Physics = new() { Layers = 4, Every = 3 },
        }, run), movesOnRestart: false);

    [Test]
    public void Filtered_start_from_a_file_is_not_filtered_again([Values(2)] int ranks)
    {
        string data = In("start.h5");
        AnalysisFile(data);
        Check(ranks, slabs: true, every: 4, failAfter: 6, from: 4, (partition, _) => (world, run) => WeatherJob.Run(world, new()
        {
            DataFile = data, Elements = 3, Hours = 4, OutputRows = 12, Output = Output, Partition = partition, FilterHours = 1,
        }, run), movesOnRestart: false);
    }

    private void Check(int ranks, bool slabs, long every, long failAfter, long from, Func<IPartitioner, bool, Func<Communicator, SoraOptions, RunResult>> job, bool movesOnRestart)
    {
        RunResult undisturbed = OnThreads.RootOf(1, world => job(new SlabPartitioner(), false)(world, new()));
        byte[] expected = Stopped.Numbers(Output);
        File.Delete(Output);

        Stopped.Run(ranks, Checkpoints, every, failAfter, (world, run) => job(slabs ? new SlabPartitioner() : new BlockCyclicPartitioner(), false)(world, run));
        Assert.That(File.Exists(Output), Is.False);

        for (int readers = 1; readers <= 4; readers++)
            foreach (IPartitioner partition in (IPartitioner[])[new CartesianPartitioner(), new SpaceFillingCurvePartitioner(4) { Merges = false }])
            {
                bool moves = movesOnRestart && partition is SpaceFillingCurvePartitioner && readers > 1;
                RunResult result = Stopped.GoOn(readers, Checkpoints, (world, run) => job(partition, moves)(world, run));

                string what = $"written on {ranks}, read on {readers}, {partition}";
                Assert.That(Stopped.Numbers(Output), Is.EqualTo(expected), what);
                Assert.That(result.Observables, Is.EqualTo(undisturbed.Observables), what);
                Assert.That((result.Steps, result.Checkpoints!.RestartStep), Is.EqualTo((undisturbed.Steps, (long?)from)), what);
                File.Delete(Output);
            }
    }

    // A file that does not say which case it is of is an analysis to filter.
    private static void AnalysisFile(string path)
    {
        LatLonGrid grid = LatLonGrid.CellCentred(24);
        LatLonRows rows = WeatherData.Evaluate(WilliamsonCase.Create(6), grid, 0, grid.Rows);
        using CfFile file = CfFile.Create(path, null, "a wave");
        FlowVariables.AddGrid(file, grid);
        (string, CfAttributes, double[])[] variables =
            [("height", FlowVariables.Height, rows.Surface), ("u", FlowVariables.Eastward, rows.Eastward), ("v", FlowVariables.Northward, rows.Northward)];
        foreach ((string name, CfAttributes attributes, double[] values) in variables)
            FlowVariables.Add(file, name, attributes, "latitude", "longitude").Write<double>(new([0, 0], [grid.Rows, grid.Columns]), values);
        file.Commit();
    }

    // Looks and moves as often as it can, whatever it gains.
    private static DynamicBalancer Restless() => new(new() { Interval = 1, LongestInterval = 1, LeastGain = 0, Overhead = 0.99 });
}
