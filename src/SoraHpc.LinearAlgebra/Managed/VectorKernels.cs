using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace SoraHpc.LinearAlgebra.Managed;

/// <summary>
/// Element-wise loops and the dot product over real numbers. Each element is made by the same operations in the vector part and in the tail, so
/// its bits do not depend on where in an array it lies; the result may be an operand. Local; allocates nothing. Every method throws
/// <see cref="ArgumentException"/> where an operand is shorter than the result, or y shorter than x where there is none.
/// </summary>
/// <remarks>Vector512 is two of 256 bits, or four of 128, where the processor has no wider ones.</remarks>
// All are bound by memory: 24 B an entry of double precision for two operands and a result, 16 B for one or for the dot product.
public static class VectorKernels
{
    /// <summary>result = x + y.</summary>
    public static void Add<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> result) where T : unmanaged, INumberBase<T>
    {
        int n = Fit(ref x, ref y, result.Length), i = 0;
        ref T a = ref MemoryMarshal.GetReference(x), b = ref MemoryMarshal.GetReference(y), c = ref MemoryMarshal.GetReference(result);
        for (; i <= n - Vector512<T>.Count; i += Vector512<T>.Count)
            (At(ref a, i) + At(ref b, i)).StoreUnsafe(ref c, (nuint)i);
        for (; i < n; i++)
            result[i] = x[i] + y[i];
    }

    /// <summary>result = x − y.</summary>
    public static void Subtract<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> result) where T : unmanaged, INumberBase<T>
    {
        int n = Fit(ref x, ref y, result.Length), i = 0;
        ref T a = ref MemoryMarshal.GetReference(x), b = ref MemoryMarshal.GetReference(y), c = ref MemoryMarshal.GetReference(result);
        for (; i <= n - Vector512<T>.Count; i += Vector512<T>.Count)
            (At(ref a, i) - At(ref b, i)).StoreUnsafe(ref c, (nuint)i);
        for (; i < n; i++)
            result[i] = x[i] - y[i];
    }

    /// <summary>result = x·y, element by element.</summary>
    public static void Multiply<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> result) where T : unmanaged, INumberBase<T>
    {
        int n = Fit(ref x, ref y, result.Length), i = 0;
        ref T a = ref MemoryMarshal.GetReference(x), b = ref MemoryMarshal.GetReference(y), c = ref MemoryMarshal.GetReference(result);
        for (; i <= n - Vector512<T>.Count; i += Vector512<T>.Count)
            (At(ref a, i) * At(ref b, i)).StoreUnsafe(ref c, (nuint)i);
        for (; i < n; i++)
            result[i] = x[i] * y[i];
    }

    /// <summary>result = factor·x.</summary>
    public static void Scale<T>(T factor, ReadOnlySpan<T> x, Span<T> result) where T : unmanaged, INumberBase<T>
    {
        int n = Fit(ref x, ref x, result.Length), i = 0;
        ref T a = ref MemoryMarshal.GetReference(x), c = ref MemoryMarshal.GetReference(result);
        Vector512<T> factors = Vector512.Create(factor);
        for (; i <= n - Vector512<T>.Count; i += Vector512<T>.Count)
            (factors * At(ref a, i)).StoreUnsafe(ref c, (nuint)i);
        for (; i < n; i++)
            result[i] = factor * x[i];
    }

    /// <summary>result = y + factor·x, rounded once.</summary>
    public static void AddScaled<T>(ReadOnlySpan<T> y, T factor, ReadOnlySpan<T> x, Span<T> result) where T : unmanaged, IFloatingPointIeee754<T>
    {
        int n = Fit(ref x, ref y, result.Length), i = 0, lanes = Vector512<T>.Count;
        ref T a = ref MemoryMarshal.GetReference(x), b = ref MemoryMarshal.GetReference(y), c = ref MemoryMarshal.GetReference(result);
        Vector512<T> factors = Vector512.Create(factor);
        for (; i <= n - 2 * lanes; i += 2 * lanes)
        {
            MultiplyAdd(factors, At(ref a, i), At(ref b, i)).StoreUnsafe(ref c, (nuint)i);
            MultiplyAdd(factors, At(ref a, i + lanes), At(ref b, i + lanes)).StoreUnsafe(ref c, (nuint)(i + lanes));
        }
        for (; i < n; i++)
            result[i] = T.FusedMultiplyAdd(factor, x[i], y[i]);
    }

    /// <summary>x·y over four vectors of partial sums, products not rounded: the error is that of any order of summation, n·ε·Σ|xᵢyᵢ| at most.</summary>
    public static T Dot<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y) where T : unmanaged, IFloatingPointIeee754<T>
    {
        int n = Fit(ref x, ref y, x.Length), i = 0, lanes = Vector512<T>.Count;
        ref T a = ref MemoryMarshal.GetReference(x), b = ref MemoryMarshal.GetReference(y);
        Vector512<T> first = default, second = default, third = default, fourth = default;
        for (; i <= n - 4 * lanes; i += 4 * lanes)
        {
            first = MultiplyAdd(At(ref a, i), At(ref b, i), first);
            second = MultiplyAdd(At(ref a, i + lanes), At(ref b, i + lanes), second);
            third = MultiplyAdd(At(ref a, i + 2 * lanes), At(ref b, i + 2 * lanes), third);
            fourth = MultiplyAdd(At(ref a, i + 3 * lanes), At(ref b, i + 3 * lanes), fourth);
        }
        T sum = Vector512.Sum(first + second + (third + fourth));
        for (; i < n; i++)
            sum = T.FusedMultiplyAdd(x[i], y[i], sum);
        return sum;
    }

    /// <summary>x += a·p and r −= a·q in one pass, all of the same length; returns r·r. What a step of the conjugate gradients does.</summary>
    // Traffic per element: four reads, two writes: 48 B.
    public static double StepAndSquare(Span<double> x, Span<double> r, double a, ReadOnlySpan<double> p, ReadOnlySpan<double> q)
    {
        int n = x.Length, i = 0, lanes = Vector512<double>.Count;
        r = r[..n];
        p = p[..n];
        q = q[..n];
        ref double xs = ref MemoryMarshal.GetReference(x), rs = ref MemoryMarshal.GetReference(r);
        ref double ps = ref MemoryMarshal.GetReference(p), qs = ref MemoryMarshal.GetReference(q);
        Vector512<double> forward = Vector512.Create(a), back = Vector512.Create(-a), first = default, second = default;
        for (; i <= n - 2 * lanes; i += 2 * lanes)
        {
            MultiplyAdd(forward, At(ref ps, i), At(ref xs, i)).StoreUnsafe(ref xs, (nuint)i);
            MultiplyAdd(forward, At(ref ps, i + lanes), At(ref xs, i + lanes)).StoreUnsafe(ref xs, (nuint)(i + lanes));
            Vector512<double> left = MultiplyAdd(back, At(ref qs, i), At(ref rs, i)), right = MultiplyAdd(back, At(ref qs, i + lanes), At(ref rs, i + lanes));
            left.StoreUnsafe(ref rs, (nuint)i);
            right.StoreUnsafe(ref rs, (nuint)(i + lanes));
            first = MultiplyAdd(left, left, first);
            second = MultiplyAdd(right, right, second);
        }
        double sum = Vector512.Sum(first + second);
        for (; i < n; i++)
        {
            x[i] = Math.FusedMultiplyAdd(a, p[i], x[i]);
            r[i] = Math.FusedMultiplyAdd(-a, q[i], r[i]);
            sum = Math.FusedMultiplyAdd(r[i], r[i], sum);
        }
        return sum;
    }

    /// <summary>The first entry that is infinite or not a number; −1 when there is none. 8 B an entry of double precision.</summary>
    public static int FirstNotFinite<T>(ReadOnlySpan<T> x) where T : unmanaged, INumberBase<T>
    {
        int i = 0;
        ref T a = ref MemoryMarshal.GetReference(x);
        for (; i <= x.Length - Vector512<T>.Count; i += Vector512<T>.Count)
        {
            Vector512<T> values = At(ref a, i);
            if (!Vector512.EqualsAll(values - values, Vector512<T>.Zero))     // ∞ − ∞ is not a number
                break;
        }
        while (i < x.Length && T.IsFinite(x[i]))
            i++;
        return i < x.Length ? i : -1;
    }

    // Checked once, so that no load in a loop is.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Fit<T>(ref ReadOnlySpan<T> x, ref ReadOnlySpan<T> y, int length)
    {
        x = x[..length];
        y = y[..length];
        return length;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<T> At<T>(ref T first, int i) where T : unmanaged => Vector512.LoadUnsafe(ref first, (nuint)i);

    // One instruction: the test of the type is made when the code is compiled.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<T> MultiplyAdd<T>(Vector512<T> a, Vector512<T> b, Vector512<T> c) where T : unmanaged => typeof(T) == typeof(double)
        ? Vector512.FusedMultiplyAdd(a.AsDouble(), b.AsDouble(), c.AsDouble()).As<double, T>()
        : Vector512.FusedMultiplyAdd(a.AsSingle(), b.AsSingle(), c.AsSingle()).As<float, T>();
}
