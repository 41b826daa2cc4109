using System.Numerics;
using System.Text;

namespace SoraHpc.Diagnostics.Pictures;

/// <summary>Contour lines with their values written along them.</summary>
internal static class ContourLayer
{
    private const double Spacing = 4;               // pixels between the nodes that are contoured
    private const float LabelEvery = 520, ShortestLabelled = 110, LabelSize = 10.5f;
    private const int Reach = 6;                    // points to each side that decide how straight a line is

    internal static void Draw(SvgBuilder svg, MapFrame frame, FieldSampler sampler, double[] values, double[] levels, double interval)
    {
        int columns = (int)(frame.Width / Spacing) + 1, rows = (int)(frame.Height / Spacing) + 1;
        double[] grid = sampler.Resample(frame.Latitudes(rows, 0, rows - 1), frame.Longitudes(columns, 0, columns - 1), values);
        var scale = new Vector2((float)frame.Width / (columns - 1), (float)frame.Height / (rows - 1));
        var corner = new Vector2((float)MapFrame.Left, (float)MapFrame.Top);
        var path = new StringBuilder();
        var labels = new List<Label>();
        foreach (double level in levels)
        {
            string text = Ticks.Label(level, interval);
            foreach (Vector2[] line in ContourTracer.Trace(grid, rows, columns, level))
            {
                Vector2[] points = Array.ConvertAll(line, point => corner + point * scale);
                SvgBuilder.AppendPolyline(path, points);
                PlaceLabels(labels, points, text, frame);
            }
        }
        svg.Path(path.ToString(), "fill=\"none\" stroke=\"#10151f\" stroke-opacity=\"0.62\" stroke-width=\"0.9\" stroke-linejoin=\"round\"");
        svg.Append($"<g font-size=\"{LabelSize}\" text-anchor=\"middle\" fill=\"#10151f\" stroke=\"#ffffff\" stroke-opacity=\"0.72\" stroke-width=\"3\" stroke-linejoin=\"round\" paint-order=\"stroke\">\n");
        foreach (Label label in labels)
            svg.Append($"<text transform=\"translate({label.At.X:0.#} {label.At.Y:0.#}) rotate({label.Angle:0})\" y=\"3.6\">{label.Text}</text>\n");
        svg.Append($"</g>\n");
    }

    private readonly record struct Label(Vector2 At, double Angle, string Text);

    /// <summary>At the straightest place of every stretch, clear of the frame and of the other labels.</summary>
    private static void PlaceLabels(List<Label> labels, Vector2[] points, string text, MapFrame frame)
    {
        float total = 0;
        for (int i = 1; i < points.Length; i++)
            total += Vector2.Distance(points[i], points[i - 1]);
        if (total < ShortestLabelled || points.Length < 4 * Reach)
            return;
        int stretches = Math.Max(1, (int)(total / LabelEvery)), perStretch = points.Length / stretches;
        for (int stretch = 0; stretch < stretches; stretch++)
        {
            (int best, double straightness) = (-1, 0.9);     // more bent than this: better no label
            int end = Math.Min((stretch + 1) * perStretch, points.Length - Reach);
            for (int i = Math.Max(stretch * perStretch, Reach); i < end; i++)
                if (Straightness(points, i) is var straight && straight > straightness && IsClear(labels, points[i], text, frame))
                    (best, straightness) = (i, straight);
            if (best >= 0)
                labels.Add(new(points[best], Upright(points[best + Reach] - points[best - Reach]), text));
        }
    }

    private static double Straightness(Vector2[] points, int i)
    {
        float along = 0;
        for (int k = i - Reach; k < i + Reach; k++)
            along += Vector2.Distance(points[k], points[k + 1]);
        return along > 0 ? Vector2.Distance(points[i - Reach], points[i + Reach]) / along : 0;
    }

    private static bool IsClear(List<Label> labels, Vector2 at, string text, MapFrame frame)
    {
        float margin = LabelSize * (0.32f * text.Length + 0.5f);
        if (at.X < MapFrame.Left + margin || at.X > frame.Right - margin || at.Y < MapFrame.Top + margin || at.Y > frame.Bottom - margin)
            return false;
        foreach (Label label in labels)
            if (Vector2.Distance(label.At, at) < 3.2f * margin)
                return false;
        return true;
    }

    private static double Upright(Vector2 direction)
    {
        double angle = Math.Atan2(direction.Y, direction.X) * 180 / Math.PI;
        return angle > 90 ? angle - 180 : angle < -90 ? angle + 180 : angle;
    }
}
