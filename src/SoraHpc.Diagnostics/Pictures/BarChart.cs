using System.Globalization;

namespace SoraHpc.Diagnostics.Pictures;

/// <summary>Bars from 0 to the left and right as one self-contained SVG: what parts contribute to a whole.</summary>
/// <remarks>A pure function: the same bars give the same text.</remarks>
public static class BarChart
{
    private const double Left = 250, Top = 92, Width = 560, Row = 30, Bar = 20;

    /// <summary>Draws the chart.</summary>
    /// <param name="bars">Name and length of every bar, from above.</param>
    /// <param name="title">Above it.</param>
    /// <param name="subtitle">Below the title.</param>
    /// <param name="label">What lengths are, with unit.</param>
    /// <returns>The text of an SVG file.</returns>
    /// <exception cref="ArgumentException">No bar, or one whose length is infinite or not a number.</exception>
    public static string Draw(IReadOnlyList<(string Name, double Length)> bars, string title, string subtitle, string label)
    {
        if (bars.Count == 0 || bars.Any(bar => !double.IsFinite(bar.Length)))
            throw new ArgumentException("a chart needs at least one bar, each of finite length", nameof(bars));
        PlotAxis axis = new(bars.Select(bar => bar.Length).Append(0), false, 7);
        double height = bars.Count * Row, zero = Left + axis.Share(0) * Width;
        SvgBuilder svg = new((int)(Left + Width) + 70, (int)(Top + height) + 74, title, $"{subtitle} {label}: {string.Join(", ", bars.Select(bar => $"{bar.Name} {Number(bar.Length)}"))}");
        svg.Text(24, 40, 24, title, "font-weight=\"650\" letter-spacing=\"-0.2\"");
        svg.Text(24, 65, 14.5, subtitle, $"fill=\"{SvgBuilder.Muted}\"");
        foreach (double tick in axis.TickValues)
        {
            double at = Left + axis.Share(tick) * Width;
            svg.Line(at, Top, at, Top + height, $"stroke=\"{SvgBuilder.Rule}\" stroke-width=\"0.8\"");
            svg.Text(at, Top + height + 19, 12, axis.Label(tick), $"text-anchor=\"middle\" fill=\"{SvgBuilder.Muted}\"");
        }
        for (int i = 0; i < bars.Count; i++)
        {
            double y = Top + i * Row + (Row - Bar) / 2, end = Left + axis.Share(bars[i].Length) * Width;
            svg.Rectangle(Math.Min(zero, end), y, Math.Abs(end - zero), Bar, $"fill=\"{(bars[i].Length < 0 ? "#c8472b" : "#2457b3")}\"");
            svg.Text(Left - 12, y + Bar - 5, 13, bars[i].Name, "text-anchor=\"end\"");
            svg.Text(Left + Width + 10, y + Bar - 5, 12, Number(bars[i].Length), $"fill=\"{SvgBuilder.Muted}\"");
        }
        svg.Line(zero, Top, zero, Top + height, $"stroke=\"{SvgBuilder.Ink}\" stroke-width=\"1\"");
        svg.Text(Left + Width / 2, Top + height + 46, 13, label, "text-anchor=\"middle\"");
        return svg.Finish();
    }

    private static string Number(double value) => value.ToString("G4", CultureInfo.InvariantCulture);
}
