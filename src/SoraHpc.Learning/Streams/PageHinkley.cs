using SoraHpc.Diagnostics;

namespace SoraHpc.Learning.Streams;

/// <summary>The test of Page and Hinkley on both sides: alarm when numbers have been above the mean, or below, by more than a tolerance each and a threshold together. After an
/// alarm it begins anew.</summary>
/// <remarks>Source: E. S. Page, Continuous inspection schemes, Biometrika 41 (1954); D. V. Hinkley, Biometrika 58 (1971). Of a known mean it is the two-sided cumulative sum of
/// Page: with normal numbers of deviation σ, a tolerance of σ/2 and a threshold of 5σ a false alarm comes after 465 numbers on average, and a shift of σ is found after 10.4.</remarks>
// Five numbers are kept; about ten operations for each that comes.
public sealed class PageHinkley : IDriftDetector
{
    private readonly double tolerance, threshold, known;
    private double mean, above, below;
    private long count, sinceAbove, sinceBelow;

    /// <param name="tolerance">Of each number's distance from the mean so much is let pass, ≥ 0: half the shift that is to be found.</param>
    /// <param name="threshold">What distances have to add up to, > 0.</param>
    /// <param name="mean">Of the numbers while nothing changes; NaN, the default: the mean of those that came, this one included.</param>
    public PageHinkley(double tolerance, double threshold, double mean = double.NaN)
    {
        if (!(tolerance >= 0 && threshold > 0 && double.IsFinite(tolerance) && double.IsFinite(threshold)) || double.IsInfinity(mean))
            throw new UsageException(FormattableString.Invariant($"Page-Hinkley with tolerance {tolerance}, threshold {threshold} and mean {mean}: give a tolerance of 0 or more, and a threshold above 0"));
        (this.tolerance, this.threshold, known) = (tolerance, threshold, mean);
        Reset();
    }

    /// <inheritdoc/>
    /// <remarks>Since the sum that gave the alarm was last 0: the likeliest change.</remarks>
    public long SinceChange { get; private set; } = 1;

    /// <inheritdoc/>
    public bool HasRisen { get; private set; }

    /// <inheritdoc/>
    public bool Add(double value)
    {
        if (!double.IsFinite(value))
            throw new UsageException(FormattableString.Invariant($"{value} cannot be watched: give finite numbers"));
        count++;
        if (double.IsNaN(known))
            mean += (value - mean) / count;
        above = Math.Max(0, above + (value - mean - tolerance));
        below = Math.Max(0, below + (mean - value - tolerance));
        (sinceAbove, sinceBelow) = (above > 0 ? sinceAbove + 1 : 0, below > 0 ? sinceBelow + 1 : 0);
        if (above <= threshold && below <= threshold)
            return false;
        HasRisen = above > threshold;
        SinceChange = HasRisen ? sinceAbove : sinceBelow;
        Reset();
        return true;
    }

    /// <inheritdoc/>
    public void Reset() => (mean, above, below, count, sinceAbove, sinceBelow) = (double.IsNaN(known) ? 0 : known, 0, 0, 0, 0, 0);
}
