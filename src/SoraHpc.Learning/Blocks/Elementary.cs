using System.Numerics;

namespace SoraHpc.Learning.Blocks;

/// <summary>Exponential and what follows from it, a vector at a time. A tail goes through the same vectors, so a number's bits do not depend on where it stands.</summary>
internal static class Elementary
{
    internal static Vector<T> Exp<T>(Vector<T> x) => typeof(T) == typeof(float)
        ? Vector.Exp(x.As<T, float>()).As<float, T>()
        : Vector.Exp(x.As<T, double>()).As<double, T>();

    /// <summary>1 / (1 + e⁻ˣ).</summary>
    internal static Vector<T> Sigmoid<T>(Vector<T> x) where T : unmanaged, INumberBase<T>
    {
        Vector<T> small = Exp(-Vector.Abs(x)), upper = Vector<T>.One / (Vector<T>.One + small);      // no overflow on either side
        return Vector.ConditionalSelect(Vector.GreaterThanOrEqual(x, Vector<T>.Zero), upper, small * upper);
    }

    /// <summary>Hyperbolic tangent, to a few units in the last place of 1.</summary>
    internal static Vector<T> Tanh<T>(Vector<T> x) where T : unmanaged, INumberBase<T>
    {
        Vector<T> size = Vector.Abs(x), small = Exp(-(size + size)), result = (Vector<T>.One - small) / (Vector<T>.One + small);
        return Vector.ConditionalSelect(Vector.GreaterThanOrEqual(x, Vector<T>.Zero), result, -result);
    }

    /// <summary>values = e^(values − shift); the sum of them from the first vector to the last.</summary>
    internal static T ExpShifted<T>(Span<T> values, T shift) where T : unmanaged, INumberBase<T>
    {
        Vector<T> shifts = new(shift), sums = default;
        int i = 0;
        for (; i <= values.Length - Vector<T>.Count; i += Vector<T>.Count)
        {
            Vector<T> next = Exp(new Vector<T>(values[i..]) - shifts);
            sums += next;
            next.CopyTo(values[i..]);
        }
        T sum = Vector.Sum(sums);
        if (i < values.Length)
        {
            Span<T> tail = stackalloc T[Vector<T>.Count];
            values[i..].CopyTo(tail);
            Exp(new Vector<T>(tail) - shifts).CopyTo(tail);
            for (int j = 0; i < values.Length; i++, j++)
                sum += values[i] = tail[j];
        }
        return sum;
    }
}
