using System.Numerics;

namespace SoraHpc.Solvers.Dense;

/// <summary>The loops over one column that eliminating it is made of. Every entry is computed by itself: the bits do not depend on where a vector begins.</summary>
internal static class PanelLoops
{
    /// <summary>values /= divisor. Division, not the product with a reciprocal: one rounding, and no overflow for a small divisor.</summary>
    internal static void Divide(Span<double> values, double divisor)
    {
        int i = 0;
        Vector<double> divisors = new(divisor);
        for (; i <= values.Length - Vector<double>.Count; i += Vector<double>.Count)
            (new Vector<double>(values[i..]) / divisors).CopyTo(values[i..]);
        for (; i < values.Length; i++)
            values[i] /= divisor;
    }

    /// <summary>values −= factor·x, the product rounded before it is subtracted.</summary>
    internal static void Subtract(Span<double> values, double factor, ReadOnlySpan<double> x)
    {
        int i = 0;
        Vector<double> factors = new(factor);
        for (; i <= values.Length - Vector<double>.Count; i += Vector<double>.Count)
            (new Vector<double>(values[i..]) - factors * new Vector<double>(x[i..])).CopyTo(values[i..]);
        for (; i < values.Length; i++)
            values[i] -= factor * x[i];
    }

    /// <summary>Index of the entry of largest size, the first of several, or of the first that is not a number; −1 of none.</summary>
    internal static int LargestAt(ReadOnlySpan<double> values)
    {
        int i = 0;
        Vector<double> sizes = Vector<double>.Zero;
        for (; i <= values.Length - Vector<double>.Count; i += Vector<double>.Count)
        {
            Vector<double> size = Vector.Abs(new Vector<double>(values[i..]));
            if (!Vector.EqualsAll(size, size))
                break;                                  // the loop below finds which it is
            sizes = Vector.ConditionalSelect(Vector.GreaterThan(size, sizes), size, sizes);
        }
        double largest = 0;
        for (int lane = 0; lane < Vector<double>.Count; lane++)
            largest = Math.Max(largest, sizes[lane]);
        for (; i < values.Length; i++)
            if (double.IsNaN(values[i]))
                return i;
            else
                largest = Math.Max(largest, Math.Abs(values[i]));
        for (i = 0; i < values.Length; i++)
            if (Math.Abs(values[i]) == largest)
                return i;
        return -1;
    }
}
