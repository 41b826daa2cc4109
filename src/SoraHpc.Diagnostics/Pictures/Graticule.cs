using System.Globalization;

namespace SoraHpc.Diagnostics.Pictures;

/// <summary>Meridians and parallels at round degrees, labelled outside the frame.</summary>
internal static class Graticule
{
    private static ReadOnlySpan<double> Steps => [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 45, 60];

    internal static void Draw(SvgBuilder svg, MapFrame frame)
    {
        const string line = "stroke=\"#ffffff\" stroke-opacity=\"0.38\" stroke-width=\"0.7\"";
        string label = $"fill=\"{SvgBuilder.Muted}\"";
        double step = Step(frame.East - frame.West, frame.Width / 75);
        foreach (double longitude in Ticks.Multiples(frame.West, frame.East, step))
        {
            double x = frame.X(longitude);
            svg.Line(x, MapFrame.Top, x, frame.Bottom, line);
            svg.Line(x, frame.Bottom, x, frame.Bottom + 5, $"stroke=\"{SvgBuilder.Ink}\"");
            svg.Text(x, frame.Bottom + 19, 12, Longitude(longitude), $"text-anchor=\"middle\" {label}");
        }
        step = Step(frame.North - frame.South, frame.Height / 60);
        foreach (double latitude in Ticks.Multiples(frame.South, frame.North, step))
        {
            double y = frame.Y(latitude);
            svg.Line(MapFrame.Left, y, frame.Right, y, line);
            svg.Line(MapFrame.Left - 5, y, MapFrame.Left, y, $"stroke=\"{SvgBuilder.Ink}\"");
            svg.Text(MapFrame.Left - 9, y + 4, 12, Latitude(latitude), $"text-anchor=\"end\" {label}");
        }
    }

    /// <summary>"30°E", "150°W", "0°", "180°" for any longitude, also beyond 180.</summary>
    internal static string Longitude(double degrees)
    {
        double wrapped = degrees - 360 * Math.Floor((degrees + 180) / 360);
        double size = Math.Round(Math.Abs(wrapped), 4);
        string side = size is 0 or 180 ? "" : wrapped > 0 ? "E" : "W";
        return string.Create(CultureInfo.InvariantCulture, $"{size}°{side}");
    }

    /// <summary>"60°N", "0°", "30°S".</summary>
    internal static string Latitude(double degrees)
    {
        double size = Math.Round(Math.Abs(degrees), 4);
        return string.Create(CultureInfo.InvariantCulture, $"{size}°{(size == 0 ? "" : degrees > 0 ? "N" : "S")}");
    }

    private static double Step(double degrees, double most)
    {
        foreach (double step in Steps)
            if (degrees / step <= most)
                return step;
        return Steps[^1];
    }
}
