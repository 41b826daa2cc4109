using SoraHpc.Learning.Blocks;
using SoraHpc.Learning.Training;
using SoraHpc.Solvers.RandomNumbers;

namespace SoraHpc.Jobs.Training;

/// <summary>
/// Images like handwritten digits, 28 × 28, brightness from 0 to 1 in steps of 1/255, as files of images have it: strokes bent, turned, slanted, stretched and shifted, drawn by a pen of some width, on a
/// noisy ground with stray marks. Every image is found by its index: ranks make their own.
/// </summary>
public static class DigitImages
{
    /// <summary>Rows and columns of an image.</summary>
    public const int Side = 28;

    /// <summary>Digits.</summary>
    public const int Classes = 10;

    // The set that is learnt from, and the one that is judged by.
    internal const ulong TrainingSet = 1, TestSet = 2;

    // Random numbers of an image: its shape in the first ones, then noise pixel by pixel.
    private const int PerImage = 1024, NoiseFrom = 64;

    /// <summary>Shape of a sample.</summary>
    public static Shape Shape { get; } = new(Side, Side, 1);

    /// <summary>Images [begin, end) of a set of <paramref name="count"/>, and their digits. Another <paramref name="seed"/> is another set.</summary>
    public static SampleTable<float> Make(long begin, long end, long count, ulong seed)
    {
        RandomSequence random = new(seed, 0xD161);
        float[] images = new float[checked((int)(end - begin) * Side * Side)], digits = new float[end - begin];
        double[] numbers = new double[PerImage];
        for (long index = begin; index < end; index++)
        {
            random.FillUniform(index * PerImage, numbers);
            digits[index - begin] = Draw(numbers, images.AsSpan((int)(index - begin) * Side * Side, Side * Side));
        }
        return new(Shape, images, digits, begin, count);
    }

    private static int Draw(ReadOnlySpan<double> random, Span<float> image)
    {
        int digit = (int)(random[0] * Classes);
        (double X, double Y)[][][] ways = DigitStrokes.Of[digit];
        Hand hand = new(random);
        double width = 0.9 + 0.8 * random[20];
        foreach ((double X, double Y)[] stroke in ways[(int)(random[1] * ways.Length)])
            for (int i = 1; i < stroke.Length; i++)
                DrawLine(hand.Move(stroke[i - 1]), hand.Move(stroke[i]), width, 1, image);
        double x = Side * random[21], y = Side * random[22], angle = 2 * Math.PI * random[23], length = 7 * random[24];
        DrawLine((x, y), (x + length * Math.Cos(angle), y + length * Math.Sin(angle)), 0.8, 0.8 * random[25], image);
        for (int i = 0; i < image.Length; i++)
            image[i] = MathF.Round(255 * (float)Math.Clamp(image[i] * (0.75 + 0.25 * random[26]) + 0.5 * (random[NoiseFrom + i] - 0.5) * random[27], 0, 1)) / 255;
        return digit;
    }

    // Brightness falls off over one pixel at the pen's edge; lines that cross do not add up.
    private static void DrawLine((double X, double Y) from, (double X, double Y) to, double width, double brightness, Span<float> image)
    {
        (int top, int bottom) = Range(from.Y, to.Y, width);
        (int left, int right) = Range(from.X, to.X, width);
        (double dx, double dy) = (to.X - from.X, to.Y - from.Y);
        double square = Math.Max(dx * dx + dy * dy, 1e-12);
        for (int row = top; row < bottom; row++)
            for (int column = left; column < right; column++)
            {
                double along = Math.Clamp(((column - from.X) * dx + (row - from.Y) * dy) / square, 0, 1);
                double distance = Math.Sqrt(Square(column - from.X - along * dx) + Square(row - from.Y - along * dy));
                ref float pixel = ref image[row * Side + column];
                pixel = Math.Max(pixel, (float)(brightness * Math.Clamp(width + 0.5 - distance, 0, 1)));
            }
    }

    private static (int, int) Range(double a, double b, double width) =>
        (Math.Clamp((int)(Math.Min(a, b) - width - 1), 0, Side), Math.Clamp((int)(Math.Max(a, b) + width + 3), 0, Side));

    private static double Square(double x) => x * x;

    // Shifts, turns and slants are such that softmax regression reads 88 % of the digits and a small convolution network almost all.
    /// <summary>What one hand does to all points of a digit: a bend, then a linear map, then a shift.</summary>
    private readonly struct Hand(ReadOnlySpan<double> random)
    {
        private readonly double turn = 0.48 * (random[2] - 0.5), slant = 0.56 * (random[3] - 0.5), wide = 0.7 + 0.4 * random[4], high = 0.74 + 0.32 * random[5];
        private readonly double right = 5 * (random[6] - 0.5), down = 5 * (random[7] - 0.5);
        private readonly double bendX = 0.11 * (random[8] - 0.5), bendY = 0.11 * (random[9] - 0.5), phaseX = 6.3 * random[10], phaseY = 6.3 * random[11], waveX = 3 + 5 * random[12], waveY = 3 + 5 * random[13];

        internal (double X, double Y) Move((double X, double Y) point)
        {
            double x = (point.X - 0.5 + bendX * Math.Sin(waveX * point.Y + phaseX)) * wide, y = (point.Y - 0.5 + bendY * Math.Sin(waveY * point.X + phaseY)) * high;
            x -= slant * y;
            (double sine, double cosine) = Math.SinCos(turn);
            const double Scale = 24;
            return (Side / 2.0 - 0.5 + right + Scale * (x * cosine - y * sine), Side / 2.0 - 0.5 + down + Scale * (x * sine + y * cosine));
        }
    }
}
