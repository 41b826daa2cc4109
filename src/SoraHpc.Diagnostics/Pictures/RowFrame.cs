namespace SoraHpc.Diagnostics.Pictures;

/// <summary>Rows with a name each over one axis: what bars and intervals have in common.</summary>
internal sealed class RowFrame
{
    internal const double Row = 30;

    private const double Left = 250, Top = 92, Width = 560;

    private readonly PlotAxis axis;
    private readonly double height;

    /// <param name="names">From above.</param>
    /// <param name="values">What the axis has to have a place for, besides 0.</param>
    /// <param name="title">Above it.</param>
    /// <param name="subtitle">Below the title.</param>
    /// <param name="label">What values are, with unit.</param>
    /// <param name="description">For those who cannot see it.</param>
    internal RowFrame(IReadOnlyList<string> names, IEnumerable<double> values, string title, string subtitle, string label, string description)
    {
        axis = new(values.Append(0), false, 7);
        height = names.Count * Row;
        Svg = new((int)(Left + Width) + 250, (int)(Top + height) + 74, title, description);
        Svg.Text(24, 40, 24, title, "font-weight=\"650\" letter-spacing=\"-0.2\"");
        Svg.Text(24, 65, 14.5, subtitle, $"fill=\"{SvgBuilder.Muted}\"");
        foreach (double tick in axis.TickValues)
        {
            Svg.Line(X(tick), Top, X(tick), Top + height, $"stroke=\"{SvgBuilder.Rule}\" stroke-width=\"0.8\"");
            Svg.Text(X(tick), Top + height + 19, 12, axis.Label(tick), $"text-anchor=\"middle\" fill=\"{SvgBuilder.Muted}\"");
        }
        for (int i = 0; i < names.Count; i++)
            Svg.Text(Left - 12, Y(i) + 5, 13, names[i], "text-anchor=\"end\"");
        Svg.Text(Left + Width / 2, Top + height + 46, 13, label, "text-anchor=\"middle\"");
    }

    internal SvgBuilder Svg { get; }

    internal double X(double value) => Left + axis.Share(value) * Width;

    /// <summary>The middle of a row.</summary>
    internal double Y(int row) => Top + (row + 0.5) * Row;

    /// <summary>Words at the right of a row.</summary>
    internal void Note(int row, string text) => Svg.Text(Left + Width + 10, Y(row) + 5, 12, text, $"fill=\"{SvgBuilder.Muted}\"");

    /// <summary>The line of 0, over all rows, and the end.</summary>
    internal string Finish()
    {
        Svg.Line(X(0), Top, X(0), Top + height, $"stroke=\"{SvgBuilder.Ink}\" stroke-width=\"1\"");
        return Svg.Finish();
    }
}
