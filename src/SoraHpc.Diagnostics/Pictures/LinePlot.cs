using System.Numerics;
using System.Text;

namespace SoraHpc.Diagnostics.Pictures;

/// <summary>Lines over one abscissa as one self-contained SVG: drift of mass and energy, convergence, scaling.</summary>
/// <remarks>A pure function: the same series give the same text.</remarks>
public static class LinePlot
{
    private const double Left = 92, Top = 92, Width = 720, Height = 400, LegendRow = 24;

    // Told apart by dash as well as by colour; colours keep their distance in all common kinds of colour blindness.
    private static readonly (string Color, string Dash)[] Pens =
        [("#2457b3", ""), ("#c8472b", "9 4"), ("#00836a", "3 3"), ("#8c4fb5", "11 3 3 3"), ("#a26900", "6 2"), ("#4a5568", "2 5")];

    /// <summary>Draws the plot.</summary>
    /// <returns>The text of an SVG file.</returns>
    /// <exception cref="ArgumentException">No series, or one whose X and Y differ in length.</exception>
    public static string Draw(IReadOnlyList<PlotSeries> series, LinePlotOptions options)
    {
        if (series.Count == 0)
            throw new ArgumentException("a plot needs at least one series", nameof(series));
        foreach (PlotSeries line in series)
            if (line.X.Length != line.Y.Length)
                throw new ArgumentException($"series {line.Name} has {line.X.Length} abscissae and {line.Y.Length} ordinates", nameof(series));
        var x = new PlotAxis(series.SelectMany(line => line.X), options.LogarithmicX, 9);
        var y = new PlotAxis(series.SelectMany(line => line.Y), options.LogarithmicY, 8);
        int width = (int)(Left + Width) + 220, height = (int)(Top + Height) + 74;
        var svg = new SvgBuilder(width, height, options.Title, $"{options.Subtitle} {options.YLabel} over {options.XLabel}: {string.Join(", ", series.Select(line => line.Name))}");
        svg.Text(Left, 40, 24, options.Title, "font-weight=\"650\" letter-spacing=\"-0.2\"");
        svg.Text(Left, 65, 14.5, options.Subtitle, $"fill=\"{SvgBuilder.Muted}\"");
        DrawAxes(svg, x, y, options);
        for (int i = 0; i < series.Count; i++)
            DrawSeries(svg, series[i], x, y, Pens[i % Pens.Length], Top + 14 + i * LegendRow);
        return svg.Finish();
    }

    private static void DrawAxes(SvgBuilder svg, PlotAxis x, PlotAxis y, LinePlotOptions options)
    {
        string grid = $"stroke=\"{SvgBuilder.Rule}\" stroke-width=\"0.8\"", muted = $"fill=\"{SvgBuilder.Muted}\"";
        foreach (double tick in x.TickValues)
        {
            double at = Left + x.Share(tick) * Width;
            svg.Line(at, Top, at, Top + Height, grid);
            svg.Text(at, Top + Height + 19, 12, x.Label(tick), $"text-anchor=\"middle\" {muted}");
        }
        foreach (double tick in y.TickValues)
        {
            double at = Top + (1 - y.Share(tick)) * Height;
            svg.Line(Left, at, Left + Width, at, grid);
            svg.Text(Left - 9, at + 4, 12, y.Label(tick), $"text-anchor=\"end\" {muted}");
        }
        svg.Rectangle(Left, Top, Width, Height, $"fill=\"none\" stroke=\"{SvgBuilder.Ink}\" stroke-width=\"1\"");
        svg.Text(Left + Width / 2, Top + Height + 46, 13, options.XLabel, "text-anchor=\"middle\"");
        svg.Text(0, 0, 13, options.YLabel, $"text-anchor=\"middle\" transform=\"translate(22 {Top + Height / 2:0}) rotate(-90)\"");
    }

    private static void DrawSeries(SvgBuilder svg, PlotSeries series, PlotAxis x, PlotAxis y, (string Color, string Dash) pen, double legendY)
    {
        string stroke = $"fill=\"none\" stroke=\"{pen.Color}\" stroke-width=\"2\" stroke-linejoin=\"round\" stroke-dasharray=\"{(pen.Dash.Length > 0 ? pen.Dash : "none")}\"";
        var path = new StringBuilder();
        var piece = new List<Vector2>();
        for (int i = 0; i <= series.X.Length; i++)
        {
            if (i < series.X.Length && x.Shows(series.X[i]) && y.Shows(series.Y[i]))
            {
                piece.Add(new((float)(Left + x.Share(series.X[i]) * Width), (float)(Top + (1 - y.Share(series.Y[i])) * Height)));
                continue;
            }
            SvgBuilder.AppendPolyline(path, piece.ToArray());
            if (series.Markers)
                foreach (Vector2 point in piece)
                    svg.Append($"<circle cx=\"{point.X:0.#}\" cy=\"{point.Y:0.#}\" r=\"3.6\" fill=\"{pen.Color}\"/>\n");
            piece.Clear();
        }
        svg.Path(path.ToString(), stroke);
        svg.Line(Left + Width + 20, legendY, Left + Width + 50, legendY, stroke);
        svg.Text(Left + Width + 58, legendY + 4.5, 13, series.Name);
    }
}
