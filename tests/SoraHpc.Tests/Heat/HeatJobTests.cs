using NUnit.Framework;
using SoraHpc.Communication.Threads;
using SoraHpc.Decomposition;
using SoraHpc.Diagnostics;
using SoraHpc.Jobs.Heat;
using SoraHpc.Runtime;
using SoraHpc.Runtime.Synchronization;
using SoraHpc.Storage;

namespace SoraHpc.Tests.Heat;

public sealed class HeatJobTests : FolderTests
{
    private const int Rows = 40, Columns = 31, Steps = 200;
    [SetUp]
    public void MakePlate() => HeatData.Write(In("plate.h5"), Rows, Columns);

    [Test]
    public void A_run_from_file_to_file_decays_as_the_closed_form_says()
    {
        double[] cooled = Cool(ranks: 3, new CartesianPartitioner());

        double factor = Math.Pow(HeatData.DecayPerStep(Rows, Columns, 0.25), Steps);
        // Each step rounds each cell a few times at 100 K: the bound is steps · operations · unit roundoff · size.
        double bound = Steps * 8 * Math.Pow(2, -53) * 100;
        Assert.That(cooled, Is.EqualTo(Read("plate.h5").Select(start => start * factor)).Within(bound));
    }

    [Test]
    public void Any_number_of_ranks_writes_the_same_bits([Values(2, 3, 5)] int ranks, [Values] bool slabs) =>
        Assert.That(Cool(ranks, slabs ? new SlabPartitioner() : new CartesianPartitioner()), Is.EqualTo(Cool(1, new SlabPartitioner())));

    [Test]
    public void An_unwritable_output_is_found_before_the_first_step()
    {
        HeatOptions options = Options("nowhere/cooled.h5");

        Assert.Throws<Hdf5Exception>(() => ThreadWorld.Run(2, world => HeatJob.Run(world, options, new SoraOptions { Observer = new NoSteps() })));
    }

    [Test]
    public void An_unstable_diffusion_number_is_refused([Values(0, -0.1, 0.26, double.NaN)] double number)
    {
        HeatOptions options = Options("cooled.h5") with { DiffusionNumber = number };

        Assert.Throws<UsageException>(() => ThreadWorld.Run(1, world => HeatJob.Run(world, options)));
    }

    [TestCase(7)]
    [TestCase(1, 7)]
    [TestCase(7, 1)]
    [TestCase(4, 5, 6)]
    public void Data_that_are_no_plate_are_refused_and_no_result_is_written(params int[] shape)
    {
        using (Hdf5File file = Hdf5File.Create(In("plate.h5")))
        {
            using (Hdf5Dataset dataset = file.CreateDataset<double>("temperature", [.. shape.Select(length => (long)length)]))
                dataset.Write<double>(dataset.Whole, new double[shape.Aggregate((a, b) => a * b)]);
            file.Commit();
        }

        SoraException refused = Assert.Throws<SoraException>(() => ThreadWorld.Run(2, world => HeatJob.Run(world, Options("cooled.h5"))))!;

        Assert.That(refused.Message, Does.Contain("dataset temperature").And.Contains("two dimensions (rows, columns) of at least 2 cells each"));
        Assert.That(File.Exists(In("cooled.h5")), Is.False);
    }

    [Test]
    public void A_start_that_is_no_number_is_named_with_its_place()
    {
        using (Hdf5File file = Hdf5File.Create(In("plate.h5")))
        {
            double[] plate = new double[Rows * Columns];
            plate[7 * Columns + 5] = double.NaN;
            using (Hdf5Dataset dataset = file.CreateDataset<double>("temperature", [Rows, Columns]))
                dataset.Write<double>(dataset.Whole, plate);
            file.Commit();
        }

        SoraException failure = Assert.Throws<SoraException>(() => ThreadWorld.Run(2, world => HeatJob.Run(world, Options("cooled.h5"))))!;

        Assert.That(failure.Message, Does.Contain("plate.h5, dataset temperature: NaN at (0, 7, 5)"));
    }

    private HeatOptions Options(string output) => new()
    {
        DataFile = In("plate.h5"),
        Output = In(output),
        Steps = Steps,
        Sync = new LocalSync(),
    };

    private double[] Cool(int ranks, IPartitioner partitioner)
    {
        HeatOptions options = Options("cooled.h5") with { Partition = partitioner };
        ThreadWorld.Run(ranks, world => HeatJob.Run(world, options));
        return Read("cooled.h5");
    }

    private double[] Read(string name)
    {
        using Hdf5File file = Hdf5File.Open(In(name));
        using Hdf5Dataset temperature = file.Dataset("temperature");
        return temperature.Read<double>();
    }

    private sealed class NoSteps : IRunObserver
    {
        public void AfterStep(long step, JobProgress progress, double imbalance) => Assert.Fail("a step was computed for an output that cannot be written");

        public void Finished() { }
    }
}
