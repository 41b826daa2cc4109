namespace SoraHpc.Diagnostics.Pictures;

/// <summary>A colour where equal distances look equally different: lightness L in [0, 1], green–red a, blue–yellow b.</summary>
/// <remarks>Source of the matrices: B. Ottosson, "A perceptual color space for image processing" (2020).</remarks>
internal readonly record struct Oklab(double L, double A, double B)
{
    /// <summary>From lightness, chroma and hue [degrees].</summary>
    internal static Oklab FromHue(double lightness, double chroma, double hue) =>
        new(lightness, chroma * Math.Cos(hue * Math.PI / 180), chroma * Math.Sin(hue * Math.PI / 180));

    internal double DistanceTo(Oklab other) => Math.Sqrt(Square(L - other.L) + Square(A - other.A) + Square(B - other.B));

    internal static Oklab Mix(Oklab from, Oklab to, double share) =>
        new(from.L + share * (to.L - from.L), from.A + share * (to.A - from.A), from.B + share * (to.B - from.B));

    /// <summary>The nearest sRGB colour: out-of-range channels are cut.</summary>
    internal Rgb ToRgb()
    {
        (double red, double green, double blue) = ToLinear();
        return new(Encode(red), Encode(green), Encode(blue));
    }

    /// <summary>Whether screens can show it without cutting a channel.</summary>
    internal bool IsShowable
    {
        get
        {
            (double red, double green, double blue) = ToLinear();
            return Math.Min(red, Math.Min(green, blue)) >= -1e-6 && Math.Max(red, Math.Max(green, blue)) <= 1 + 1e-6;
        }
    }

    internal static Oklab FromRgb(Rgb color)
    {
        double red = Decode(color.Red), green = Decode(color.Green), blue = Decode(color.Blue);
        double l = Math.Cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue);
        double m = Math.Cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue);
        double s = Math.Cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue);
        return new(
            0.2104542553 * l + 0.7936177850 * m - 0.0040720468 * s,
            1.9779984951 * l - 2.4285922050 * m + 0.4505937099 * s,
            0.0259040371 * l + 0.7827717662 * m - 0.8086757660 * s);
    }

    private (double Red, double Green, double Blue) ToLinear()
    {
        double l = Cube(L + 0.3963377774 * A + 0.2158037573 * B);
        double m = Cube(L - 0.1055613458 * A - 0.0638541728 * B);
        double s = Cube(L - 0.0894841775 * A - 1.2914855480 * B);
        return (4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
            -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
            -0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s);
    }

    // The sRGB transfer curve, IEC 61966-2-1.
    private static byte Encode(double linear)
    {
        linear = Math.Clamp(linear, 0, 1);
        double encoded = linear <= 0.0031308 ? 12.92 * linear : 1.055 * Math.Pow(linear, 1 / 2.4) - 0.055;
        return (byte)Math.Round(255 * encoded);
    }

    private static double Decode(byte channel)
    {
        double encoded = channel / 255.0;
        return encoded <= 0.04045 ? encoded / 12.92 : Math.Pow((encoded + 0.055) / 1.055, 2.4);
    }

    private static double Square(double x) => x * x;
    private static double Cube(double x) => x * x * x;
}
