using System.Numerics;
using SoraHpc.LinearAlgebra.Managed;

namespace SoraHpc.Learning.Blocks;

/// <summary>Loops over rows of numbers that several layers have in common.</summary>
// In cache where a micro-batch fits: two loads and a store for each vector of a result.
internal static class Elementwise
{
    // From here on kernels of wider vectors pay, which compute the same of each number.
    private const int Long = 256;

    /// <summary>sum += x.</summary>
    internal static void Add<T>(Span<T> sum, ReadOnlySpan<T> x) where T : unmanaged, INumberBase<T>
    {
        if (sum.Length >= Long)
        {
            VectorKernels.Add(sum, x, sum);
            return;
        }
        int i = 0;
        for (; i <= sum.Length - Vector<T>.Count; i += Vector<T>.Count)
            (new Vector<T>(sum[i..]) + new Vector<T>(x[i..])).CopyTo(sum[i..]);
        for (; i < sum.Length; i++)
            sum[i] += x[i];
    }

    /// <summary>result = x∘y.</summary>
    internal static void Multiply<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> result) where T : unmanaged, INumberBase<T>
    {
        int i = 0;
        for (; i <= result.Length - Vector<T>.Count; i += Vector<T>.Count)
            (new Vector<T>(x[i..]) * new Vector<T>(y[i..])).CopyTo(result[i..]);
        for (; i < result.Length; i++)
            result[i] = x[i] * y[i];
    }

    /// <summary>x = factor·x.</summary>
    internal static void Scale<T>(Span<T> x, T factor) where T : unmanaged, INumberBase<T>
    {
        if (x.Length >= Long)
        {
            VectorKernels.Scale(factor, x, x);
            return;
        }
        int i = 0;
        Vector<T> factors = new(factor);
        for (; i <= x.Length - Vector<T>.Count; i += Vector<T>.Count)
            (factors * new Vector<T>(x[i..])).CopyTo(x[i..]);
        for (; i < x.Length; i++)
            x[i] *= factor;
    }

    /// <summary>Every row of <paramref name="rows"/> becomes <paramref name="row"/>.</summary>
    internal static void Repeat<T>(ReadOnlySpan<T> row, Span<T> rows) where T : unmanaged
    {
        for (int begin = 0; begin < rows.Length; begin += row.Length)
            row.CopyTo(rows[begin..]);
    }

    /// <summary>sum += all rows, from the first to the last.</summary>
    internal static void AddRows<T>(Span<T> sum, ReadOnlySpan<T> rows) where T : unmanaged, INumberBase<T>
    {
        for (int begin = 0; begin < rows.Length; begin += sum.Length)
            Add(sum, rows.Slice(begin, sum.Length));
    }

    /// <summary>The first entry that is infinite or not a number; −1 when there is none.</summary>
    internal static int FirstNotFinite<T>(ReadOnlySpan<T> x) where T : unmanaged, INumberBase<T> => VectorKernels.FirstNotFinite(x);
}
