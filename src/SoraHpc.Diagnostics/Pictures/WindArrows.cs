using System.Globalization;
using System.Text;

namespace SoraHpc.Diagnostics.Pictures;

/// <summary>Arrows as long as the wind is fast, pointing where it blows, with a reference arrow below the map.</summary>
internal static class WindArrows
{
    private const double Calm = 0.04;               // slower than this share of the reference: a dot

    internal static void Draw(SvgBuilder svg, MapFrame frame, FieldSampler sampler, WindField wind, int spacing)
    {
        int columns = Math.Max(1, (int)(frame.Width / spacing)), rows = Math.Max(1, (int)(frame.Height / spacing));
        double[] latitudes = frame.Latitudes(rows, 0.5, rows), longitudes = frame.Longitudes(columns, 0.5, columns);
        double[] east = sampler.Resample(latitudes, longitudes, wind.Eastward), north = sampler.Resample(latitudes, longitudes, wind.Northward);
        double fast = FastSpeed(east, north), reference = Ticks.RoundStep(fast, 1);
        double length = 0.92 * spacing * reference / fast;      // a fast arrow ends short of the next one
        var arrows = new StringBuilder();
        for (int i = 0; i < east.Length; i++)
            AppendArrow(arrows, frame.X(longitudes[i % columns]), frame.Y(latitudes[i / columns]), east[i] / reference * length, -north[i] / reference * length, Calm * length);
        svg.Append($"<clipPath id=\"frame\"><rect x=\"{MapFrame.Left}\" y=\"{MapFrame.Top}\" width=\"{frame.Width}\" height=\"{frame.Height}\"/></clipPath>\n<g clip-path=\"url(#frame)\">\n");
        Stroke(svg, "arrows", arrows);
        svg.Append($"</g>\n");

        var sample = new StringBuilder();
        double right = MapFrame.Left + Math.Max(frame.Width, 560), y = frame.Bottom + 56;
        AppendArrow(sample, right - 0.5 * length, y, length, 0, 0);
        Stroke(svg, "reference-arrow", sample);
        svg.Text(right - length - 10, y + 4.5, 13, $"wind {Ticks.Label(reference, reference)}\u2009m/s", "text-anchor=\"end\"");
    }

    /// <summary>The speed that all but the fastest hundredth stay below, so that one gale does not shrink all other arrows; 1 in still air.</summary>
    internal static double FastSpeed(double[] east, double[] north)
    {
        double[] speeds = [.. east.Zip(north, double.Hypot).Where(double.IsFinite).Order()];
        double fast = speeds.Length > 0 ? speeds[(int)(0.99 * (speeds.Length - 1))] : 0;
        return fast > 0 ? fast : 1;
    }

    /// <summary>An arrow centred on (x, y); a dot when it is shorter than <paramref name="shortest"/>; nothing for a missing wind.</summary>
    private static void AppendArrow(StringBuilder path, double x, double y, double dx, double dy, double shortest)
    {
        double length = double.Hypot(dx, dy);
        if (!double.IsFinite(length))
            return;
        if (length <= shortest)
        {
            path.Append(CultureInfo.InvariantCulture, $"M{x:0.#} {y:0.#}h.1");
            return;
        }
        double head = Math.Min(6.5, 0.45 * length), ux = dx / length, uy = dy / length;
        double tipX = x + 0.5 * dx, tipY = y + 0.5 * dy, backX = tipX - head * ux, backY = tipY - head * uy, half = 0.45 * head;
        path.Append(CultureInfo.InvariantCulture, $"M{x - 0.5 * dx:0.#} {y - 0.5 * dy:0.#}L{tipX:0.#} {tipY:0.#}");
        path.Append(CultureInfo.InvariantCulture, $"M{backX - half * uy:0.#} {backY + half * ux:0.#}L{tipX:0.#} {tipY:0.#}L{backX + half * uy:0.#} {backY - half * ux:0.#}");
    }

    // A pale line under a dark one keeps arrows readable on every colour.
    private static void Stroke(SvgBuilder svg, string name, StringBuilder path)
    {
        svg.Append($"<defs><path id=\"{name}\" d=\"{path}\" fill=\"none\" stroke-linecap=\"round\" stroke-linejoin=\"round\"/></defs>\n");
        svg.Append($"<use href=\"#{name}\" stroke=\"#ffffff\" stroke-opacity=\"0.6\" stroke-width=\"2.8\"/>\n");
        svg.Append($"<use href=\"#{name}\" stroke=\"#10151f\" stroke-width=\"1.15\"/>\n");
    }
}
