using NUnit.Framework;
using SoraHpc.Communication;
using SoraHpc.Solvers.Dense;
using SoraHpc.Storage;

namespace SoraHpc.Tests.Contracts;

// How matrices come in and go out.
public abstract partial class DenseContract
{
    [Test]
    public void What_is_dealt_out_comes_together_again([ValueSource(nameof(Grids))] (int, int) grid, [Values(1, 3, 50)] int block) => OnEveryRank(grid.Item1, comm =>
    {
        const int rows = 17, columns = 29;
        double[] whole = Evaluate(rows, columns, (i, j) => 100 * i + j), back = new double[comm.Rank == comm.Size - 1 ? whole.Length : 0];
        using RankGrid ranks = new(comm, Managed, grid.Item2);
        using BlockCyclicMatrix matrix = new(ranks, rows, columns, block);

        matrix.Scatter(comm.IsRoot ? whole : []);
        matrix.Gather(back, comm.Size - 1);

        for (int j = 0; j < matrix.LocalColumns; j++)
            for (int i = 0; i < matrix.LocalRows; i++)
                Assert.That(matrix.Local[j * matrix.Leading + i], Is.EqualTo(100 * matrix.RowAt(i) + matrix.ColumnAt(j)));
        if (comm.Rank == comm.Size - 1)
            Assert.That(back, Is.EqualTo(whole).AsCollection);
    });

    [Test]
    public void Ranks_read_and_write_their_blocks_of_a_file([ValueSource(nameof(Grids))] (int, int) grid) => OnEveryRank(grid.Item1, comm =>
    {
        const int rows = 17, columns = 10;
        using SharedFolder folder = new(comm);
        string path = folder.File("matrix.h5");
        using RankGrid ranks = new(comm, Managed, grid.Item2);
        using BlockCyclicMatrix written = Make(ranks, rows, columns, 4, (i, j) => 100 * i + j), read = new(ranks, rows, columns, 3);
        using (Hdf5File file = Hdf5File.Create(path, comm))
        {
            Hdf5Dataset dataset = file.CreateDataset<double>("a", [rows, columns]);
            written.Write((block, byRows) => PartitionedWriter.Write<double>(dataset, block, byRows, 0, block.Columns, mode: TransferMode.Independent));
            file.Commit();
        }

        using (Hdf5File file = Hdf5File.Open(path, comm))
        {
            Hdf5Dataset dataset = file.Dataset("a");
            read.Read((block, byRows) => PartitionedReader.Read(dataset, block, byRows, 0, block.Columns));
        }

        Assert.That(Whole(read, comm), Is.EqualTo(Evaluate(rows, columns, (i, j) => 100 * i + j)).AsCollection);
    });
}
