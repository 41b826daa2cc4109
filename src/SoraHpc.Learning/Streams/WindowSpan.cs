using SoraHpc.Diagnostics;

namespace SoraHpc.Learning.Streams;

/// <summary>Windows over a stream: one ends at every multiple of the step, and spans so much before it. Rows or units of time. Windows of equal size and step tumble: every
/// number is in one; those of a smaller step slide.</summary>
public sealed record WindowSpan
{
    /// <param name="size">What a window spans, > 0: [end − size, end).</param>
    /// <param name="step">From one window to the next, > 0 and at most the size; 0: as the size.</param>
    public WindowSpan(double size, double step = 0)
    {
        (Size, Step) = (size, step == 0 ? size : step);
        if (!(Size > 0 && Step > 0 && Step <= Size && double.IsFinite(Size)))
            throw new UsageException(FormattableString.Invariant($"windows of {size} every {step}: give a size above 0, and a step above 0 and not above the size"));
    }

    /// <summary>What a window spans.</summary>
    public double Size { get; }

    /// <summary>From one window to the next.</summary>
    public double Step { get; }
}
