using SoraHpc.Storage;
using SoraHpc.Storage.Conventions;

namespace SoraHpc.Jobs.Weather;

/// <summary>Names, units and standard names of the fields in our files.</summary>
internal static class FlowVariables
{
    internal static readonly CfAttributes Height = new("m") { LongName = "height of the free surface" };
    internal static readonly CfAttributes Bottom = new("m") { LongName = "height of the bottom", StandardName = "surface_altitude" };
    internal static readonly CfAttributes Eastward = new("m s-1") { LongName = "eastward wind", StandardName = "eastward_wind" };
    internal static readonly CfAttributes Northward = new("m s-1") { LongName = "northward wind", StandardName = "northward_wind" };
    internal static readonly CfAttributes Vorticity = new("s-1") { LongName = "relative vorticity", StandardName = "atmosphere_relative_vorticity" };
    internal static readonly CfAttributes Time = new("hours since 2000-01-01 00:00:00")
    {
        LongName = "model time; the start is given a nominal date", StandardName = "time", Calendar = "standard", Axis = "T",
    };

    internal static readonly CfAttributes SurfaceTemperature = new("K") { LongName = "temperature of the surface", StandardName = "surface_temperature" };
    internal static readonly CfAttributes NetRadiation = new("W m-2")
    {
        LongName = "net radiation at the top", StandardName = "net_downward_radiative_flux_at_top_of_atmosphere_model",
    };
    internal static readonly CfAttributes OutgoingLongwave = new("W m-2") { LongName = "outgoing longwave radiation", StandardName = "toa_outgoing_longwave_flux" };

    private static readonly CfAttributes Latitude = new("degrees_north") { LongName = "latitude", StandardName = "latitude", Axis = "Y" };
    private static readonly CfAttributes Longitude = new("degrees_east") { LongName = "longitude", StandardName = "longitude", Axis = "X" };

    /// <summary>Adds the dimensions latitude and longitude. Collective.</summary>
    internal static void AddGrid(CfFile file, LatLonGrid grid)
    {
        file.AddCoordinate("latitude", [.. Enumerable.Range(0, grid.Rows).Select(grid.LatitudeOf)], Latitude);
        file.AddCoordinate("longitude", [.. Enumerable.Range(0, grid.Columns).Select(grid.LongitudeOf)], Longitude);
    }

    /// <summary>Model time of a run whose start has a date.</summary>
    internal static CfAttributes TimeSince(DateTime start) =>
        Time with { Units = FormattableString.Invariant($"hours since {start:yyyy-MM-dd HH:mm:ss}"), LongName = "time" };

    /// <summary>Adds a variable of doubles whose every element will be written. Collective.</summary>
    internal static Hdf5Dataset Add(CfFile file, string name, CfAttributes attributes, params string[] dimensions) =>
        file.AddVariable<double>(name, dimensions, attributes, new DatasetLayout { EveryElementIsWritten = true });

    /// <summary>Says which case of the standard test set the file is of, so that a run from it knows. Collective.</summary>
    internal static void WriteCase(CfFile file, WilliamsonCase test)
    {
        file.File.Attributes.Write(LatLonFile.CaseAttribute, test.Number);
        file.File.Attributes.Write(LatLonFile.AngleAttribute, test.Angle);
    }
}
