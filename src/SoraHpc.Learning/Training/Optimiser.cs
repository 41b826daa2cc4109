using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using SoraHpc.Diagnostics;

namespace SoraHpc.Learning.Training;

/// <summary>How a gradient moves values. Every number by itself, so that the bits do not depend on who computes which part.</summary>
public abstract record Optimiser
{
    private protected Optimiser() { }

    /// <summary>Numbers kept for each value from step to step: 0, 1 or 2.</summary>
    internal abstract int Moments { get; }

    /// <param name="values">To be moved.</param>
    /// <param name="gradient">Mean over the batch's samples, as long.</param>
    /// <param name="first">First moment, as long, or empty.</param>
    /// <param name="second">Second moment, as long, or empty.</param>
    /// <param name="rate">Learning rate of this step.</param>
    /// <param name="step">From 1.</param>
    internal abstract void Update<T>(Span<T> values, ReadOnlySpan<T> gradient, Span<T> first, Span<T> second, double rate, long step) where T : unmanaged, IBinaryFloatingPointIeee754<T>;
}

/// <summary>Steps down the gradient: v = Momentum·v + g, w = w − rate·v.</summary>
/// <param name="Momentum">In [0, 1); 0: w = w − rate·g.</param>
public sealed record Sgd(double Momentum = 0) : Optimiser
{
    /// <summary>Share of the last direction that stays.</summary>
    public double Momentum { get; } = Momentum is >= 0 and < 1 ? Momentum : throw new UsageException(FormattableString.Invariant($"a momentum of {Momentum}: give a number in [0, 1)"));

    internal override int Moments => Momentum > 0 ? 1 : 0;

    // Of single precision 8 B read and 4 B written for each value, with momentum 12 and 8.
    internal override void Update<T>(Span<T> values, ReadOnlySpan<T> gradient, Span<T> first, Span<T> second, double rate, long step)
    {
        T factor = T.CreateChecked(rate), kept = T.CreateChecked(Momentum);
        gradient = gradient[..values.Length];               // checked once, so that no load is
        ref T moved = ref MemoryMarshal.GetReference(values), slope = ref MemoryMarshal.GetReference(gradient);
        int i = 0;
        for (; first.IsEmpty && i <= values.Length - Vector512<T>.Count; i += Vector512<T>.Count)
            (Vector512.LoadUnsafe(ref moved, (nuint)i) - Vector512.LoadUnsafe(ref slope, (nuint)i) * factor).StoreUnsafe(ref moved, (nuint)i);
        for (; i <= values.Length - Vector<T>.Count; i += Vector<T>.Count)
        {
            Vector<T> direction = new(gradient[i..]);
            if (!first.IsEmpty)
                (direction = new Vector<T>(first[i..]) * kept + direction).CopyTo(first[i..]);
            (new Vector<T>(values[i..]) - direction * factor).CopyTo(values[i..]);
        }
        for (; i < values.Length; i++)
        {
            T direction = gradient[i];
            if (!first.IsEmpty)
                first[i] = direction = first[i] * kept + direction;
            values[i] -= direction * factor;
        }
    }
}

/// <summary>Steps of about the same length for every value, whatever its gradient's size.</summary>
/// <param name="First">Share of the mean gradient that a step keeps, in [0, 1).</param>
/// <param name="Second">Share of the mean square that a step keeps, in [0, 1).</param>
/// <param name="Floor">Added to the root mean square, > 0.</param>
/// <remarks>Source: Kingma and Ba, Adam: A Method for Stochastic Optimization (2015), algorithm 1 with the corrections in the rate (section 2).</remarks>
public sealed record Adam(double First = 0.9, double Second = 0.999, double Floor = 1e-8) : Optimiser
{
    /// <summary>Share of the mean gradient kept.</summary>
    public double First { get; } = First is >= 0 and < 1 ? First : throw new UsageException(FormattableString.Invariant($"Adam with a first share of {First}: give a number in [0, 1)"));

    /// <summary>Share of the mean square kept.</summary>
    public double Second { get; } = Second is >= 0 and < 1 ? Second : throw new UsageException(FormattableString.Invariant($"Adam with a second share of {Second}: give a number in [0, 1)"));

    internal override int Moments => 2;

    // Of single precision 16 B read and 12 B written for each value.
    internal override void Update<T>(Span<T> values, ReadOnlySpan<T> gradient, Span<T> first, Span<T> second, double rate, long step)
    {
        double correction = Math.Sqrt(1 - Math.Pow(Second, step));
        T factor = T.CreateChecked(rate * correction / (1 - Math.Pow(First, step))), floor = T.CreateChecked(Floor * correction);
        T keptFirst = T.CreateChecked(First), newFirst = T.CreateChecked(1 - First), keptSecond = T.CreateChecked(Second), newSecond = T.CreateChecked(1 - Second);
        Vector<T> floors = new(floor);
        int i = 0;
        for (; i <= values.Length - Vector<T>.Count; i += Vector<T>.Count)
        {
            Vector<T> g = new(gradient[i..]), m = new Vector<T>(first[i..]) * keptFirst + g * newFirst, v = new Vector<T>(second[i..]) * keptSecond + g * g * newSecond;
            m.CopyTo(first[i..]);
            v.CopyTo(second[i..]);
            (new Vector<T>(values[i..]) - m * factor / (Vector.SquareRoot(v) + floors)).CopyTo(values[i..]);
        }
        for (; i < values.Length; i++)
        {
            first[i] = first[i] * keptFirst + gradient[i] * newFirst;
            second[i] = second[i] * keptSecond + gradient[i] * gradient[i] * newSecond;
            values[i] -= first[i] * factor / (T.Sqrt(second[i]) + floor);
        }
    }
}
