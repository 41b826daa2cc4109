using NUnit.Framework;
using SoraHpc.Communication;
using SoraHpc.Decomposition;
using SoraHpc.Storage;

namespace SoraHpc.Tests.Contracts;

/// <summary>
/// What a file must be to ranks that open it together, in one suite for ranks that are threads and ranks that are MPI processes.
/// A body runs on every rank at once; an assertion that fails on any rank fails the test.
/// </summary>
public abstract partial class StorageContract
{
    protected const long Rows = 13, Columns = 7;

    private static readonly DatasetLayout[] Layouts =
    [
        new() { EveryElementIsWritten = true },
        new() { ChunkShape = [4, 7] },
        new() { ChunkShape = [5, 3], Shuffle = true, Deflate = 1 },
    ];

    /// <summary>Runs <paramref name="body"/> on <paramref name="size"/> ranks; ignores the test where the world has fewer.</summary>
    protected abstract void OnEveryRank(int size, Action<Communicator> body);

    protected sealed class SizesAttribute() : ValuesAttribute(1, 2, 3);

    [Test]
    public void Blocks_written_by_all_are_the_file_one_would_write([Sizes] int size) => WithFile(size, (comm, path) =>
    {
        foreach (DatasetLayout layout in Layouts)
        {
            using (Hdf5File file = Hdf5File.Create(path, comm))
            {
                file.CreateGroup("g").Attributes.WriteString("units", "m");
                Hdf5Dataset dataset = file.CreateDataset<double>("g/h", [Rows, Columns], layout);
                (long begin, long end) = RowsOf(comm);
                dataset.Write(new Hyperslab([begin, 0], [end - begin, Columns]), [.. Cells(begin, end)]);
                file.Commit();
            }
            using Hdf5File alone = Hdf5File.Open(path);
            Assert.That(alone.Dataset("g/h").Read<double>(), Is.EqualTo(Cells(0, Rows)));
            Assert.That(alone.Group("g").Attributes.ReadString("units"), Is.EqualTo("m"));
            comm.Barrier();
        }
    });

    [Test]
    public void Every_rank_reads_its_block([Sizes] int size, [Values] TransferMode mode) => WithFile(size, (comm, path) =>
    {
        WriteAlone(comm, path);
        using Hdf5File file = Hdf5File.Open(path, comm);
        (long begin, long end) = RowsOf(comm);
        double[] block = new double[(end - begin) * Columns];
        file.Dataset("h").Read(new Hyperslab([begin, 0], [end - begin, Columns]), block.AsSpan(), mode);
        Assert.That(block, Is.EqualTo(Cells(begin, end)));
    });

    [Test]
    public void Fields_with_a_halo_are_written_and_read_without_it([Sizes] int size) => WithFile(size, (comm, path) =>
    {
        const int halo = 2, stride = (int)Columns + 2 * halo;
        (long begin, long end) = RowsOf(comm);
        Block block = new(new Cell(0, begin, 0), new Cell(1, end, Columns));
        double[] field = new double[(end - begin + 2 * halo) * stride], back = new double[field.Length];
        Array.Fill(field, -1);
        for (long row = begin; row < end; row++)
            for (long column = 0; column < Columns; column++)
                field[(row - begin + halo) * stride + column + halo] = row * Columns + column;
        using (Hdf5File file = Hdf5File.Create(path, comm))
        {
            Hdf5Dataset levels = file.CreateDataset<double>("h", [2, Rows, Columns], new DatasetLayout { EveryElementIsWritten = true });
            PartitionedWriter.Write<double>(levels, block, field, halo * stride + halo, stride, leading: [0]);
            PartitionedWriter.Write<double>(levels, block, field, halo * stride + halo, stride, leading: [1]);
            file.Commit();
        }
        using Hdf5File read = Hdf5File.Open(path, comm);
        Array.Fill(back, -1);
        PartitionedReader.Read<double>(read.Dataset("h"), block, back, halo * stride + halo, stride, leading: [1]);
        Assert.That(back, Is.EqualTo(field));
        double[] all = new double[Rows * Columns];
        read.Dataset("h").Read(new Hyperslab([1, 0, 0], [1, Rows, Columns]), all.AsSpan());
        Assert.That(all, Is.EqualTo(Cells(0, Rows)));
    });

    [Test]
    public void Idle_ranks_take_part_with_an_empty_slab([Sizes] int size) => WithFile(size, (comm, path) =>
    {
        foreach (DatasetLayout layout in Layouts)
        {
            using Hdf5File file = Hdf5File.Create(path, comm);
            Hdf5Dataset dataset = file.CreateDataset<double>("h", [Rows, Columns], layout);
            dataset.Write(comm.Rank == comm.Size - 1 ? dataset.Whole : Hyperslab.Empty(2), comm.Rank == comm.Size - 1 ? Cells(0, Rows) : []);
            file.Commit();
            using Hdf5File alone = Hdf5File.Open(path);
            Assert.That(alone.Dataset("h").Read<double>(), Is.EqualTo(Cells(0, Rows)));
            comm.Barrier();
        }
    });

    [Test]
    public void Dataset_grows_for_all([Sizes] int size) => WithFile(size, (comm, path) =>
    {
        DatasetLayout growing = new() { ChunkShape = [1, 1], MaximumShape = [DatasetLayout.Unlimited, comm.Size] };
        using (Hdf5File file = Hdf5File.Create(path, comm))
        {
            Hdf5Dataset dataset = file.CreateDataset<int>("x", [0, comm.Size], growing);
            for (int step = 0; step < 4; step++)
            {
                dataset.Extend([step + 1, comm.Size]);
                Assert.That(dataset.Shape[0], Is.EqualTo(step + 1));
                dataset.Write(new Hyperslab([step, comm.Rank], [1, 1]), [step * 100 + comm.Rank]);
            }
            file.Commit();
        }
        using Hdf5File alone = Hdf5File.Open(path);
        int[] expected = [.. Enumerable.Range(0, 4 * comm.Size).Select(i => i / comm.Size * 100 + i % comm.Size)];
        Assert.That(alone.Dataset("x").Read<int>(), Is.EqualTo(expected));
        comm.Barrier();
    });

    protected static double[] Cells(long begin, long end) => [.. Enumerable.Range((int)(begin * Columns), (int)((end - begin) * Columns)).Select(i => (double)i)];

    protected static (long Begin, long End) RowsOf(Communicator comm) => (Rows * comm.Rank / comm.Size, Rows * (comm.Rank + 1) / comm.Size);

    protected static void WriteAlone(Communicator comm, string path)
    {
        if (comm.IsRoot)
        {
            using Hdf5File file = Hdf5File.Create(path);
            Hdf5Dataset dataset = file.CreateDataset<float>("h", [Rows, Columns], new DatasetLayout { ChunkShape = [4, 4], Deflate = 1 });
            dataset.Write(dataset.Whole, Cells(0, Rows));
            file.Commit();
        }
        comm.Barrier();
    }

    /// <summary>A path that all ranks share, in a directory of the test's own.</summary>
    protected void WithFile(int size, Action<Communicator, string> body) => OnEveryRank(size, comm =>
    {
        using SharedFolder folder = new(comm);
        body(comm, folder.File("data.h5"));
    });
}
