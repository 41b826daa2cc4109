using SoraHpc.Diagnostics;

namespace SoraHpc.Learning.Streams;

/// <summary>A window over the stream that grows while its mean stays and lets its older part go when the mean changes: alarm whenever two parts of it have means further apart than
/// chance explains. For numbers in [0, 1].</summary>
/// <remarks>Source: Bifet and Gavaldà, Learning from time-changing data with adaptive windowing, SDM 2007, theorem 1: while the mean does not change, an alarm comes at any step with
/// a probability of at most δ; where the means of the two parts of a window are more than 2ε apart, an older part is let go with a probability of at least 1 − δ, with
/// ε = √(ln(4n/δ)/(2m)), n the length of the window and m half the harmonic mean of the parts' lengths.</remarks>
// Sums of 2⁰, 2¹, … numbers, at most six of a kind: a window of a million takes 2.5 kB. A number: about 5·log₂(n/5) cuts looked at, each some divisions.
public sealed class Adwin : IDriftDetector
{
    // Of so many sums of a kind the two oldest become one of the next kind.
    private const int MostOfAKind = 6, Kinds = 48;

    private readonly double confidence;
    private readonly double[] sums = new double[Kinds * MostOfAKind];       // of a kind: from the oldest to the newest
    private readonly int[] held = new int[Kinds];
    private double total;
    private int kinds = 1;

    /// <param name="confidence">δ: the probability of a false alarm at any step is at most this; in (0, 1). Default: 0.002.</param>
    public Adwin(double confidence = 0.002) => this.confidence = confidence is > 0 and < 1 ? confidence
        : throw new UsageException(FormattableString.Invariant($"false alarms with a probability of {confidence}: give a number between 0 and 1"));

    /// <summary>Numbers in the window.</summary>
    public long Count { get; private set; }

    /// <summary>Their mean; NaN where there are none.</summary>
    public double Mean => total / Count;

    /// <inheritdoc/>
    /// <remarks>The newer of the two parts of the window whose means were furthest apart beside what chance explains. What is left of the window may be longer: of
    /// what was before only so much goes as is needed.</remarks>
    public long SinceChange { get; private set; } = 1;

    /// <inheritdoc/>
    public bool HasRisen { get; private set; }

    /// <inheritdoc/>
    /// <exception cref="UsageException">The number is not in [0, 1].</exception>
    public bool Add(double value)
    {
        if (value is not (>= 0 and <= 1))
            throw new UsageException(FormattableString.Invariant($"{value} cannot be watched: Adwin takes numbers from 0 to 1, such as whether a prediction was wrong"));
        Put(0, value);
        Count++;
        total += value;
        for (int kind = 0; held[kind] == MostOfAKind; kind++)
        {
            Span<double> own = sums.AsSpan(kind * MostOfAKind, MostOfAKind);
            double two = own[0] + own[1];
            own[2..].CopyTo(own);
            held[kind] -= 2;
            Put(kind + 1, two);
        }
        if (!FindsCut(out long newer, out bool hasRisen))
            return false;
        (SinceChange, HasRisen) = (newer, hasRisen);
        do
            DropOldest();
        while (FindsCut(out _, out _));
        return true;
    }

    /// <inheritdoc/>
    public void Reset()
    {
        Array.Clear(held);
        (total, Count, kinds) = (0, 0, 1);
    }

    private void Put(int kind, double sum)
    {
        sums[kind * MostOfAKind + held[kind]++] = sum;
        kinds = Math.Max(kinds, kind + 1);
    }

    // Between any two neighbouring sums, from the newest to the oldest: the cut whose parts' means are furthest apart, in units of ε.
    private bool FindsCut(out long newer, out bool hasRisen)
    {
        (newer, hasRisen) = (0, false);
        double sum = 0, spread = Math.Log(4.0 * Count / confidence) / 2, furthest = 1;
        long count = 0;
        for (int kind = 0; kind < kinds; kind++)
            for (int i = held[kind] - 1; i >= 0 && (count += 1L << kind) < Count; i--)
            {
                sum += sums[kind * MostOfAKind + i];
                double rise = sum / count - (total - sum) / (Count - count), apart = rise * rise / (spread * (1.0 / count + 1.0 / (Count - count)));
                if (apart > furthest)
                    (furthest, newer, hasRisen) = (apart, count, rise > 0);
            }
        return newer > 0;
    }

    private void DropOldest()
    {
        Span<double> own = sums.AsSpan((kinds - 1) * MostOfAKind, MostOfAKind);
        total -= own[0];
        own[1..].CopyTo(own);
        Count -= 1L << kinds - 1;
        if (--held[kinds - 1] == 0 && kinds > 1)
            kinds--;
    }
}
