using System.Globalization;

namespace SoraHpc.Diagnostics.Pictures;

/// <summary>Estimates with their intervals, one below the other, as one self-contained SVG: coefficients of a regression. Those whose interval leaves 0 out are full dots.</summary>
/// <remarks>A pure function: the same rows give the same text.</remarks>
public static class IntervalPlot
{
    /// <summary>Draws the plot.</summary>
    /// <param name="rows">From above.</param>
    /// <param name="title">Above it.</param>
    /// <param name="subtitle">Below the title.</param>
    /// <param name="label">What values are, with unit.</param>
    /// <returns>The text of an SVG file.</returns>
    /// <exception cref="ArgumentException">No row, or one whose value is infinite or not a number.</exception>
    public static string Draw(IReadOnlyList<PlotInterval> rows, string title, string subtitle, string label)
    {
        if (rows.Count == 0 || rows.Any(row => !double.IsFinite(row.Value)))
            throw new ArgumentException("a plot needs at least one row, each of a finite value", nameof(rows));
        RowFrame frame = new([.. rows.Select(row => row.Name)], rows.SelectMany(row => (double[])[row.Value, row.Low, row.High]), title, subtitle, label,
            $"{subtitle} {label}: {string.Join("; ", rows.Select(row => string.Create(CultureInfo.InvariantCulture, $"{row.Name} {row.Value:G4} [{row.Low:G4}, {row.High:G4}]")))}");
        for (int i = 0; i < rows.Count; i++)
        {
            bool isKnown = double.IsFinite(rows[i].Low) && double.IsFinite(rows[i].High), isFull = isKnown && (rows[i].Low > 0 || rows[i].High < 0);
            if (isKnown)
                frame.Svg.Line(frame.X(rows[i].Low), frame.Y(i), frame.X(rows[i].High), frame.Y(i), "stroke=\"#2457b3\" stroke-width=\"2.4\" stroke-linecap=\"round\"");
            frame.Svg.Append($"<circle cx=\"{frame.X(rows[i].Value):0.#}\" cy=\"{frame.Y(i):0.#}\" r=\"5\" fill=\"{(isFull ? "#2457b3" : SvgBuilder.Rule)}\" stroke=\"#2457b3\" stroke-width=\"2\"/>\n");
            frame.Note(i, rows[i].Note);
        }
        return frame.Finish();
    }
}
