using SoraHpc.Communication;
using SoraHpc.Diagnostics;
using SoraHpc.Storage;

namespace SoraHpc.Jobs.Weather;

/// <summary>A file of flow on a latitude–longitude grid: what `sora data weather` writes, or an analysis of geopotential and wind.</summary>
/// <remarks>
/// Variables with trailing dimensions (latitude, longitude): `height` and `surface_height` [m], `u`, `v` [m s⁻¹]; or `z`, geopotential
/// [m² s⁻²], which then stands for a free surface at z/g over a flat bottom. Packed numbers are unpacked.
/// </remarks>
public sealed class LatLonFile : IDisposable
{
    internal const string CaseAttribute = "williamson_case", AngleAttribute = "williamson_angle";

    private readonly Hdf5File file;

    /// <summary>Opens the file and reads its grid. Collective.</summary>
    /// <exception cref="SoraException">It is missing, not HDF5, or its coordinates are not a global grid.</exception>
    public LatLonFile(string path, Communicator communicator)
    {
        file = Hdf5File.Open(path, communicator);
        try
        {
            Grid = LatLonGrid.FromCoordinates(Coordinate("latitude", "lat"), Coordinate("longitude", "lon"));
        }
        catch (SoraException reason) when (reason is not Hdf5Exception)
        {
            file.Dispose();
            throw new SoraException($"{path}: {reason.Message}");
        }
    }

    public LatLonGrid Grid { get; }

    /// <summary>The case of the standard test set the file was made from; null for anything else.</summary>
    public WilliamsonCase? Case => file.Attributes.TryRead(CaseAttribute, out int number)
        ? WilliamsonCase.Create(number, file.Attributes.TryRead(AngleAttribute, out double angle) ? angle : 0) : null;

    /// <summary>Reads whole rows. Local: every rank reads what it needs.</summary>
    /// <exception cref="SoraException">A variable is missing or has another shape, the level or month is not there, or a value is not a number.</exception>
    public LatLonRows Read(int firstRow, int rows, WeatherOptions options)
    {
        bool isAnalysis = !file.ContainsDataset("height") && file.ContainsDataset("z");
        double[] surface = Read(isAnalysis ? "z" : "height", firstRow, rows, options);
        for (int i = 0; isAnalysis && i < surface.Length; i++)
            surface[i] /= Planet.Gravity;
        double[] bottom = file.ContainsDataset("surface_height") ? Read("surface_height", firstRow, rows, options) : new double[surface.Length];
        return new(firstRow, rows, surface, bottom, Read("u", firstRow, rows, options), Read("v", firstRow, rows, options));
    }

    /// <inheritdoc/>
    public void Dispose() => file.Dispose();

    private double[] Read(string name, int firstRow, int rows, WeatherOptions options)
    {
        Hdf5Dataset dataset = file.Dataset(name);
        long[] shape = dataset.Shape, start = new long[shape.Length], count = new long[shape.Length];
        if (shape.Length < 2 || shape[^2] != Grid.Rows || shape[^1] != Grid.Columns)
            throw new SoraException($"{file.FileName}: dataset {name} has the shape ({string.Join(", ", shape)}), "
                + $"its last two dimensions must be latitude and longitude ({Grid.Rows}, {Grid.Columns})");
        for (int i = 0; i < shape.Length - 2; i++)
            (start[i], count[i]) = (IndexAlong(dataset.Dimensions[i], options), 1);
        (start[^2], count[^2], count[^1]) = (firstRow, rows, Grid.Columns);
        double[] values = new double[rows * Grid.Columns];
        if (rows > 0)
            dataset.ReadUnpacked(new Hyperslab(start, count), values);
        int missing = Array.FindIndex(values, value => !double.IsFinite(value));
        if (missing >= 0)
        {
            (start[^2], start[^1]) = (firstRow + missing / Grid.Columns, missing % Grid.Columns);
            throw new SoraException($"{file.FileName}: dataset {name}[{string.Join(", ", start)}] is not a finite number: the model needs a value everywhere");
        }
        return values;
    }

    private long IndexAlong(string dimension, WeatherOptions options)
    {
        double? wanted = dimension == "level" ? options.Level : dimension == "month" ? options.Month : null;
        if (wanted is null)
            return 0;
        double[] values = Coordinate(dimension);
        int index = Array.FindIndex(values, value => Math.Abs(value - wanted.Value) <= 1e-6 * Math.Abs(wanted.Value));
        return index >= 0 ? index : throw new SoraException($"{file.FileName}: there is no {dimension} {wanted}; there are: {string.Join(", ", values)}");
    }

    private double[] Coordinate(params ReadOnlySpan<string> names)
    {
        string name = names[0];
        foreach (string candidate in names)
            name = file.ContainsDataset(candidate) && !file.ContainsDataset(name) ? candidate : name;
        return file.Dataset(name).Read<double>();
    }
}
