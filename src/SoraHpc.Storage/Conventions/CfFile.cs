using SoraHpc.Communication;
using SoraHpc.Storage.Hdf5;

namespace SoraHpc.Storage.Conventions;

/// <summary>
/// Writes HDF5 that is also NetCDF-4 under the CF conventions, so that ncdump, xarray and ParaView know the dimensions, coordinates
/// and units. Every method is collective and every rank passes the same; the data itself is written through the datasets.
/// </summary>
/// <remarks>Sources: CF-1.8; NetCDF-4 format specification (Unidata), "dimensions" and "creation order"; HDF5 Dimension Scale Specification.</remarks>
public sealed class CfFile : IDisposable
{
    private readonly List<CfScale> scales = [];
    private readonly List<(Hdf5Dataset Dataset, CfScale[] Dimensions)> variables = [];

    private CfFile(Hdf5File file) => File = file;

    /// <summary>The file, for groups, attributes and datasets of one's own.</summary>
    public Hdf5File File { get; }

    /// <summary>Starts a file; it takes its place in <see cref="Commit"/>. Collective.</summary>
    /// <param name="title">What is in it, in a line; null: no title.</param>
    public static CfFile Create(string path, Communicator? communicator = null, string? title = null)
    {
        Hdf5File file = Hdf5File.Create(path, communicator);
        try
        {
            file.Attributes.WriteString("Conventions", "CF-1.8");
            if (title is not null)
                file.Attributes.WriteString("title", title);
            return new CfFile(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>A dimension that has a length and no coordinates. Collective.</summary>
    public void AddDimension(string name, long length)
    {
        File.CreateScaleWithoutCoordinates(name, length);
        AddScale(name, length, $"This is a netCDF dimension but not a netCDF variable.{length,10}");
    }

    /// <summary>A dimension with its coordinates. Collective.</summary>
    public Hdf5Dataset AddCoordinate(string name, ReadOnlySpan<double> values, CfAttributes attributes)
    {
        Hdf5Dataset dataset = File.CreateDataset<double>(name, [values.Length]);
        if (File.Container.IsRoot)
            dataset.Write(dataset.Whole, values, TransferMode.Independent);
        AddScale(name, values.Length, name);
        attributes.WriteTo(dataset.Attributes);
        return dataset;
    }

    /// <summary>A dimension without end, of length 0 until <see cref="Append"/>: the time of a run. Collective.</summary>
    public Hdf5Dataset AddUnlimitedCoordinate(string name, CfAttributes attributes)
    {
        const int perChunk = 512;
        DatasetLayout growing = new() { ChunkShape = [perChunk], MaximumShape = [DatasetLayout.Unlimited] };
        Hdf5Dataset dataset = File.CreateDataset<double>(name, [0], growing);
        AddScale(name, 0, name).Unlimited = dataset;
        attributes.WriteTo(dataset.Attributes);
        return dataset;
    }

    /// <summary>A variable over dimensions that were added before. Collective.</summary>
    /// <param name="dimensions">Names, slowest first; the unlimited one only as the first.</param>
    /// <param name="layout">Chunks and compression; over an unlimited dimension null means one chunk for each step.</param>
    /// <param name="fill">What stands for "no value" (_FillValue); null: none.</param>
    /// <exception cref="Hdf5Exception">A dimension was not added; the message lists those that were.</exception>
    public Hdf5Dataset AddVariable<T>(string name, IReadOnlyList<string> dimensions, CfAttributes attributes, DatasetLayout? layout = null, T? fill = null)
        where T : unmanaged
    {
        CfScale[] over = [.. dimensions.Select(dimension => ScaleOf(name, dimension))];
        long[] shape = [.. over.Select(scale => scale.Length)];
        layout = Growing(layout ?? new DatasetLayout(), over);
        Hdf5Dataset dataset = File.CreateDataset(name, shape, layout, fill);
        if (fill is T value)
            dataset.Attributes.Write<T>("_FillValue", new ReadOnlySpan<T>(in value));
        attributes.WriteTo(dataset.Attributes);
        if (over.Length > 0)
            dataset.Attributes.WriteDimensionList([.. over.Select(scale => $"/{scale.Name}")]);
        for (int i = 0; i < over.Length; i++)
            over[i].Uses.Add((dataset.Path, i));
        variables.Add((dataset, over));
        return dataset;
    }

    /// <summary>Adds one step to an unlimited dimension and to every variable over it. Collective.</summary>
    /// <param name="coordinate">The step's coordinate, in the dimension's units.</param>
    /// <returns>The step's index.</returns>
    public long Append(string dimension, double coordinate)
    {
        CfScale scale = ScaleOf(dimension, dimension);
        Hdf5Dataset steps = scale.Unlimited ?? throw File.Container.Error($"dimension {dimension}", "it is not unlimited");
        long step = scale.Length++;
        steps.Extend([scale.Length]);
        if (File.Container.IsRoot)
            steps.Write(new Hyperslab([step], [1]), [coordinate], TransferMode.Independent);
        foreach ((Hdf5Dataset dataset, CfScale[] over) in variables)
            if (over.Contains(scale))
                dataset.Extend([.. over.Select(each => each.Length)]);
        return step;
    }

    /// <summary>Completes the dimension scales, closes the file and puts it in its place. Collective.</summary>
    public void Commit()
    {
        foreach (CfScale scale in scales.Where(scale => scale.Uses.Count > 0))
            scale.Attributes.WriteReferenceList(scale.Uses);
        File.Commit();
    }

    /// <summary>As <see cref="Hdf5File.Dispose"/>.</summary>
    public void Dispose() => File.Dispose();

    private CfScale AddScale(string name, long length, string scaleName)
    {
        CfScale scale = new(name, length, new Hdf5Attributes(File.Container, $"/{name}"));
        scale.Attributes.WriteText("CLASS", "DIMENSION_SCALE", nullTerminated: true);
        scale.Attributes.WriteText("NAME", scaleName, nullTerminated: true);
        scale.Attributes.Write("_Netcdf4Dimid", scales.Count);
        scales.Add(scale);
        return scale;
    }

    private CfScale ScaleOf(string variable, string dimension) => scales.Find(scale => scale.Name == dimension)
        ?? throw File.Container.Error($"variable {variable}", $"there is no dimension {dimension}; there are: {string.Join(", ", scales.Select(scale => scale.Name))}");

    private static DatasetLayout Growing(DatasetLayout layout, CfScale[] over) => !over.Any(scale => scale.Unlimited is not null) ? layout : layout with
    {
        ChunkShape = layout.ChunkShape ?? [.. over.Select(scale => scale.Unlimited is null ? Math.Max(1, scale.Length) : 1)],
        MaximumShape = [.. over.Select(scale => scale.Unlimited is null ? scale.Length : DatasetLayout.Unlimited)],
    };
}

/// <summary>A dimension of a file being written, and the variables it is attached to.</summary>
internal sealed class CfScale(string name, long length, Hdf5Attributes attributes)
{
    internal string Name { get; } = name;
    internal long Length { get; set; } = length;
    internal Hdf5Attributes Attributes { get; } = attributes;
    internal Hdf5Dataset? Unlimited { get; set; }
    internal List<(string Path, int Dimension)> Uses { get; } = [];
}
