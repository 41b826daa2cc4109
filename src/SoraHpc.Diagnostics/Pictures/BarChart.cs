using System.Globalization;

namespace SoraHpc.Diagnostics.Pictures;

/// <summary>Bars from 0 to the left and right as one self-contained SVG: what parts contribute to a whole.</summary>
/// <remarks>A pure function: the same bars give the same text.</remarks>
public static class BarChart
{
    private const double Bar = 20, Cap = 5;

    /// <summary>Draws the chart.</summary>
    /// <param name="bars">Name and length of every bar, from above.</param>
    /// <param name="title">Above it.</param>
    /// <param name="subtitle">Below the title.</param>
    /// <param name="label">What lengths are, with unit.</param>
    /// <param name="deviations">How far every length may be off to both sides, ≥ 0, drawn as a whisker; null: nothing is said.</param>
    /// <returns>The text of an SVG file.</returns>
    /// <exception cref="ArgumentException">No bar, one whose length is infinite or not a number, or not as many deviations.</exception>
    public static string Draw(IReadOnlyList<(string Name, double Length)> bars, string title, string subtitle, string label, IReadOnlyList<double>? deviations = null)
    {
        if (bars.Count == 0 || bars.Any(bar => !double.IsFinite(bar.Length)))
            throw new ArgumentException("a chart needs at least one bar, each of finite length", nameof(bars));
        if (deviations is not null && (deviations.Count != bars.Count || deviations.Any(deviation => !(deviation >= 0 && double.IsFinite(deviation)))))
            throw new ArgumentException($"{deviations.Count} deviations for {bars.Count} bars: give each a finite one, 0 or more", nameof(deviations));
        double Deviation(int bar) => deviations?[bar] ?? 0;
        string Length(int bar) => deviations is null ? Number(bars[bar].Length) : $"{Number(bars[bar].Length)} ± {deviations[bar].ToString("G2", CultureInfo.InvariantCulture)}";
        RowFrame frame = new([.. bars.Select(bar => bar.Name)], bars.SelectMany((bar, i) => (double[])[bar.Length, bar.Length - Deviation(i), bar.Length + Deviation(i)]), title, subtitle, label,
            $"{subtitle} {label}: {string.Join(", ", bars.Select((bar, i) => $"{bar.Name} {Length(i)}"))}");
        for (int i = 0; i < bars.Count; i++)
        {
            double zero = frame.X(0), end = frame.X(bars[i].Length), y = frame.Y(i);
            frame.Svg.Rectangle(Math.Min(zero, end), y - Bar / 2, Math.Abs(end - zero), Bar, $"fill=\"{(bars[i].Length < 0 ? "#c8472b" : "#2457b3")}\"");
            if (Deviation(i) > 0)
                DrawWhisker(frame.Svg, frame.X(bars[i].Length - Deviation(i)), frame.X(bars[i].Length + Deviation(i)), y);
            frame.Note(i, Length(i));
        }
        return frame.Finish();
    }

    private static void DrawWhisker(SvgBuilder svg, double from, double to, double y)
    {
        string ink = $"stroke=\"{SvgBuilder.Ink}\" stroke-width=\"1.6\"";
        svg.Line(from, y, to, y, ink);
        svg.Line(from, y - Cap, from, y + Cap, ink);
        svg.Line(to, y - Cap, to, y + Cap, ink);
    }

    private static string Number(double value) => value.ToString("G4", CultureInfo.InvariantCulture);
}
