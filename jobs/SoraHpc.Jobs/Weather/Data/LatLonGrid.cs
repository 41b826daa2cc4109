using SoraHpc.Diagnostics;

namespace SoraHpc.Jobs.Weather;

/// <summary>A regular grid of latitudes and longitudes over the whole sphere, in either direction of latitude, from any meridian.</summary>
public sealed class LatLonGrid
{
    private const double Tolerance = 1e-3;      // in grid lengths: coordinates are often stored in single precision

    private readonly int rowsAcrossPole;

    /// <param name="firstLatitude">[degrees north]; the rows end at the poles or half a step before them.</param>
    /// <param name="latitudeStep">[degrees]; negative from north to south.</param>
    /// <param name="firstLongitude">[degrees east].</param>
    /// <param name="columns">Even: the meridian across the pole has points too. They divide the whole circle eastwards.</param>
    /// <exception cref="SoraException">The rows do not reach from pole to pole, or the columns are odd.</exception>
    public LatLonGrid(double firstLatitude, double latitudeStep, int rows, double firstLongitude, int columns)
    {
        (FirstLatitude, LatitudeStep, Rows, FirstLongitude, Columns) = (firstLatitude, latitudeStep, rows, firstLongitude, columns);
        double first = (90 - Math.Abs(firstLatitude)) / Math.Abs(latitudeStep);
        double last = (90 - Math.Abs(firstLatitude + (rows - 1) * latitudeStep)) / Math.Abs(latitudeStep);
        bool fromPole = Math.Abs(first) < Tolerance, fromHalf = Math.Abs(first - 0.5) < Tolerance;
        if (rows < 4 || !(fromPole || fromHalf) || Math.Abs(last - first) > Tolerance * rows)
            throw new SoraException($"{rows} latitudes from {firstLatitude}° in steps of {latitudeStep}° do not span the globe: "
                + "they must begin and end at the poles, or half a step before them");
        if (columns < 4 || columns % 2 != 0)
            throw new SoraException($"{columns} longitudes cannot be continued across the poles: an even number, 4 or more, is needed");
        rowsAcrossPole = fromPole ? 0 : 1;
    }

    /// <summary>Rows of cells over the globe and twice as many columns; points in the middle of the cells, from south to north, from 0° to the east.</summary>
    public static LatLonGrid CellCentred(int rows) => new(-90 + 90.0 / rows, 180.0 / rows, rows, 90.0 / rows, 2 * rows);

    /// <summary>From coordinates as a file has them.</summary>
    /// <exception cref="SoraException">They are not evenly spaced, or do not go round the globe.</exception>
    public static LatLonGrid FromCoordinates(ReadOnlySpan<double> latitudes, ReadOnlySpan<double> longitudes)
    {
        double latitudeStep = StepOf(latitudes, "latitude"), longitudeStep = StepOf(longitudes, "longitude");
        if (Math.Abs(longitudeStep * longitudes.Length - 360) > Tolerance * longitudeStep * longitudes.Length)
            throw new SoraException($"{longitudes.Length} longitudes in steps of {longitudeStep}° do not go once round the globe to the east");
        return new(latitudes[0], latitudeStep, latitudes.Length, longitudes[0], longitudes.Length);
    }

    public int Rows { get; }
    public int Columns { get; }
    public double FirstLatitude { get; }
    public double LatitudeStep { get; }
    public double FirstLongitude { get; }

    /// <summary>Latitude of a row [degrees north].</summary>
    public double LatitudeOf(int row) => FirstLatitude + row * LatitudeStep;

    /// <summary>Longitude of a column [degrees east].</summary>
    public double LongitudeOf(int column) => FirstLongitude + column * (360.0 / Columns);

    /// <summary>A point of the grid.</summary>
    public GeoPoint PointAt(int row, int column) => new(LatitudeOf(row) * (Math.PI / 180), LongitudeOf(column) * (Math.PI / 180));

    /// <summary>Position of a place in rows and columns, fractional; columns in [0, Columns].</summary>
    public (double Row, double Column) PositionOf(GeoPoint point)
    {
        double row = (point.Latitude * (180 / Math.PI) - FirstLatitude) / LatitudeStep;
        double column = (point.Longitude * (180 / Math.PI) - FirstLongitude) / (360.0 / Columns);
        return (row, column - Math.Floor(column / Columns) * Columns);
    }

    /// <summary>The point of the grid that an index outside it stands for: round the globe, and over a pole onto the meridian opposite.</summary>
    public (int Row, int Column) Wrap(int row, int column)
    {
        if (row < 0)
            (row, column) = (-row - rowsAcrossPole, column + Columns / 2);
        else if (row >= Rows)
            (row, column) = (2 * Rows - 2 + rowsAcrossPole - row, column + Columns / 2);
        return (row, (column % Columns + Columns) % Columns);
    }

    private static double StepOf(ReadOnlySpan<double> coordinates, string name)
    {
        double step = coordinates.Length < 2 ? double.NaN : (coordinates[^1] - coordinates[0]) / (coordinates.Length - 1);
        for (int i = 1; i < coordinates.Length; i++)
            if (!(Math.Abs(coordinates[i] - coordinates[i - 1] - step) <= 10 * Tolerance * Math.Abs(step)))
                throw new SoraException($"{name} is not evenly spaced: {coordinates[i - 1]} is followed by {coordinates[i]}, the mean step is {step}");
        return step is > 0 or < 0 ? step : throw new SoraException($"{name} needs two different values or more");
    }
}
