namespace SoraHpc.Storage.Conventions;

/// <summary>What a CF variable says about itself.</summary>
/// <param name="Units">UDUNITS text: "m s-1", "degrees_north", "hours since 2000-01-01 00:00:00"; "1" for a pure number.</param>
public sealed record CfAttributes(string Units)
{
    /// <summary>For a plot's title.</summary>
    public string? LongName { get; init; }

    /// <summary>From the CF standard name table: "eastward_wind".</summary>
    public string? StandardName { get; init; }

    /// <summary>"X", "Y", "Z" or "T" of a coordinate.</summary>
    public string? Axis { get; init; }

    /// <summary>Of a time coordinate: "standard", "360_day" …</summary>
    public string? Calendar { get; init; }

    /// <summary>Names of auxiliary coordinates, separated by blanks.</summary>
    public string? Coordinates { get; init; }

    internal void WriteTo(Hdf5Attributes attributes)
    {
        foreach ((string name, string? value) in ((string, string?)[])
            [("standard_name", StandardName), ("long_name", LongName), ("units", Units), ("calendar", Calendar), ("axis", Axis), ("coordinates", Coordinates)])
            if (value is not null)
                attributes.WriteString(name, value);
    }
}
