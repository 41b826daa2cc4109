using System.Globalization;

namespace SoraHpc.Cli.Bench;

/// <summary>The median of independent measurements, and an interval that holds the true one with at least 95 % probability whatever their distribution.</summary>
/// <remarks>Between the order statistics k and n + 1 − k, for the largest k for which n throws of a coin show fewer than k heads with at most 2.5 %
/// probability (the sign test). Source: Conover, Practical Nonparametric Statistics (1999), section 3.2.</remarks>
internal readonly record struct MedianInterval(double Median, double Low, double High)
{
    /// <summary>Measurements without which there is no such interval.</summary>
    internal const int Fewest = 6;

    private const double Tail = 0.025;

    /// <param name="values">At least <see cref="Fewest"/>.</param>
    internal static MedianInterval Of(IReadOnlyCollection<double> values)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(values.Count, Fewest);
        double[] sorted = [.. values.Order()];
        int count = sorted.Length, outside = Outside(count);
        return new((sorted[(count - 1) / 2] + sorted[count / 2]) / 2, sorted[outside], sorted[count - 1 - outside]);
    }

    /// <summary>How many of the smallest and of the largest values lie outside: k − 1.</summary>
    internal static int Outside(int count)
    {
        // In logarithms: 2⁻ⁿ underflows beyond a thousand.
        double term = -count * Math.Log(2), below = Math.Exp(term);
        int heads = 0;
        for (; below <= Tail; heads++)
        {
            term += Math.Log((double)(count - heads) / (heads + 1));
            below += Math.Exp(term);
        }
        return heads - 1;
    }

    /// <summary>"1.006 (95 %: 0.998–1.013)".</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Median:0.000} (95 %: {Low:0.000}–{High:0.000})");
}
