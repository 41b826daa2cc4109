namespace SoraHpc.Diagnostics.Pictures;

/// <summary>Small images in rows, each with a caption, as one self-contained SVG: grey, or with numbers of either sign laid over them in colour.</summary>
/// <remarks>A pure function: the same images give the same text.</remarks>
public static class ImageGallery
{
    private const int Margin = 32, Top = 84, Gap = 20, CaptionHeight = 22, LegendHeight = 56, LegendWidth = 220;
    private const string MarkedColour = "#c8472b";

    // Of an image with numbers over it: 16 × 15 colours are what a palette takes.
    private const int Greys = 16, Tints = 15, DarkestGrey = 64;

    /// <summary>Draws the images.</summary>
    /// <param name="images">One or more, all of <paramref name="rows"/> × <paramref name="columns"/> pixels.</param>
    /// <param name="rows">Rows of pixels.</param>
    /// <param name="columns">Columns of pixels.</param>
    /// <param name="title">The large line on top.</param>
    /// <param name="subtitle">The line below it.</param>
    /// <param name="perRow">Images side by side.</param>
    /// <param name="edge">Width and height of each [pixels].</param>
    /// <param name="legend">What colours stand for, from −1 to 1; null: no legend.</param>
    /// <returns>The text of an SVG file.</returns>
    /// <exception cref="ArgumentException">No image, or one of another size.</exception>
    public static string Draw(IReadOnlyList<GalleryImage> images, int rows, int columns, string title, string subtitle, int perRow = 8, int edge = 84, string? legend = null)
    {
        if (images.Count == 0 || images.Any(image => image.Brightness.Length != rows * columns || (image.Signs?.Length ?? rows * columns) != rows * columns))
            throw new ArgumentException($"a gallery needs one image or more, each of {rows} × {columns} pixels", nameof(images));
        int lines = (images.Count + perRow - 1) / perRow, bottom = Top + lines * (edge + CaptionHeight + Gap);
        SvgBuilder svg = new(2 * Margin + perRow * (edge + Gap) - Gap, bottom + (legend is null ? 0 : LegendHeight), title, $"{subtitle}: {string.Join("; ", images.Select(image => image.Caption))}");
        svg.Text(Margin, 38, 22, title, "font-weight=\"650\" letter-spacing=\"-0.2\"");
        svg.Text(Margin, 62, 14, subtitle, $"fill=\"{SvgBuilder.Muted}\"");
        for (int i = 0; i < images.Count; i++)
        {
            int x = Margin + i % perRow * (edge + Gap), y = Top + i / perRow * (edge + CaptionHeight + Gap);
            string data = Convert.ToBase64String(Encode(images[i], rows, columns));
            svg.Append($"<image x=\"{x}\" y=\"{y}\" width=\"{edge}\" height=\"{edge}\" style=\"image-rendering:pixelated\" href=\"data:image/png;base64,{data}\"/>\n");
            svg.Rectangle(x, y, edge, edge, $"fill=\"none\" stroke=\"{(images[i].IsMarked ? MarkedColour : SvgBuilder.Rule)}\" stroke-width=\"{(images[i].IsMarked ? 2 : 1)}\"");
            svg.Text(x + edge / 2.0, y + edge + 16, 13, images[i].Caption, $"text-anchor=\"middle\"{(images[i].IsMarked ? $" fill=\"{MarkedColour}\" font-weight=\"650\"" : "")}");
        }
        if (legend is not null)
            ColorBar.Draw(svg, Margin, bottom, LegendWidth, new FieldMapOptions { Title = "", Quantity = legend, Colors = ColorMap.Diverging }, -1, 1);
        return svg.Finish();
    }

    private static byte[] Encode(GalleryImage image, int rows, int columns)
    {
        if (image.Signs is not { } signs)
            return PngEncoder.Encode(Array.ConvertAll(image.Brightness, value => (byte)Math.Clamp(value * 255 + 0.5f, 0, 255)), columns, rows,
                (Rgb[])[.. Enumerable.Range(0, 256).Select(level => new Rgb((byte)(255 - level), (byte)(255 - level), (byte)(255 - level)))]);
        byte[] pixels = new byte[rows * columns];
        for (int i = 0; i < pixels.Length; i++)
            pixels[i] = (byte)(Step(image.Brightness[i], Greys) * Tints + Step((signs[i] + 1) / 2, Tints));
        return PngEncoder.Encode(pixels, columns, rows, (Rgb[])[.. Enumerable.Range(0, Greys * Tints).Select(index => Mix(index / Tints, index % Tints))]);
    }

    private static int Step(float share, int steps) => (int)Math.Clamp(share * (steps - 1) + 0.5f, 0, steps - 1);

    // The colour as paint on paper that is itself more or less grey.
    private static Rgb Mix(int grey, int tint)
    {
        Rgb color = ColorMap.Diverging[tint * (ColorMap.Count - 1) / (Tints - 1)];
        double light = 1 - (double)grey / (Greys - 1) * DarkestGrey / 255;
        return new((byte)(color.Red * light), (byte)(color.Green * light), (byte)(color.Blue * light));
    }
}
