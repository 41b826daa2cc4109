using NUnit.Framework;
using SoraHpc.Decomposition;
using SoraHpc.Storage;
using SoraHpc.Storage.Conventions;

namespace SoraHpc.Tests.Storage;

/// <summary>Blocks of one, two and three dimensions, between a file and memory with a halo.</summary>
public sealed class PartitionedTransferTests
{
    private TemporaryDirectory directory = null!;
    private Hdf5File file = null!;

    [SetUp]
    public void Make()
    {
        directory = new TemporaryDirectory();
        file = Hdf5File.Create(directory.File("a.h5"));
    }

    [TearDown]
    public void Delete()
    {
        file.Dispose();
        directory.Dispose();
    }

    [Test]
    public void Block_of_three_dimensions_comes_back_and_its_halo_stays([Values(0, 1, 3)] int halo)
    {
        Hdf5Dataset dataset = file.CreateDataset<int>("x", [2, 6, 7, 8]);
        int[] cells = [.. Enumerable.Range(0, 2 * 6 * 7 * 8)];
        dataset.Write(dataset.Whole, cells.AsSpan());
        Block block = new(new Cell(1, 2, 3), new Cell(5, 4, 8));
        long row = block.Columns + 2 * halo, plane = row * (block.Rows + 2 * halo);
        int[] field = new int[plane * (block.Planes + 2 * halo)];
        Array.Fill(field, -1);
        PartitionedReader.Read<int>(dataset, block, field, halo * (plane + row + 1), row, plane, leading: [1]);
        for (long i = 0; i < field.Length; i++)
        {
            Cell cell = block.Begin + new Cell(i / plane - halo, i % plane / row - halo, i % row - halo);
            Assert.That(field[i], Is.EqualTo(block.Contains(cell) ? 336 + (cell.Plane * 7 + cell.Row) * 8 + cell.Column : -1), $"{cell}");
        }
        Hdf5Dataset copy = file.CreateDataset<int>("y", [6, 7, 8]);
        PartitionedWriter.Write<int>(copy, block, field, halo * (plane + row + 1), row, plane);
        int[] back = copy.Read<int>();
        for (int i = 0; i < back.Length; i++)
            Assert.That(back[i], Is.EqualTo(block.Contains(new Cell(i / 56, i / 8 % 7, i % 8)) ? 336 + i : 0));
    }

    [Test]
    public void Line_of_cells_is_a_block_of_one_dimension()
    {
        Hdf5Dataset dataset = file.CreateDataset<double>("x", [10]);
        Block block = new(new Cell(0, 0, 4), new Cell(1, 1, 7));
        PartitionedWriter.Write<double>(dataset, block, [-1, 4, 5, 6, -1], 1, 5);
        Assert.That(dataset.Read<double>(), Is.EqualTo(new double[] { 0, 0, 0, 0, 4, 5, 6, 0, 0, 0 }));
    }

    [Test]
    public void Block_that_does_not_fit_is_refused_before_anything_moves()
    {
        Hdf5Dataset dataset = file.CreateDataset<double>("x", [4, 5]);
        Block all = new Extent(4, 5).Whole, cube = new Extent(2, 2, 2).Whole, beyond = new Extent(4, 6).Whole;
        double[] field = new double[24];
        Fails(() => PartitionedReader.Read<double>(dataset, all, field, 5, 5), "from element 5 to 24 of a field of 24");
        Fails(() => PartitionedReader.Read<double>(dataset, all, field, 0, 4), "do not hold the block");
        Fails(() => PartitionedReader.Read<double>(dataset, cube, field, 0, 2, 4), "more dimensions");
        Fails(() => PartitionedReader.Read<double>(dataset, beyond, field, 0, 6), "leaves the shape (4, 5)");
        Fails(() => PartitionedReader.Read<double>(dataset, all, field, 0, 5, leading: [0, 0]), "not a grid");
        Fails(() => PartitionedReader.Read<double>(dataset, new Extent(1, 5).Whole, field, 0, 5, leading: [4]), "leaves the shape");
    }

    [Test]
    public void Packed_block_is_unpacked_and_missing_cells_are_nan()
    {
        Hdf5Dataset dataset = file.CreateDataset<short>("t", [2, 3]);
        dataset.Attributes.Write("scale_factor", 0.5);
        dataset.Attributes.Write("add_offset", 273f);
        dataset.Attributes.Write<short>("_FillValue", [-32768]);
        dataset.Attributes.Write<short>("missing_value", [-1]);
        dataset.Write<short>(dataset.Whole, [0, 2, -32768, -1, -3, 32767]);
        double[] values = new double[6];
        dataset.ReadUnpacked(dataset.Whole, values);
        Assert.That(values, Is.EqualTo(new[] { 273, 274, double.NaN, double.NaN, 271.5, 16656.5 }));
        Assert.That(dataset.Packing, Is.EqualTo(new Packing(0.5, 273, -32768, -1)));
    }

    [Test]
    public void Library_says_what_it_is()
    {
        Hdf5Information information = Hdf5Information.Read();
        Assert.That(information.Version, Does.Match(@"^1\.\d+\.\d+$"));
        Assert.That(information.Found.Select(build => build.Path), Does.Contain(information.Path));
        Assert.That(information.HasMpiIo, Is.False, "no MPI is live here");
        Assert.That(information.Reason, Is.Not.Empty);
    }

    private static void Fails(TestDelegate act, string words) =>
        Assert.That(Assert.Throws<Hdf5Exception>(act)!.Message, Does.Contain("dataset x").And.Contains(words));
}
