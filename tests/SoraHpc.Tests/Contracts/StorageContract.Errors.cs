using NUnit.Framework;
using SoraHpc.Communication;
using SoraHpc.Storage;
using SoraHpc.Storage.Conventions;

namespace SoraHpc.Tests.Contracts;

public abstract partial class StorageContract
{
    [Test]
    public void Missing_file_is_the_same_error_on_every_rank([Sizes] int size) => WithFile(size, (comm, path) =>
        FailsEverywhere(comm, () => Hdf5File.Open(path, comm), "data.h5: there is no such file"));

    [Test]
    public void Truncated_file_is_the_same_error_on_every_rank([Sizes] int size) => WithFile(size, (comm, path) =>
    {
        WriteAlone(comm, path);
        if (comm.IsRoot)
        {
            byte[] whole = File.ReadAllBytes(path);
            File.WriteAllBytes(path, whole[..^16]);
        }
        comm.Barrier();
        FailsEverywhere(comm, () => Hdf5File.Open(path, comm), "truncated file");
    });

    [Test]
    public void Unwritable_place_is_the_same_error_on_every_rank([Sizes] int size) => WithFile(size, (comm, path) =>
        FailsEverywhere(comm, () => Hdf5File.Create(Path.Combine(path, "absent", "result.h5"), comm), "does not exist"));

    [Test]
    public void Name_taken_is_the_same_error_on_every_rank([Sizes] int size) => WithFile(size, (comm, path) =>
    {
        using Hdf5File file = Hdf5File.Create(path, comm);
        file.CreateDataset<int>("x", [4]);
        FailsEverywhere(comm, () => file.CreateDataset<int>("x", [4]), "dataset x: the name is taken");
        file.Commit();
    });

    [Test]
    public void Missing_dataset_is_answered_with_those_that_are_there([Sizes] int size) => WithFile(size, (comm, path) =>
    {
        WriteAlone(comm, path);
        using Hdf5File file = Hdf5File.Open(path, comm);
        FailsEverywhere(comm, () => file.Dataset("z"), "dataset z: there is no such dataset; there are: h");
    });

    [Test]
    public void Older_file_survives_when_all_ranks_fail([Sizes] int size) => WithFile(size, (comm, path) =>
    {
        WriteAlone(comm, path);
        byte[] before = File.ReadAllBytes(path);
        comm.Barrier();
        Assert.Throws<InvalidOperationException>(() =>
        {
            using Hdf5File file = Hdf5File.Create(path, comm);
            file.CreateDataset<int>("y", [4]);
            throw new InvalidOperationException("the model blew up");
        });
        comm.Barrier();
        Assert.That(File.ReadAllBytes(path), Is.EqualTo(before));
        Assert.That(Directory.GetFiles(Path.GetDirectoryName(path)!), Has.Length.EqualTo(1));
    });

    [Test]
    public void Compressed_data_written_independently_is_refused_only_where_it_cannot_be([Sizes] int size) => WithFile(size, (comm, path) =>
    {
        using Hdf5File file = Hdf5File.Create(path, comm);
        Hdf5Dataset dataset = file.CreateDataset<double>("h", [Rows, Columns], new DatasetLayout { ChunkShape = [4, 7], Deflate = 1 });
        (long begin, long end) = RowsOf(comm);
        void Write() => dataset.Write(new Hyperslab([begin, 0], [end - begin, Columns]), Cells(begin, end), TransferMode.Independent);
        if (comm.Transport == Transport.Mpi && comm.Size > 1)
            FailsEverywhere(comm, Write, "dataset h: it is stored with deflate: all ranks must write together");
        else
            Write();
        file.Commit();
    });

    [Test]
    public void Groups_of_ranks_write_files_of_their_own() => WithFile(2, (comm, path) =>
    {
        using Communicator own = comm.Split(comm.Rank)!;
        string mine = $"{path}.{comm.Rank}";
        using (Hdf5File file = Hdf5File.Create(mine, own))
        {
            Hdf5Dataset dataset = file.CreateDataset<int>("x", [3]);
            dataset.Write(dataset.Whole, [comm.Rank, 1, 2]);
            file.Commit();
        }
        comm.Barrier();
        using Hdf5File other = Hdf5File.Open($"{path}.{1 - comm.Rank}");
        Assert.That(other.Dataset("x").Read<int>()[0], Is.EqualTo(1 - comm.Rank));
    });

    [Test]
    public void Forecast_of_all_ranks_has_its_dimensions([Sizes] int size) => WithFile(size, (comm, path) =>
    {
        using (CfFile file = CfFile.Create(path, comm, "written together"))
        {
            file.AddUnlimitedCoordinate("time", new CfAttributes("hours since 2000-01-01 00:00:00"));
            file.AddCoordinate("latitude", Latitudes, new CfAttributes("degrees_north"));
            file.AddDimension("column", Columns);
            Hdf5Dataset height = file.AddVariable<double>("h", ["time", "latitude", "column"], new CfAttributes("m"),
                new DatasetLayout { ChunkShape = [1, 5, Columns], Deflate = 1, Shuffle = true }, fill: double.NaN);
            (long begin, long end) = RowsOf(comm);
            for (int step = 0; step < 3; step++)
                height.Write(new Hyperslab([file.Append("time", step), begin, 0], [1, end - begin, Columns]), Cells(begin, end));
            file.Commit();
        }
        using Hdf5File back = Hdf5File.Open(path, comm);
        CfVariable read = CfVariable.Open(back, "h");
        Assert.That(read.Dataset.Dimensions, Is.EqualTo(new[] { "time", "latitude", "column" }));
        Assert.That(read.Axis(CfAxisKind.Latitude).Read(), Is.EqualTo(Latitudes));
        Assert.That(read.Axis(CfAxisKind.Time).Read(), Is.EqualTo(new[] { 0.0, 1, 2 }));
        Assert.That(read.Dataset.Read<double>().AsSpan((int)(2 * Rows * Columns)).ToArray(), Is.EqualTo(Cells(0, Rows)));
    });

    private static double[] Latitudes => [.. Enumerable.Range(0, (int)Rows).Select(i => -90 + i * 15.0)];

    private static void FailsEverywhere(Communicator comm, TestDelegate act, string words)
    {
        Hdf5Exception failure = Assert.Throws<Hdf5Exception>(act)!;
        Assert.That(failure.Message, Does.Contain(words));
        Assert.That(failure.Message, Does.Not.Contain('\n'));
        Assert.That(comm.Allreduce(1, ReduceOperation.Sum), Is.EqualTo(comm.Size), "every rank got here");
    }
}
