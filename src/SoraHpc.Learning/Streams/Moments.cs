namespace SoraHpc.Learning.Streams;

/// <summary>Count, mean, squares of what is left of the mean, and extremes of some numbers: those of two sets give those of both.</summary>
/// <remarks>Source: Chan, Golub and LeVeque, Algorithms for computing the sample variance, Am. Stat. 37 (1983).</remarks>
/// <param name="Count">Numbers.</param>
/// <param name="Mean">0 where there are none.</param>
/// <param name="SquaredDeviations">Σ(x − mean)².</param>
/// <param name="Minimum">+∞ where there are none.</param>
/// <param name="Maximum">−∞ where there are none.</param>
public readonly record struct Moments(long Count, double Mean, double SquaredDeviations, double Minimum, double Maximum)
{
    /// <summary>Of no numbers.</summary>
    public static Moments None { get; } = new(0, 0, 0, double.PositiveInfinity, double.NegativeInfinity);

    /// <summary>Σ(x − mean)² / count, the population's; NaN where there are none.</summary>
    public double Variance => SquaredDeviations / Count;

    /// <summary>Of one number.</summary>
    public static Moments Of(double value) => new(1, value, 0, value, value);

    /// <summary>Of the numbers of both.</summary>
    public static Moments Combine(in Moments first, in Moments second)
    {
        if (first.Count == 0 || second.Count == 0)
            return first.Count == 0 ? second : first;
        long count = first.Count + second.Count;
        double apart = second.Mean - first.Mean, share = (double)second.Count / count;
        return new(count, first.Mean + apart * share, first.SquaredDeviations + second.SquaredDeviations + apart * apart * share * first.Count,
            Math.Min(first.Minimum, second.Minimum), Math.Max(first.Maximum, second.Maximum));
    }
}
