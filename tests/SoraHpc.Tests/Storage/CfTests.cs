using NUnit.Framework;
using SoraHpc.Storage;
using SoraHpc.Storage.Conventions;

namespace SoraHpc.Tests.Storage;

/// <summary>What we write is NetCDF-4 to the programs of the field, and what they write is understood.</summary>
public sealed class CfTests
{
    private static string Forecast(TemporaryDirectory directory)
    {
        string path = directory.File("forecast.h5");
        using CfFile file = CfFile.Create(path, title: "Shallow water, Williamson case 5");
        file.AddUnlimitedCoordinate("time", new CfAttributes("hours since 2000-01-01 00:00:00") { StandardName = "time", Calendar = "standard", Axis = "T" });
        file.AddCoordinate("latitude", [-45, 0, 45], new CfAttributes("degrees_north") { StandardName = "latitude" });
        file.AddCoordinate("longitude", [0, 90, 180, 270], new CfAttributes("degrees_east") { StandardName = "longitude" });
        file.AddDimension("bounds", 2);
        Hdf5Dataset height = file.AddVariable<double>("h", ["time", "latitude", "longitude"],
            new CfAttributes("m") { LongName = "fluid depth", StandardName = "height" }, new DatasetLayout { ChunkShape = [1, 3, 4], Deflate = 1, Shuffle = true }, fill: -999);
        Hdf5Dataset bounds = file.AddVariable<float>("longitude_bounds", ["longitude", "bounds"], new CfAttributes("degrees_east"));
        bounds.Write(bounds.Whole, [-45f, 45, 45, 135, 135, 225, 225, 315]);
        for (int step = 0; step < 3; step++)
        {
            Assert.That(file.Append("time", 6.0 * step), Is.EqualTo(step));
            height.Write(new Hyperslab([step, 0, 0], [1, 3, 4]), [.. Enumerable.Range(0, 12).Select(i => i == 5 ? -999 : step * 100.0 + i)]);
        }
        file.Commit();
        return path;
    }

    [Test]
    public void Header_is_what_ncdump_should_see()
    {
        using TemporaryDirectory directory = new();
        string header = Independent.Run("/usr/bin/ncdump", "-h", Forecast(directory)).Replace("\t", "", StringComparison.Ordinal);
        foreach (string line in (string[])
            ["time = UNLIMITED ; // (3 currently)", "latitude = 3 ;", "longitude = 4 ;", "bounds = 2 ;", "double h(time, latitude, longitude) ;",
             "h:units = \"m\" ;", "h:_FillValue = -999. ;", "float longitude_bounds(longitude, bounds) ;", ":Conventions = \"CF-1.8\" ;",
             "time:units = \"hours since 2000-01-01 00:00:00\" ;", ":title = \"Shallow water, Williamson case 5\" ;"])
            Assert.That(header, Does.Contain(line));
        Assert.That(header.IndexOf("double latitude", StringComparison.Ordinal), Is.LessThan(header.IndexOf("double h(", StringComparison.Ordinal)), "in the order of making");
    }

    [TestCase("netcdf4")]
    [TestCase("h5netcdf")]
    public void Xarray_sees_coordinates_times_and_missing_values(string engine)
    {
        using TemporaryDirectory directory = new();
        const string program = """
            import sys, xarray
            f = xarray.open_dataset(sys.argv[1], engine=sys.argv[2])
            h = f['h']
            print(h.dims, h.shape, str(f['time'].values[2])[:16], float(h.sel(latitude=45, longitude=270)[1]), int(h.isnull().sum()), h.attrs['units'])
            """;
        if (engine == "h5netcdf" && !Independent.Python("import importlib.util; print(importlib.util.find_spec('h5netcdf') is not None)").StartsWith("True", StringComparison.Ordinal))
            Assert.Ignore("python3-h5netcdf is not installed");
        string seen = Independent.Python(program, Forecast(directory), engine);
        Assert.That(seen.Trim(), Is.EqualTo("('time', 'latitude', 'longitude') (3, 3, 4) 2000-01-01T12:00 111.0 3 m"));
    }

    [Test]
    public void Scales_are_attached_as_the_high_level_library_would()
    {
        using TemporaryDirectory directory = new();
        const string program = """
            import sys, h5py
            f = h5py.File(sys.argv[1])
            print([d.keys()[0] for d in f['h'].dims], [(f[r].name, int(i)) for r, i in f['longitude'].attrs['REFERENCE_LIST']], h5py.h5ds.is_scale(f['bounds'].id))
            """;
        Assert.That(Independent.Python(program, Forecast(directory)).Trim(),
            Is.EqualTo("['time', 'latitude', 'longitude'] [('/h', 2), ('/longitude_bounds', 0)] True"));
    }

    [Test]
    public void H5dump_reads_every_byte()
    {
        using TemporaryDirectory directory = new();
        Assert.That(Independent.Run("/usr/bin/h5dump", Forecast(directory)), Does.Contain("DATASET \"h\""));
    }

    [Test]
    public void Own_file_is_understood()
    {
        using TemporaryDirectory directory = new();
        using Hdf5File file = Hdf5File.Open(Forecast(directory));
        CfVariable height = CfVariable.Open(file, "h");
        Assert.That(height.Axes.Select(axis => axis.Kind), Is.EqualTo(new[] { CfAxisKind.Time, CfAxisKind.Latitude, CfAxisKind.Longitude }));
        Assert.That(height.Axis(CfAxisKind.Time).Read(), Is.EqualTo(new[] { 0.0, 6, 12 }));
        Assert.That(height.Units, Is.EqualTo("m"));
        double[] values = new double[12];
        height.Dataset.ReadUnpacked(new Hyperslab([1, 0, 0], [1, 3, 4]), values);
        Assert.That(values, Is.EqualTo(Enumerable.Range(0, 12).Select(i => i == 5 ? double.NaN : 100.0 + i)));
        CfVariable bounds = CfVariable.Open(file, "longitude_bounds");
        Assert.That(bounds.Axes[1].Coordinate, Is.Null);
        Assert.That(bounds.Axes[1].Name, Is.EqualTo("bounds"));
        Assert.That(() => bounds.IndexOf(CfAxisKind.Latitude), Throws.TypeOf<Hdf5Exception>().With.Message.Contains("longitude (4), bounds (2)"));
    }

    [Test]
    public void Unknown_dimension_is_answered_with_those_that_are_there()
    {
        using TemporaryDirectory directory = new();
        using CfFile file = CfFile.Create(directory.File("a.h5"));
        file.AddDimension("x", 3);
        Assert.That(() => file.AddVariable<int>("v", ["y"], new CfAttributes("1")), Throws.TypeOf<Hdf5Exception>().With.Message.Contains("no dimension y; there are: x"));
    }

    [Test]
    public void Axes_of_real_files_are_found()
    {
        using Hdf5File era = Hdf5File.Open(RealData.File("era_interim_uvz.h5"));
        CfVariable z = CfVariable.Open(era, "z");
        Assert.That(z.Axes.Select(axis => axis.Kind),
            Is.EqualTo(new[] { CfAxisKind.Time, CfAxisKind.Vertical, CfAxisKind.Latitude, CfAxisKind.Longitude }));
        Assert.That(z.Axis(CfAxisKind.Vertical).Read(), Is.EqualTo(new[] { 200.0, 500, 850 }));
        Assert.That(z.Axis(CfAxisKind.Latitude).Read()[0], Is.EqualTo(90));
        using Hdf5File a1b = Hdf5File.Open(RealData.File("a1b_north_america.nc"));
        Assert.That(CfVariable.Open(a1b, "air_temperature").Axes.Select(axis => axis.Kind),
            Is.EqualTo(new[] { CfAxisKind.Time, CfAxisKind.Latitude, CfAxisKind.Longitude }));
    }
}
