namespace SoraHpc.Diagnostics.Pictures;

/// <summary>Where the map lies on the page and which degrees it shows: equidistant cylindrical, so degrees are straight and even.</summary>
internal sealed class MapFrame
{
    internal const double Left = 64, Top = 92, LargestWidth = 1060, LargestHeight = 640;

    internal MapFrame(LatLonField field)
    {
        (South, North) = Bounds(field.Latitudes);
        (South, North) = (Math.Max(South, -90), Math.Min(North, 90));
        (West, East) = Bounds(field.Longitudes);
        if (field.IsPeriodic)
            (West, East) = field.Longitudes[0] > -5 ? (0, 360) : (-180, 180);
        double scale = Math.Min(LargestWidth / (East - West), LargestHeight / (North - South));
        (Width, Height) = (Math.Round(scale * (East - West)), Math.Round(scale * (North - South)));
    }

    internal double West { get; }
    internal double East { get; }
    internal double South { get; }
    internal double North { get; }
    internal double Width { get; }
    internal double Height { get; }
    internal double Right => Left + Width;
    internal double Bottom => Top + Height;

    internal double X(double longitude) => Left + (longitude - West) / (East - West) * Width;
    internal double Y(double latitude) => Top + (North - latitude) / (North - South) * Height;

    /// <summary>Longitudes of <paramref name="count"/> places across the map; <paramref name="offset"/> 0.5: middles of pixels.</summary>
    internal double[] Longitudes(int count, double offset, double spans) =>
        Places(count, i => West + (i + offset) / spans * (East - West));

    /// <summary>Latitudes from the top down, likewise.</summary>
    internal double[] Latitudes(int count, double offset, double spans) =>
        Places(count, i => North - (i + offset) / spans * (North - South));

    private static double[] Places(int count, Func<int, double> at) => [.. Enumerable.Range(0, count).Select(at)];

    /// <summary>The outer edges of the outermost cells.</summary>
    private static (double Low, double High) Bounds(double[] coordinate)
    {
        double first = coordinate[0] - 0.5 * (coordinate[1] - coordinate[0]), last = coordinate[^1] + 0.5 * (coordinate[^1] - coordinate[^2]);
        return (Math.Min(first, last), Math.Max(first, last));
    }
}
