namespace SoraHpc.Learning.Compression;

/// <summary>Numbers in eight bits: whole numbers from −127 to 127 times a scale, the largest number of a row giving ±127. The error of a number is at
/// most half a scale.</summary>
public static class Quantisation
{
    /// <summary>Largest level; −128 is left out, so that what is symmetric stays so.</summary>
    public const int Largest = 127;

    private const float SmallestNormal = 1.17549435e-38f;

    internal const int Levels = 2 * Largest + 1;

    /// <summary>Weights of inputs × <paramref name="columns"/> with a scale for every column, which is what one unit sums up. Local.</summary>
    public static CodedTensor Of(ReadOnlySpan<float> weights, int columns)
    {
        float[] scales = new float[columns];
        for (int i = 0; i < weights.Length; i++)
            scales[i % columns] = Math.Max(scales[i % columns], Math.Abs(weights[i]));
        for (int column = 0; column < columns; column++)
            scales[column] = ScaleOf(scales[column]);
        byte[] codes = new byte[weights.Length];
        for (int i = 0; i < weights.Length; i++)
            codes[i] = (byte)(LevelOf(weights[i], 1 / scales[i % columns]) + Largest);
        return new(Grid(), scales, codes, []);
    }

    /// <summary>−127 … 127.</summary>
    internal static float[] Grid() => [.. Enumerable.Range(-Largest, Levels).Select(level => (float)level)];

    /// <summary>The scale of a row by its largest magnitude; of a row of zeros, 1.</summary>
    internal static float ScaleOf(float largest) => largest >= SmallestNormal * Largest ? largest / Largest : 1;

    /// <summary>The nearest level, the even one of two.</summary>
    internal static int LevelOf(float value, float inverseScale) => (int)MathF.Round(value * inverseScale);
}
