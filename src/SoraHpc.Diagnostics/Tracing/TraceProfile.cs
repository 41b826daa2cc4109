using System.Numerics;

namespace SoraHpc.Diagnostics.Tracing;

/// <summary>
/// Where one rank's time went, over the whole run and without gaps: time per kind in equal bins. When the run outgrows the bins, two become
/// one, so that there are always between half and all of <see cref="Bins"/> in use and nothing is lost but fineness. Allocates nothing after it is made.
/// </summary>
public sealed class TraceProfile
{
    /// <summary>Bins there are.</summary>
    public const int Bins = 1024;

    /// <summary>Kinds in a bin.</summary>
    public const int Kinds = (int)ActivityKind.Migrate + 1;

    private readonly long[] ticks = new long[Bins * Kinds];
    private readonly long origin;
    private int shift;

    /// <param name="origin">Where the first bin begins [ticks].</param>
    /// <param name="width">The narrowest a bin may be [ticks], ≥ 1; rounded up to a power of two.</param>
    public TraceProfile(long origin, long width)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        this.origin = origin;
        shift = BitOperations.Log2((ulong)Math.Max(1, width - 1)) + 1;
    }

    /// <summary>Width of a bin now [ticks].</summary>
    public long Width => 1L << shift;

    /// <summary>Bins that have something in them are below this one.</summary>
    public int Used { get; private set; }

    /// <summary>Time spent on a kind in a bin [ticks].</summary>
    public long this[int bin, ActivityKind kind] => ticks[bin * Kinds + (int)kind];

    /// <summary>Adds the time from <paramref name="begin"/> to <paramref name="end"/> [ticks], both not before the origin.</summary>
    public void Add(ActivityKind kind, long begin, long end)
    {
        (begin, end) = (begin - origin, end - origin);
        while (end - 1 >> shift >= Bins)
            Halve();
        long bin = begin >> shift;
        for (long edge = bin + 1 << shift; edge < end; edge += 1L << shift)
        {
            ticks[bin++ * Kinds + (int)kind] += edge - begin;
            begin = edge;
        }
        if (begin >= end)
            return;
        ticks[bin * Kinds + (int)kind] += end - begin;
        Used = Math.Max(Used, (int)bin + 1);
    }

    private void Halve()
    {
        for (int bin = 0; bin < Bins / 2; bin++)
            for (int kind = 0; kind < Kinds; kind++)
                ticks[bin * Kinds + kind] = ticks[2 * bin * Kinds + kind] + ticks[(2 * bin + 1) * Kinds + kind];
        Array.Clear(ticks, Bins / 2 * Kinds, Bins / 2 * Kinds);
        Used = (Used + 1) / 2;
        shift++;
    }
}
