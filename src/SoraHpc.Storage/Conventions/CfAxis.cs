namespace SoraHpc.Storage.Conventions;

/// <summary>What a dimension runs along.</summary>
public enum CfAxisKind
{
    /// <summary>The file does not say.</summary>
    Unknown,
    Latitude, Longitude, Vertical, Time,
}

/// <summary>One dimension of a variable.</summary>
/// <param name="Name">"latitude"; "" where the file names none.</param>
/// <param name="Length">Elements.</param>
/// <param name="Kind">What it runs along.</param>
/// <param name="Coordinate">The dataset of its coordinates; null when it has none.</param>
public sealed record CfAxis(string Name, long Length, CfAxisKind Kind, Hdf5Dataset? Coordinate)
{
    private const string NoVariable = "This is a netCDF dimension but not a netCDF variable";

    /// <summary>Units of the coordinates; null when not said.</summary>
    public string? Units => Coordinate?.Attributes.TryReadString("units");

    /// <summary>The coordinates, unpacked. Local.</summary>
    /// <exception cref="Hdf5Exception">The dimension has none.</exception>
    public double[] Read()
    {
        if (Coordinate is null)
            throw new Hdf5Exception($"dimension {Name} has no coordinates in the file");
        double[] values = new double[Coordinate.Elements];
        Coordinate.ReadUnpacked(Coordinate.Whole, values);
        return values;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Name} ({Length})";

    internal static CfAxis Of(Hdf5Group group, string name, long length, string? scalePath)
    {
        // A file without scales often still has a dataset of the dimension's name.
        string? path = scalePath ?? (name.Length > 0 && group.ContainsDataset(name) ? name : null);
        Hdf5Dataset? coordinate = path is null ? null : group.Dataset(path);
        if (coordinate?.Attributes.TryReadString("NAME")?.StartsWith(NoVariable, StringComparison.Ordinal) == true)
            coordinate = null;
        return new CfAxis(name, length, KindOf(name, coordinate?.Attributes), coordinate);
    }

    private static CfAxisKind KindOf(string name, Hdf5Attributes? attributes) =>
        OfUnits(attributes?.TryReadString("units")) ??
        OfName(attributes?.TryReadString("standard_name")) ??
        OfAxis(attributes?.TryReadString("axis")) ??
        OfName(name) ?? CfAxisKind.Unknown;

    private static CfAxisKind? OfUnits(string? units) => units switch
    {
        "degrees_north" or "degree_north" or "degree_N" or "degrees_N" or "degreeN" or "degreesN" => CfAxisKind.Latitude,
        "degrees_east" or "degree_east" or "degree_E" or "degrees_E" or "degreeE" or "degreesE" => CfAxisKind.Longitude,
        "Pa" or "hPa" or "millibar" or "millibars" or "mbar" or "bar" => CfAxisKind.Vertical,
        not null when units.Contains(" since ", StringComparison.Ordinal) => CfAxisKind.Time,
        _ => null,
    };

    private static CfAxisKind? OfAxis(string? axis) => axis switch
    {
        "Y" => CfAxisKind.Latitude,
        "X" => CfAxisKind.Longitude,
        "Z" => CfAxisKind.Vertical,
        "T" => CfAxisKind.Time,
        _ => null,
    };

    private static CfAxisKind? OfName(string? name) => name?.ToLowerInvariant() switch
    {
        "latitude" or "lat" => CfAxisKind.Latitude,
        "longitude" or "lon" => CfAxisKind.Longitude,
        "level" or "lev" or "plev" or "height" or "depth" or "altitude" or "air_pressure" => CfAxisKind.Vertical,
        "time" or "month" => CfAxisKind.Time,
        _ => null,
    };
}
