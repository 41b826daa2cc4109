using NUnit.Framework;
using SoraHpc.Communication.Threads;
using SoraHpc.Jobs.ShortestPaths;
using SoraHpc.Runtime.Events;
using SoraHpc.Runtime.Synchronization;
using SoraHpc.Storage;
using SoraHpc.Tests.Cli;
using SoraHpc.Tests.Mpi;

namespace SoraHpc.Tests.Events;

/// <summary>Graphs read from HDF5 by every rank for its own vertices.</summary>
public sealed class GraphFileTests
{
    private static IEnumerable<IGraph> Graphs() => [new GridGraph(13, 11), new RmatGraph(7, 4, seed: 5), new GridGraph(1, 1)];

    [TestCaseSource(nameof(Graphs))]
    public void File_holds_every_edge_from_both_ends(IGraph graph)
    {
        using TemporaryDirectory folder = new();
        long arcs = GraphData.Write(folder.File("graph.h5"), graph);

        using GraphFile file = new(folder.File("graph.h5"));
        Assert.That((file.Vertices, file.Arcs, arcs), Is.EqualTo((graph.Vertices, 2 * graph.Edges, 2 * graph.Edges)));
        Assert.That(file.Adjacency(), Is.EqualTo(DijkstraReference.AdjacencyOf(graph)).AsCollection);
    }

    [Test]
    public void Distances_are_those_of_the_graph_that_was_generated([Values(1, 2, 3, 7)] int ranks, [Values] bool byEvents, [Values] bool isRmat)
    {
        IGraph graph = isRmat ? new RmatGraph(8, 8) : new GridGraph(17, 23);
        using TemporaryDirectory folder = new();
        GraphData.Write(folder.File("graph.h5"), graph);

        ThreadWorld.Run(ranks, world => ShortestPathsJob.Run(world, new ShortestPathsOptions
        {
            DataFile = folder.File("graph.h5"),
            Output = folder.File("distances.h5"),
            Source = 5,
            Verify = true,
            Sync = byEvents ? new EventSync() : new GlobalSync(),
        }));

        using Hdf5File file = Hdf5File.Open(folder.File("distances.h5"));
        Assert.That(file.Dataset("distance").Read<double>(), Is.EqualTo(DijkstraReference.Distances(graph, 5)).AsCollection);
    }

    [Test]
    public void Arcs_of_a_directed_graph_are_gone_along_one_way()
    {
        using TemporaryDirectory folder = new();
        Write(folder.File("graph.h5"), [0, 2, 2, 3], [1, 2, 0], [5, 1, 1]);         // 0 → 1, 0 → 2, 2 → 0; nothing leaves 1

        ThreadWorld.Run(2, world => ShortestPathsJob.Run(world, new ShortestPathsOptions { DataFile = folder.File("graph.h5"), Source = 2, Output = folder.File("d.h5"), Verify = true }));

        using Hdf5File file = Hdf5File.Open(folder.File("d.h5"));
        Assert.That(file.Dataset("distance").Read<double>(), Is.EqualTo(new double[] { 1, 6, 0 }));
    }

    [Test]
    public void Numbers_of_other_types_are_converted()
    {
        using TemporaryDirectory folder = new();
        using (Hdf5File file = Hdf5File.Create(folder.File("graph.h5")))
        {
            Add<int>(file, "offsets", [0, 1, 2]);
            Add<ushort>(file, "targets", [1, 0]);
            Add<float>(file, "weights", [0.5f, 0.5f]);
            file.Commit();
        }

        ThreadWorld.Run(2, world => ShortestPathsJob.Run(world, new ShortestPathsOptions { DataFile = folder.File("graph.h5"), Verify = true }));
    }

    [TestCase(new long[] { 0, 2, 1, 3 }, new long[] { 1, 2, 0 }, new double[] { 5, 1, 1 }, "dataset offsets: 1 at 2 after 2: offsets ascend from 0 to the number of arcs, 3")]
    [TestCase(new long[] { 1, 2, 2, 3 }, new long[] { 1, 2, 0 }, new double[] { 5, 1, 1 }, "dataset offsets: 1 at 0: offsets ascend from 0")]
    [TestCase(new long[] { 0, 2, 2, 2 }, new long[] { 1, 2, 0 }, new double[] { 5, 1, 1 }, "dataset offsets: 2 at 3 after 2: offsets ascend from 0")]
    [TestCase(new long[] { 0, 2, 9, 3 }, new long[] { 1, 2, 0 }, new double[] { 5, 1, 1 }, "dataset offsets: 9 at 2")]
    [TestCase(new long[] { 0, -2, 2, 3 }, new long[] { 1, 2, 0 }, new double[] { 5, 1, 1 }, "dataset offsets: -2 at 1")]
    [TestCase(new long[] { 0, 2, 2, 3 }, new long[] { 1, 3, 0 }, new double[] { 5, 1, 1 }, "dataset targets: 3 at 1 is no vertex: there are 3, from 0 on")]
    [TestCase(new long[] { 0, 2, 2, 3 }, new long[] { 1, 2, -1 }, new double[] { 5, 1, 1 }, "dataset targets: -1 at 2 is no vertex")]
    [TestCase(new long[] { 0, 2, 2, 3 }, new long[] { 1, 2, 0 }, new double[] { 5, -1, 1 }, "dataset weights: -1 at 1 is no length: lengths are 0 or more, and finite")]
    [TestCase(new long[] { 0, 2, 2, 3 }, new long[] { 1, 2, 0 }, new double[] { 5, 1, double.NaN }, "dataset weights: NaN at 2 is no length")]
    [TestCase(new long[] { 0, 2, 2, 3 }, new long[] { 1, 2, 0 }, new double[] { double.PositiveInfinity, 1, 1 }, "dataset weights: Infinity at 0 is no length")]
    [TestCase(new long[] { 0, 2, 2, 3 }, new long[] { 1, 2, 0 }, new double[] { 5, 1 }, "dataset weights: 2 lengths for the 3 arcs of targets")]
    [TestCase(new long[] { 0 }, new long[] { 1 }, new double[] { 5 }, "dataset offsets: 1 numbers are no graph")]
    public void Wrong_numbers_are_told_with_file_and_dataset(long[] offsets, long[] targets, double[] weights, string expected)
    {
        using TemporaryDirectory folder = new();
        Write(folder.File("graph.h5"), offsets, targets, weights);

        AssertRefused(folder.File("graph.h5"), expected);
    }

    [Test]
    public void Share_of_one_process_that_is_wrong_ends_all_of_them([Values("openmpi", "mpich")] string mpi)
    {
        using TemporaryDirectory folder = new();
        Write(folder.File("graph.h5"), [0, 1, 2, 3, 4], [1, 0, 3, 7], [1, 1, 1, 1]);       // the last of four vertices: the second rank's

        RankProgram run = RankProgram.RunSora(mpi, 2, "run", "paths", "--data", folder.File("graph.h5"));

        Assert.That(run.Complaints.Single(), Does.StartWith("sora: rank 1: ").And.EndsWith("graph.h5, dataset targets: 7 at 3 is no vertex: there are 4, from 0 on"));
        Assert.That(run.ExitCode, Is.EqualTo(1));
    }

    [Test]
    public void Missing_dataset_is_told_with_those_there_are()
    {
        using TemporaryDirectory folder = new();
        using (Hdf5File file = Hdf5File.Create(folder.File("graph.h5")))
        {
            Add<long>(file, "offsets", [0, 1]);
            Add<long>(file, "targets", [0]);
            file.Commit();
        }

        AssertRefused(folder.File("graph.h5"), "dataset weights: there is no such dataset; there are: offsets, targets");
    }

    [Test]
    public void Offsets_that_are_no_whole_numbers_are_told()
    {
        using TemporaryDirectory folder = new();
        using (Hdf5File file = Hdf5File.Create(folder.File("graph.h5")))
        {
            Add<double>(file, "offsets", [0, 1]);
            Add<long>(file, "targets", [0]);
            Add<double>(file, "weights", [1]);
            file.Commit();
        }

        AssertRefused(folder.File("graph.h5"), "dataset offsets: its elements are float64, not whole numbers");
    }

    [Test]
    public void Source_beyond_the_files_vertices_is_wrong_usage()
    {
        using TemporaryDirectory folder = new();
        GraphData.Write(folder.File("graph.h5"), new GridGraph(3, 3));

        SoraCommandTests.Run(["run", "paths", "--data", folder.File("graph.h5"), "--source", "9", "--ranks", "2"])
            .AssertRefused(2, "source 9 is no vertex: the graph has 9, from 0 on");
    }

    [TestCase("run paths --data graph.h5 --rows 10", "--data reads a graph, --graph and what belongs to it make one")]
    [TestCase("data paths --scale 4", "--scale and --edges-per-vertex belong to --graph rmat")]
    public void Wrong_command_line_is_told_in_one_line(string commandLine, string expected) =>
        SoraCommandTests.Run(commandLine.Split(' ')).AssertRefused(2, expected);

    [Test]
    public void Data_and_run_of_paths_write_distances()
    {
        using TemporaryDirectory folder = new();
        (int made, string where, string trouble) = SoraCommandTests.Run(["data", "paths", "--graph", "rmat", "--scale", "6", "--output", folder.File("graph.h5")]);
        (int code, string output, string error) = SoraCommandTests.Run(["run", "paths", "--data", folder.File("graph.h5"), "--output", folder.File("d.h5"), "--verify", "--ranks", "3"]);

        Assert.That((made, code), Is.EqualTo((0, 0)), trouble + error);
        Assert.That(where, Does.Contain("R-MAT of 2^6 vertices, 16 edges a vertex, 64 vertices, 2048 arcs"));
        Assert.That(output, Does.Contain("vertices reached").And.Contain("d.h5"));
    }

    private static void AssertRefused(string path, string expected)
    {
        CommandRun run = SoraCommandTests.Run(["run", "paths", "--data", path, "--ranks", "1"]);

        run.AssertRefused(1, expected);
        Assert.That(run.Error, Does.StartWith($"sora: rank 0: {path}, "));
    }

    private static void Write(string path, long[] offsets, long[] targets, double[] weights)
    {
        using Hdf5File file = Hdf5File.Create(path);
        Add(file, "offsets", offsets);
        Add(file, "targets", targets);
        Add(file, "weights", weights);
        file.Commit();
    }

    private static void Add<T>(Hdf5File file, string name, T[] values) where T : unmanaged
    {
        using Hdf5Dataset dataset = file.CreateDataset<T>(name, [values.LongLength]);
        dataset.Write<T>(dataset.Whole, values);
    }
}
