using System.Numerics;

namespace SoraHpc.LinearAlgebra.Managed;

/// <summary>Element-wise loops and the dot product over real numbers, in vectors as wide as .NET makes them here. The result may be an operand.</summary>
// All are bound by memory: 24 B an entry of double precision for two operands and a result, 16 B for one or for the dot product.
internal static class VectorKernels
{
    internal static void Add<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> result) where T : unmanaged, INumberBase<T>
    {
        int i = 0;
        for (; i <= result.Length - Vector<T>.Count; i += Vector<T>.Count)
            (new Vector<T>(x[i..]) + new Vector<T>(y[i..])).CopyTo(result[i..]);
        for (; i < result.Length; i++)
            result[i] = x[i] + y[i];
    }

    internal static void Subtract<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> result) where T : unmanaged, INumberBase<T>
    {
        int i = 0;
        for (; i <= result.Length - Vector<T>.Count; i += Vector<T>.Count)
            (new Vector<T>(x[i..]) - new Vector<T>(y[i..])).CopyTo(result[i..]);
        for (; i < result.Length; i++)
            result[i] = x[i] - y[i];
    }

    internal static void Multiply<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> result) where T : unmanaged, INumberBase<T>
    {
        int i = 0;
        for (; i <= result.Length - Vector<T>.Count; i += Vector<T>.Count)
            (new Vector<T>(x[i..]) * new Vector<T>(y[i..])).CopyTo(result[i..]);
        for (; i < result.Length; i++)
            result[i] = x[i] * y[i];
    }

    internal static void Scale<T>(T factor, ReadOnlySpan<T> x, Span<T> result) where T : unmanaged, INumberBase<T>
    {
        int i = 0;
        Vector<T> factors = new(factor);
        for (; i <= result.Length - Vector<T>.Count; i += Vector<T>.Count)
            (factors * new Vector<T>(x[i..])).CopyTo(result[i..]);
        for (; i < result.Length; i++)
            result[i] = factor * x[i];
    }

    /// <summary>result = y + factor·x, each product rounded before it is added: the same bits as two loops.</summary>
    internal static void AddScaled<T>(ReadOnlySpan<T> y, T factor, ReadOnlySpan<T> x, Span<T> result) where T : unmanaged, INumberBase<T>
    {
        int i = 0;
        Vector<T> factors = new(factor);
        for (; i <= result.Length - Vector<T>.Count; i += Vector<T>.Count)
            (new Vector<T>(y[i..]) + factors * new Vector<T>(x[i..])).CopyTo(result[i..]);
        for (; i < result.Length; i++)
            result[i] = y[i] + factor * x[i];
    }

    /// <summary>Sum of products over four vectors of partial sums: the error is that of any order of summation, n·ε·Σ|xᵢyᵢ| at most.</summary>
    internal static T Dot<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y) where T : unmanaged, INumberBase<T>
    {
        Vector<T> first = default, second = default, third = default, fourth = default;
        int i = 0, lanes = Vector<T>.Count;
        for (; i <= x.Length - 4 * lanes; i += 4 * lanes)
        {
            first += new Vector<T>(x[i..]) * new Vector<T>(y[i..]);
            second += new Vector<T>(x[(i + lanes)..]) * new Vector<T>(y[(i + lanes)..]);
            third += new Vector<T>(x[(i + 2 * lanes)..]) * new Vector<T>(y[(i + 2 * lanes)..]);
            fourth += new Vector<T>(x[(i + 3 * lanes)..]) * new Vector<T>(y[(i + 3 * lanes)..]);
        }
        T sum = Vector.Sum(first + second + (third + fourth));
        for (; i < x.Length; i++)
            sum += x[i] * y[i];
        return sum;
    }

    /// <summary>The first entry that is infinite or not a number; −1 when there is none. 8 B an entry of double precision.</summary>
    internal static int FirstNotFinite<T>(ReadOnlySpan<T> x) where T : unmanaged, INumberBase<T>
    {
        int i = 0;
        for (; i <= x.Length - Vector<T>.Count; i += Vector<T>.Count)
        {
            Vector<T> values = new(x[i..]);
            if (!Vector.EqualsAll(values - values, Vector<T>.Zero))     // ∞ − ∞ is not a number
                break;
        }
        while (i < x.Length && T.IsFinite(x[i]))
            i++;
        return i < x.Length ? i : -1;
    }
}
