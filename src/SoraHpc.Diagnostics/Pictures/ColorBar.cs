namespace SoraHpc.Diagnostics.Pictures;

/// <summary>The colours and what they stand for, with round ticks.</summary>
internal static class ColorBar
{
    private const double Thickness = 14;

    internal static void Draw(SvgBuilder svg, double left, double top, double width, FieldMapOptions options, double low, double high)
    {
        byte[] ramp = [.. Enumerable.Range(0, ColorMap.Count).Select(i => (byte)i)];
        svg.Image(left, top, width, Thickness, PngEncoder.Encode(ramp, ramp.Length, 1, options.Colors.Colors));
        svg.Rectangle(left, top, width, Thickness, $"fill=\"none\" stroke=\"{SvgBuilder.Ink}\" stroke-width=\"0.8\"");
        double step = Ticks.RoundStep(high - low, Math.Max(2, (int)(width / 65)));
        foreach (double value in Ticks.Multiples(low, high, step))
        {
            double x = left + (value - low) / (high - low) * width;
            svg.Line(x, top + Thickness, x, top + Thickness + 4, $"stroke=\"{SvgBuilder.Ink}\"");
            svg.Text(x, top + Thickness + 17, 12, Ticks.Label(value, step), "text-anchor=\"middle\"");
        }
        string unit = options.Unit.Length == 0 ? "" : options.Quantity.Length == 0 ? options.Unit : $" [{options.Unit}]";
        svg.Text(left + width + 16, top + Thickness - 2, 13, options.Quantity + unit);
    }
}
