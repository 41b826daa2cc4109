using System.Globalization;
using NUnit.Framework;
using SoraHpc.Decomposition;
using SoraHpc.Storage;

namespace SoraHpc.Tests.Storage;

/// <summary>Files other people wrote, compared with what h5py and h5dump read from them.</summary>
public sealed class RealFileTests
{
    private static readonly string[] Files =
    [
        "era_interim_uvz.h5", "a1b_north_america.nc", "fesom_pi_mesh.nc", "fesom_pi_temp_1948.nc", "openpmd_femm_3d.h5", "hdf5_tall.h5",
    ];

    private const string SumsOfAllNumbers = """
        import sys, h5py, numpy
        def visit(name, item):
            if isinstance(item, h5py.Dataset) and item.dtype.kind in 'iuf' and item.shape is not None:
                numbers = item[...].astype('f8')
                print(name, 'x'.join(map(str, item.shape)), repr(float(numpy.nansum(numbers.ravel() * (numpy.arange(numbers.size) % 7 + 1)))))
        h5py.File(sys.argv[1], 'r').visititems(visit)
        """;

    [TestCaseSource(nameof(Files))]
    public void Every_numeric_dataset_is_what_h5py_reads(string name)
    {
        string path = RealData.File(name);
        string[] lines = Independent.Python(SumsOfAllNumbers, path).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        using Hdf5File file = Hdf5File.Open(path);
        Assert.That(lines, Is.Not.Empty);
        foreach (string line in lines)
        {
            string[] parts = line.Split(' ');
            Hdf5Dataset dataset = file.Dataset(string.Join(' ', parts[..^2]));
            Assert.That(string.Join('x', dataset.Shape), Is.EqualTo(parts[^2]), line);
            double expected = double.Parse(parts[^1], CultureInfo.InvariantCulture);
            double[] numbers = dataset.Read<double>();
            double sum = 0, size = 0;
            for (int i = 0; i < numbers.Length; i++)
                if (numbers[i] * (i % 7 + 1) is var term && !double.IsNaN(term))      // weights, so that the order counts
                    (sum, size) = (sum + term, size + Math.Abs(term));
            // The sums add in different orders: n roundings of at most 2^-53 of the sum of magnitudes.
            Assert.That(sum, Is.EqualTo(expected).Within(numbers.Length * Math.ScaleB(1, -53) * size), line);
        }
    }

    [Test]
    public void Packed_geopotential_is_unpacked_as_xarray_does()
    {
        string path = RealData.File("era_interim_uvz.h5");
        const string program = "import sys, xarray; z = xarray.open_dataset(sys.argv[1], engine='netcdf4')['z'].values.astype('f8'); " +
            "print(repr(float(z[0,0,0,0])), repr(float(z[1,2,240,479])), repr(float(z[1,1,120,7])))";
        double[] expected = [.. Independent.Python(program, path).Split(' ').Select(text => double.Parse(text, CultureInfo.InvariantCulture))];
        using Hdf5File file = Hdf5File.Open(path);
        Hdf5Dataset z = file.Dataset("z");
        double[] value = new double[1];
        long[][] places = [[0, 0, 0, 0], [1, 2, 240, 479], [1, 1, 120, 7]];
        for (int i = 0; i < places.Length; i++)
        {
            z.ReadUnpacked(new Hyperslab(places[i], [1, 1, 1, 1]), value);
            Assert.That(value[0], Is.EqualTo(expected[i]).Within(1e-6).Percent);
        }
        Assert.That(z.Dimensions, Is.EqualTo(new[] { "month", "level", "latitude", "longitude" }));
        Assert.That(z.ChunkShape, Is.EqualTo(new long[] { 1, 1, 241, 480 }));
        Assert.That(z.Filters, Is.EqualTo(new[] { "shuffle", "deflate" }));
        Assert.That(z.ElementType.ToString(), Is.EqualTo("int16"));
    }

    [Test]
    public unsafe void Blocks_with_a_halo_tile_the_geopotential()
    {
        using Hdf5File file = Hdf5File.Open(RealData.File("era_interim_uvz.h5"));
        Hdf5Dataset z = file.Dataset("z");
        double[] whole = new double[241 * 480];
        z.ReadUnpacked(new Hyperslab([1, 1, 0, 0], [1, 1, 241, 480]), whole);
        Block[] blocks = [Rows(0, 100, 0, 200), Rows(0, 100, 200, 480), Rows(100, 241, 0, 480), Rows(5, 5, 5, 5)];
        double[] assembled = new double[whole.Length];
        const int halo = 2;
        foreach (Block block in blocks)
        {
            int stride = (int)block.Columns + 2 * halo;
            double[] field = new double[(block.Rows + 2 * halo) * stride];
            Array.Fill(field, -7);
            fixed (double* first = &field[halo * stride + halo])
                PartitionedReader.ReadUnpacked(z, block, first, stride, leading: [1, 1]);
            for (int row = 0; row < block.Rows + 2 * halo; row++)
                for (int column = 0; column < stride; column++)
                {
                    double value = field[row * stride + column];
                    if (row < halo || row >= block.Rows + halo || column < halo || column >= block.Columns + halo)
                        Assert.That(value, Is.EqualTo(-7), "the halo is not touched");
                    else
                        assembled[(block.Begin.Row + row - halo) * 480 + block.Begin.Column + column - halo] = value;
                }
        }
        Assert.That(assembled, Is.EqualTo(whole));
    }

    private static Block Rows(long begin, long end, long west, long east) => new(new Cell(0, begin, west), new Cell(1, end, east));

    private record struct Station(int a_name, float e_name, sbyte g_name);

    [Test]
    public void Members_of_a_big_endian_compound_are_read_by_name()
    {
        string path = RealData.File("hdf5_tcompound_complex.h5");
        const string program = "import sys, h5py; print(' '.join(f'{r[0]};{r[4]!r};{r[6]}' for r in h5py.File(sys.argv[1])['CompoundComplex'][...]))";
        string[] expected = Independent.Python(program, path).Trim().Split(' ');
        using Hdf5File file = Hdf5File.Open(path);
        Station[] stations = file.Dataset("CompoundComplex").Read<Station>();
        Assert.That(stations.Select(s => string.Create(CultureInfo.InvariantCulture, $"{s.a_name};{(double)s.e_name:0.0#####};{s.g_name}")), Is.EqualTo(expected));
    }

    [Test]
    public void Filters_of_the_tool_tests_are_read_or_named()
    {
        using Hdf5File file = Hdf5File.Open(RealData.File("hdf5_tfilters.h5"));
        int[] expected = [.. Enumerable.Range(0, 200)];
        foreach (string name in (string[])["chunked", "compact", "contiguous", "deflate", "shuffle", "fletcher32"])
            Assert.That(file.Dataset(name).Read<int>(), Is.EqualTo(expected), name);
        Assert.That(() => file.Dataset("myfilter").Read<int>(), Throws.TypeOf<Hdf5Exception>().With.Message.Contains("dataset myfilter").And.Message.Contains("filter"));
    }

    [Test]
    public void Broken_and_external_links_are_not_datasets()
    {
        using Hdf5File file = Hdf5File.Open(RealData.File("hdf5_tall.h5"));
        Assert.That(file.GroupNames, Is.EqualTo(new[] { "g1", "g2" }));
        Assert.That(file.Group("g1/g1.2").DatasetNames, Is.Empty);
        Assert.That(file.Group("g1/g1.2").GroupNames, Is.EqualTo(new[] { "g1.2.1" }));
        Assert.That(file.ContainsDataset("g1/g1.2/extlink"), Is.False);
        Assert.That(file.Dataset("g2/dset2.2").ElementType.IsBigEndian, Is.True);
    }

    [Test]
    public void Dimensions_of_an_unlimited_variable_are_named()
    {
        using Hdf5File file = Hdf5File.Open(RealData.File("a1b_north_america.nc"));
        Assert.That(file.Dataset("air_temperature").Dimensions, Is.EqualTo(new[] { "time", "latitude", "longitude" }));
        Assert.That(file.Dataset("latitude").Dimensions, Is.EqualTo(new[] { "latitude" }));
        Assert.That(file.Dataset("time_bnds").Dimensions, Is.EqualTo(new[] { "time", "bnds" }));
    }
}
