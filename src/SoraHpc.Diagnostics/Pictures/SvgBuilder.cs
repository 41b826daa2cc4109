using System.Globalization;
using System.Net;
using System.Numerics;
using System.Text;

namespace SoraHpc.Diagnostics.Pictures;

/// <summary>Writes the few SVG elements the pictures are made of; numbers with one decimal, text escaped. Pages are white, or dark where the reader asks for that.</summary>
internal sealed class SvgBuilder
{
    internal const string Ink = "#1d2433", Muted = "#5b6475", Rule = "#c9ced8";

    // What replaces each colour where the reader asks for dark pages: as readable there, and as far apart.
    private static readonly (string Light, string Dark)[] Shades =
    [
        (Ink, "#e6e9f0"), (Muted, "#a3acbd"), (Rule, "#3a4353"), ("#2457b3", "#7ba4f4"), ("#c8472b", "#f08468"), ("#00836a", "#3fc4a3"), ("#8c4fb5", "#c294e6"), ("#a26900", "#dda23c"), ("#4a5568", "#9aa6bd"),
    ];

    private static readonly string Style = $"@media (prefers-color-scheme:dark){{#page{{fill:#12161f}}{string.Concat(Shades.Select(shade => $"[fill=\"{shade.Light}\"]{{fill:{shade.Dark}}}[stroke=\"{shade.Light}\"]{{stroke:{shade.Dark}}}"))}}}";

    private const string Fonts = "Inter, 'Helvetica Neue', Helvetica, Arial, 'Liberation Sans', 'DejaVu Sans', sans-serif";
    private readonly StringBuilder svg = new(1 << 16);

    internal SvgBuilder(int width, int height, string title, string description)
    {
        Append($"""
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" aria-labelledby="title description" font-family="{Fonts}" fill="{Ink}">
            <title id="title">{WebUtility.HtmlEncode(title)}</title>
            <desc id="description">{WebUtility.HtmlEncode(description)}</desc>
            <style>{Style}</style>
            <rect id="page" width="{width}" height="{height}" fill="#ffffff"/>

            """);
    }

    internal void Append(FormattableString markup) => svg.Append(markup.ToString(CultureInfo.InvariantCulture));

    /// <summary>Text at its baseline; <paramref name="style"/> holds further attributes.</summary>
    internal void Text(double x, double y, double size, string text, string style = "") =>
        Append($"<text x=\"{x:0.#}\" y=\"{y:0.#}\" font-size=\"{size:0.#}\" {style}>{WebUtility.HtmlEncode(text)}</text>\n");

    internal void Line(double x1, double y1, double x2, double y2, string style) =>
        Append($"<line x1=\"{x1:0.#}\" y1=\"{y1:0.#}\" x2=\"{x2:0.#}\" y2=\"{y2:0.#}\" {style}/>\n");

    internal void Rectangle(double x, double y, double width, double height, string style) =>
        Append($"<rect x=\"{x:0.#}\" y=\"{y:0.#}\" width=\"{width:0.#}\" height=\"{height:0.#}\" {style}/>\n");

    internal void Path(string data, string style) => Append($"<path d=\"{data}\" {style}/>\n");

    /// <summary>An image stretched over the rectangle.</summary>
    internal void Image(double x, double y, double width, double height, byte[] png) =>
        Append($"<image x=\"{x:0.#}\" y=\"{y:0.#}\" width=\"{width:0.#}\" height=\"{height:0.#}\" preserveAspectRatio=\"none\" href=\"data:image/png;base64,{Convert.ToBase64String(png)}\"/>\n");

    /// <summary>Path data of a line through the points.</summary>
    internal static void AppendPolyline(StringBuilder path, ReadOnlySpan<Vector2> points)
    {
        for (int i = 0; i < points.Length; i++)
            path.Append(CultureInfo.InvariantCulture, $"{(i == 0 ? 'M' : 'L')}{points[i].X:0.#} {points[i].Y:0.#}");
    }

    internal string Finish() => svg.Append("</svg>\n").ToString();
}
