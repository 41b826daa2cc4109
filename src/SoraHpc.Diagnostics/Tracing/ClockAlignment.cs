using System.Diagnostics;

namespace SoraHpc.Diagnostics.Tracing;

/// <summary>
/// From one rank's clock to the reference clock, rank 0's: the difference is measured at the start and at the end of a run, and taken to have
/// changed evenly in between.
/// </summary>
/// <param name="Zero">What counts as 0 [ticks of the reference clock].</param>
/// <param name="First">The first measurement.</param>
/// <param name="Second">The last; the first again where there is none.</param>
public sealed record ClockAlignment(long Zero, ClockOffset First, ClockOffset Second)
{
    /// <summary>For the reference clock's own rank.</summary>
    public static ClockAlignment Same(long zero) => new(zero, default, default);

    /// <summary>What the alignment may be wrong by [s].</summary>
    public double Error => Math.Max(First.Error, Second.Error) / Stopwatch.Frequency;

    /// <summary>[ticks of this rank's clock] → [ns of the reference clock since zero].</summary>
    public long ToReference(long ticks)
    {
        double drift = Second.At > First.At ? (Second.Difference - First.Difference) / (Second.At - First.At) : 0;
        double reference = ticks - Zero + First.Difference + drift * (ticks - First.At);
        return (long)Math.Round(reference * (1e9 / Stopwatch.Frequency));
    }
}

/// <summary>How far the reference clock was ahead of a rank's; blittable.</summary>
/// <param name="At">When [ticks of the rank's clock].</param>
/// <param name="Difference">Reference clock − rank's clock [ticks].</param>
/// <param name="Error">Half the time the quickest exchange took, which bounds what the difference is wrong by [ticks].</param>
public readonly record struct ClockOffset(long At, double Difference, double Error);
