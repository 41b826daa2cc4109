namespace SoraHpc.Diagnostics.Pictures;

/// <summary>Small grey images in rows, each with a caption, as one self-contained SVG.</summary>
/// <remarks>A pure function: the same images give the same text.</remarks>
public static class ImageGallery
{
    private const int Margin = 32, Top = 84, Edge = 84, Gap = 20, CaptionHeight = 22;
    private const string MarkedColour = "#c8472b";

    /// <summary>Draws the images.</summary>
    /// <param name="images">One or more, all of <paramref name="rows"/> × <paramref name="columns"/> pixels.</param>
    /// <param name="rows">Rows of pixels.</param>
    /// <param name="columns">Columns of pixels.</param>
    /// <param name="title">The large line on top.</param>
    /// <param name="subtitle">The line below it.</param>
    /// <param name="perRow">Images side by side.</param>
    /// <returns>The text of an SVG file.</returns>
    /// <exception cref="ArgumentException">No image, or one of another size.</exception>
    public static string Draw(IReadOnlyList<GalleryImage> images, int rows, int columns, string title, string subtitle, int perRow = 8)
    {
        if (images.Count == 0 || images.Any(image => image.Brightness.Length != rows * columns))
            throw new ArgumentException($"a gallery needs one image or more, each of {rows} × {columns} pixels", nameof(images));
        int lines = (images.Count + perRow - 1) / perRow;
        SvgBuilder svg = new(2 * Margin + perRow * (Edge + Gap) - Gap, Top + lines * (Edge + CaptionHeight + Gap), title, $"{subtitle}: {string.Join("; ", images.Select(image => image.Caption))}");
        svg.Text(Margin, 38, 22, title, "font-weight=\"650\" letter-spacing=\"-0.2\"");
        svg.Text(Margin, 62, 14, subtitle, $"fill=\"{SvgBuilder.Muted}\"");
        Rgb[] greys = [.. Enumerable.Range(0, 256).Select(level => new Rgb((byte)(255 - level), (byte)(255 - level), (byte)(255 - level)))];
        for (int i = 0; i < images.Count; i++)
        {
            int x = Margin + i % perRow * (Edge + Gap), y = Top + i / perRow * (Edge + CaptionHeight + Gap);
            byte[] pixels = Array.ConvertAll(images[i].Brightness, value => (byte)Math.Clamp(value * 255 + 0.5f, 0, 255));
            string data = Convert.ToBase64String(PngEncoder.Encode(pixels, columns, rows, greys));
            svg.Append($"<image x=\"{x}\" y=\"{y}\" width=\"{Edge}\" height=\"{Edge}\" style=\"image-rendering:pixelated\" href=\"data:image/png;base64,{data}\"/>\n");
            svg.Rectangle(x, y, Edge, Edge, $"fill=\"none\" stroke=\"{(images[i].IsMarked ? MarkedColour : SvgBuilder.Rule)}\" stroke-width=\"{(images[i].IsMarked ? 2 : 1)}\"");
            svg.Text(x + Edge / 2.0, y + Edge + 16, 13, images[i].Caption, $"text-anchor=\"middle\"{(images[i].IsMarked ? $" fill=\"{MarkedColour}\" font-weight=\"650\"" : "")}");
        }
        return svg.Finish();
    }
}
