namespace SoraHpc.Diagnostics.Pictures;

/// <summary>A field on the globe as one self-contained SVG: colours, contour lines, wind arrows, graticule, colour bar.</summary>
/// <remarks>A pure function: the same field gives the same text. The projection is equidistant cylindrical; there are no coastlines.</remarks>
public static class FieldMap
{
    private const double PixelsPerUnit = 1.25;      // enough for a screen at 125 %; the field is smoother than that anyway
    private const int Missing = ColorMap.Count - 1; // the palette index given up for "no value"

    /// <summary>Draws the map.</summary>
    /// <param name="field">What is coloured and contoured.</param>
    /// <param name="options">Words, colours, intervals.</param>
    /// <param name="wind">Arrows over it, on the same points; null: none.</param>
    /// <returns>The text of an SVG file.</returns>
    /// <exception cref="ArgumentException">The wind's shape is not the field's.</exception>
    public static string Draw(LatLonField field, FieldMapOptions options, WindField? wind = null)
    {
        if (wind is not null && (wind.Eastward.Length != field.Values.Length || wind.Northward.Length != field.Values.Length))
            throw new ArgumentException($"wind holds {wind.Eastward.Length} and {wind.Northward.Length} entries, the field {field.Values.Length}", nameof(wind));
        var frame = new MapFrame(field);
        var sampler = new FieldSampler(field);
        (double min, double max, double mean) = field.Statistics();
        (double low, double high) = options.Range ?? ColorRange(min, max, options.Colors);
        double interval = options.ContourInterval ?? (max > min ? Ticks.RoundStep(max - min, 12) : 0);
        string caption = Caption(options.Unit, min, max, mean, interval);

        int height = (int)frame.Bottom + 118, width = (int)(MapFrame.Left + Math.Max(frame.Width, 560)) + 36;
        var svg = new SvgBuilder(width, height, options.Title, $"{options.Subtitle} {options.Quantity}: {caption}");
        svg.Text(MapFrame.Left, 40, 24, options.Title, "font-weight=\"650\" letter-spacing=\"-0.2\"");
        svg.Text(MapFrame.Left, 65, 14.5, options.Subtitle, $"fill=\"{SvgBuilder.Muted}\"");
        svg.Image(MapFrame.Left, MapFrame.Top, frame.Width, frame.Height, Paint(sampler, field, frame, options.Colors, low, high));
        Graticule.Draw(svg, frame);
        if (wind is not null)
            WindArrows.Draw(svg, frame, sampler, wind, options.ArrowSpacing);
        if (interval > 0 && double.IsFinite(min))
            ContourLayer.Draw(svg, frame, sampler, field.Values, Ticks.Multiples(min, max, interval), interval);
        svg.Rectangle(MapFrame.Left, MapFrame.Top, frame.Width, frame.Height, $"fill=\"none\" stroke=\"{SvgBuilder.Ink}\" stroke-width=\"1\"");
        ColorBar.Draw(svg, MapFrame.Left, frame.Bottom + 46, Math.Min(520, frame.Width * 0.55), options, low, high);
        svg.Text(MapFrame.Left, height - 14, 12.5, caption, $"fill=\"{SvgBuilder.Muted}\"");
        return svg.Finish();
    }

    /// <summary>The field's own range; symmetric about zero for colours that diverge; never empty.</summary>
    internal static (double Low, double High) ColorRange(double min, double max, ColorMap colors)
    {
        if (!double.IsFinite(min))
            return (0, 1);
        if (colors == ColorMap.Diverging)
            (min, max) = (-Math.Max(Math.Abs(min), Math.Abs(max)), Math.Max(Math.Abs(min), Math.Abs(max)));
        double margin = max > min ? 0 : Math.Max(Math.Abs(max), 1) * 0.5;     // a constant field gets the middle colour
        return (min - margin, max + margin);
    }

    private static string Caption(string unit, double min, double max, double mean, double interval)
    {
        if (!double.IsFinite(min))
            return "no finite value";
        if (Math.Abs(mean) < 1e-9 * Math.Max(Math.Abs(min), Math.Abs(max)))
            mean = 0;                           // only rounding is left of it
        unit = unit.Length > 0 ? "\u2009" + unit : "";
        string text = $"min {Ticks.Number(min)}{unit} · area mean {Ticks.Number(mean)}{unit} · max {Ticks.Number(max)}{unit}";
        return interval > 0 ? $"{text} · contour lines every {Ticks.Label(interval, interval)}{unit}" : text;
    }

    private static byte[] Paint(FieldSampler sampler, LatLonField field, MapFrame frame, ColorMap colors, double low, double high)
    {
        int width = (int)(PixelsPerUnit * frame.Width), height = (int)(PixelsPerUnit * frame.Height);
        double[] values = sampler.Resample(frame.Latitudes(height, 0.5, height), frame.Longitudes(width, 0.5, width), field.Values);
        var pixels = new byte[values.Length];
        for (int i = 0; i < values.Length; i++)
            pixels[i] = (byte)(double.IsNaN(values[i]) ? Missing : Math.Min(ColorMap.IndexOf(values[i], low, high), Missing - 1));
        return PngEncoder.Encode(pixels, width, height, colors.Colors, Missing);
    }
}
