namespace SoraHpc.Diagnostics.Pictures;

/// <summary>
/// 256 colours from low to high, equally far apart to the eye (Oklab distance), readable without colour vision because lightness
/// only rises (<see cref="Sequential"/>) or falls away from the middle alike on both sides (<see cref="Diverging"/>).
/// </summary>
public sealed class ColorMap
{
    /// <summary>Number of colours.</summary>
    public const int Count = 256;

    private readonly Rgb[] colors;

    private ColorMap(Func<double, Oklab> curve) => colors = SampleEvenly(curve);

    /// <summary>Dark violet over blue and green to light yellow: for amounts (height, speed, temperature).</summary>
    public static ColorMap Sequential { get; } = new(SequentialCurve);

    /// <summary>Blue over near-white to red: for differences from zero (anomalies, vorticity).</summary>
    public static ColorMap Diverging { get; } = new(DivergingCurve);

    /// <summary>The colour at an index in [0, <see cref="Count"/>).</summary>
    public Rgb this[int index] => colors[index];

    /// <summary>All colours, low to high.</summary>
    public ReadOnlySpan<Rgb> Colors => colors;

    /// <summary>Index of a value in [<paramref name="low"/>, <paramref name="high"/>]; beyond the ends the end colour.</summary>
    public static int IndexOf(double value, double low, double high) =>
        high > low ? (int)Math.Clamp((value - low) / (high - low) * Count, 0, Count - 1) : Count / 2;

    private static Oklab SequentialCurve(double t)
    {
        double hue = 300 - 195 * Math.Pow(t, 1.15);
        return Showable(0.35 + 0.605 * t, 0.145 - 0.025 * Math.Cos(2 * Math.PI * t), hue);
    }

    private static Oklab DivergingCurve(double t)
    {
        double side = 2 * t - 1, away = Math.Abs(side);
        double chroma = 0.165 * Math.Pow(away, 0.9) * (1 - 0.25 * away * away);
        return Showable(0.965 - 0.56 * Math.Pow(away, 1.25), chroma, side < 0 ? 256 : 30);
    }

    /// <summary>The most colourful showable colour of this lightness and hue up to the chroma asked for.</summary>
    private static Oklab Showable(double lightness, double chroma, double hue)
    {
        Oklab color = Oklab.FromHue(lightness, chroma, hue);
        if (color.IsShowable)
            return color;
        double low = 0, high = chroma;
        for (int halving = 0; halving < 30; halving++)
        {
            double middle = 0.5 * (low + high);
            (low, high) = Oklab.FromHue(lightness, middle, hue).IsShowable ? (middle, high) : (low, middle);
        }
        return Oklab.FromHue(lightness, low, hue);
    }

    /// <summary>Walks the curve in small steps and keeps the points at equal arc length.</summary>
    private static Rgb[] SampleEvenly(Func<double, Oklab> curve)
    {
        const int steps = 16 * Count;
        Oklab[] points = Smooth(Smooth([.. Enumerable.Range(0, steps + 1).Select(i => curve((double)i / steps))]));
        var length = new double[steps + 1];
        for (int i = 1; i <= steps; i++)
            length[i] = length[i - 1] + points[i].DistanceTo(points[i - 1]);
        var sampled = new Rgb[Count];
        for (int color = 0, at = 0; color < Count; color++)
        {
            double wanted = length[steps] * color / (Count - 1);
            while (at < steps - 1 && length[at + 1] < wanted)
                at++;
            sampled[color] = Oklab.Mix(points[at], points[at + 1], (wanted - length[at]) / (length[at + 1] - length[at])).ToRgb();
        }
        return sampled;
    }

    // Where a curve meets the limits of the screen it has a corner, and the eye sees a corner as an edge in the picture.
    private static Oklab[] Smooth(Oklab[] points)
    {
        int widest = points.Length / 12;
        var smooth = new Oklab[points.Length];
        for (int i = 0; i < points.Length; i++)
        {
            int reach = Math.Min(widest, Math.Min(i, points.Length - 1 - i));     // the ends stay
            ReadOnlySpan<Oklab> around = points.AsSpan(i - reach, 2 * reach + 1);
            double l = 0, a = 0, b = 0;
            foreach (Oklab point in around)
                (l, a, b) = (l + point.L, a + point.A, b + point.B);
            smooth[i] = new(l / around.Length, a / around.Length, b / around.Length);
        }
        return smooth;
    }
}
