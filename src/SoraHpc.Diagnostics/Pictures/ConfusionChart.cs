using System.Globalization;

namespace SoraHpc.Diagnostics.Pictures;

/// <summary>What is taken for what, as one self-contained SVG: a square of counts, darker where there are more of a row; errors in another colour.</summary>
/// <remarks>A pure function: the same counts give the same text.</remarks>
public static class ConfusionChart
{
    private const double Left = 190, Top = 110, MostRight = 480;

    /// <summary>Draws the chart.</summary>
    /// <param name="counts">Classes × classes: row is what it is, column what it was taken for; each ≥ 0.</param>
    /// <param name="classes">Names, as many as there are rows and columns.</param>
    /// <param name="title">Above it.</param>
    /// <param name="subtitle">Below the title.</param>
    /// <returns>The text of an SVG file.</returns>
    /// <exception cref="ArgumentException">Counts are no square of so many classes, or one is below 0.</exception>
    public static string Draw(long[,] counts, IReadOnlyList<string> classes, string title, string subtitle)
    {
        int order = classes.Count;
        if (order == 0 || counts.GetLength(0) != order || counts.GetLength(1) != order || counts.Cast<long>().Any(count => count < 0))
            throw new ArgumentException($"{counts.GetLength(0)} × {counts.GetLength(1)} counts of {order} classes: give a square of them, each 0 or more", nameof(counts));
        double cell = Math.Clamp(MostRight / order, 22, 90), side = order * cell;
        SvgBuilder svg = new((int)(Left + Math.Max(side, MostRight)) + 40, (int)(Top + side) + 74, title, $"{subtitle}; {string.Join("; ", Enumerable.Range(0, order).Select(row => Sentence(counts, classes, row)))}");
        svg.Text(24, 40, 24, title, "font-weight=\"650\" letter-spacing=\"-0.2\"");
        svg.Text(24, 65, 14.5, subtitle, $"fill=\"{SvgBuilder.Muted}\"");
        for (int row = 0; row < order; row++)
        {
            long all = Enumerable.Range(0, order).Sum(column => counts[row, column]);
            for (int column = 0; column < order; column++)
                DrawCell(svg, Left + column * cell, Top + row * cell, cell, counts[row, column], all, row == column);
            svg.Text(Left - 10, Top + (row + 0.5) * cell + 4.5, 13, classes[row], "text-anchor=\"end\"");
            svg.Text(Left + (row + 0.5) * cell, Top + side + 20, 13, classes[row], "text-anchor=\"middle\"");
        }
        svg.Rectangle(Left, Top, side, side, $"fill=\"none\" stroke=\"{SvgBuilder.Ink}\" stroke-width=\"1\"");
        svg.Text(Left + side / 2, Top + side + 48, 13, "what the model says", "text-anchor=\"middle\"");
        svg.Text(0, 0, 13, "what it is", $"text-anchor=\"middle\" transform=\"translate(36 {Top + side / 2:0}) rotate(-90)\"");
        return svg.Finish();
    }

    // Opacity, not another colour: right on white pages and on dark ones. Errors are rare, so their square root is shown.
    private static void DrawCell(SvgBuilder svg, double x, double y, double cell, long count, long ofRow, bool isRight)
    {
        double share = ofRow > 0 ? (double)count / ofRow : 0, opacity = isRight ? share : Math.Sqrt(share);
        if (count > 0)
            svg.Rectangle(x, y, cell, cell, string.Create(CultureInfo.InvariantCulture, $"fill=\"{(isRight ? "#1f4fa9" : "#b43c22")}\" fill-opacity=\"{0.06 + 0.94 * opacity:0.###}\""));
        svg.Rectangle(x, y, cell, cell, $"fill=\"none\" stroke=\"{SvgBuilder.Rule}\" stroke-width=\"0.6\"");
        svg.Text(x + cell / 2, y + cell / 2 + 4.5, Math.Min(13, cell / 3), count.ToString(CultureInfo.InvariantCulture), $"text-anchor=\"middle\" fill=\"{(count == 0 ? SvgBuilder.Muted : opacity > 0.5 ? "#fefefe" : SvgBuilder.Ink)}\"");
    }

    private static string Sentence(long[,] counts, IReadOnlyList<string> classes, int row) =>
        $"{classes[row]}: {string.Join(", ", Enumerable.Range(0, classes.Count).Where(column => counts[row, column] > 0).Select(column => $"{counts[row, column]} as {classes[column]}"))}";
}
