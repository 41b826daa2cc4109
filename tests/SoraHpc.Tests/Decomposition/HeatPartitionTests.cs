using NUnit.Framework;
using SoraHpc.Communication.Threads;
using SoraHpc.Decomposition;
using SoraHpc.Jobs.Heat;
using SoraHpc.Runtime.Balancing;
using SoraHpc.Storage;

namespace SoraHpc.Tests.Decomposition;

/// <summary>A whole job from file to file, whose ranks read, exchange and write shares of any shape.</summary>
public sealed class HeatPartitionTests : FolderTests
{
    private const int Rows = 61, Columns = 47;

    private static IEnumerable<IPartitioner> Partitioners() =>
    [
        new SlabPartitioner(), new CartesianPartitioner(), new BlockCyclicPartitioner(), new BlockCyclicPartitioner(new Extent(2, 3)),
        new SpaceFillingCurvePartitioner(), new SpaceFillingCurvePartitioner(16) { Merges = false }, new BisectionPartitioner(), new GraphPartitioner(),
    ];

    [Test]
    public void Result_has_the_bits_of_the_plain_loop_on_any_number_of_ranks([ValueSource(nameof(Partitioners))] IPartitioner partitioner, [Range(1, 5)] int ranks)
    {
        string plate = In("plate.h5"), cooled = In("cooled.h5");
        HeatData.Write(plate, Rows, Columns);
        double[] capabilities = [.. Enumerable.Range(0, ranks).Select(rank => 1.0 + rank % 3)];

        ThreadWorld.Run(ranks, world => HeatJob.Run(world, new HeatOptions { DataFile = plate, Output = cooled, Steps = 30, Partition = partitioner, Balancing = new StaticBalancer(capabilities) }));

        Assert.That(Read(cooled), Is.EqualTo(Reference(Read(plate), steps: 30)).AsCollection);
    }

    private static double[] Read(string path)
    {
        using Hdf5File file = Hdf5File.Open(path);
        return file.Dataset("temperature").Read<double>();
    }

    private static double[] Reference(double[] start, int steps)
    {
        double[,] now = new double[Rows, Columns], next = new double[Rows, Columns];
        Buffer.BlockCopy(start, 0, now, 0, start.Length * sizeof(double));
        for (int step = 0; step < steps; step++)
        {
            HeatReference.Step(now, next, 0.25);
            (now, next) = (next, now);
        }
        return [.. now.Cast<double>()];
    }
}
