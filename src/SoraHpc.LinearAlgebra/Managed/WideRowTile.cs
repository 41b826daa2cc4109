using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SoraHpc.LinearAlgebra.Managed;

/// <summary>6 rows × up to 4 vectors of 512 bits: 24 of the 32 registers are sums, and 24 products take ten loads.</summary>
internal readonly unsafe struct WideRowTile<T> : IRowTile<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static int Lanes => Vector512<T>.Count;
    public static int Columns => 4 * Vector512<T>.Count;

    public static void Multiply(int width, int rows, int depth, T* a, nint along, nint across, T* b, nint strideB, T beta, T* c, nint strideC)
    {
        if (width == Columns)
            MultiplyFour(rows, depth, a, along, across, b, strideB, beta, c, strideC);
        else
            for (int column = 0; column < width; column += Lanes)
                MultiplyOne(rows, depth, a, along, across, b + column, strideB, beta, c + column, strideC);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MultiplyFour(int rows, int depth, T* a, nint along, nint across, T* b, nint strideB, T beta, T* c, nint strideC)
    {
        nint one = Math.Min(1, rows - 1) * along, two = Math.Min(2, rows - 1) * along, three = Math.Min(3, rows - 1) * along, four = Math.Min(4, rows - 1) * along, five = (rows - 1) * along;
        int lanes = Vector512<T>.Count;
        Load(c, beta, out Vector512<T> p0, out Vector512<T> p1, out Vector512<T> p2, out Vector512<T> p3);
        Load(c + strideC, beta, out Vector512<T> q0, out Vector512<T> q1, out Vector512<T> q2, out Vector512<T> q3);
        Load(c + 2 * strideC, beta, out Vector512<T> r0, out Vector512<T> r1, out Vector512<T> r2, out Vector512<T> r3);
        Load(c + 3 * strideC, beta, out Vector512<T> s0, out Vector512<T> s1, out Vector512<T> s2, out Vector512<T> s3);
        Load(c + 4 * strideC, beta, out Vector512<T> t0, out Vector512<T> t1, out Vector512<T> t2, out Vector512<T> t3);
        Load(c + 5 * strideC, beta, out Vector512<T> u0, out Vector512<T> u1, out Vector512<T> u2, out Vector512<T> u3);
        for (int k = 0; k < depth; k++, a += across, b += strideB)
        {
            Vector512<T> b0 = Vector512.Load(b), b1 = Vector512.Load(b + lanes), b2 = Vector512.Load(b + 2 * lanes), b3 = Vector512.Load(b + 3 * lanes), factor = Vector512.Create(a[0]);
            (p0, p1, p2, p3) = (Fused(factor, b0, p0), Fused(factor, b1, p1), Fused(factor, b2, p2), Fused(factor, b3, p3));
            factor = Vector512.Create(a[one]);
            (q0, q1, q2, q3) = (Fused(factor, b0, q0), Fused(factor, b1, q1), Fused(factor, b2, q2), Fused(factor, b3, q3));
            factor = Vector512.Create(a[two]);
            (r0, r1, r2, r3) = (Fused(factor, b0, r0), Fused(factor, b1, r1), Fused(factor, b2, r2), Fused(factor, b3, r3));
            factor = Vector512.Create(a[three]);
            (s0, s1, s2, s3) = (Fused(factor, b0, s0), Fused(factor, b1, s1), Fused(factor, b2, s2), Fused(factor, b3, s3));
            factor = Vector512.Create(a[four]);
            (t0, t1, t2, t3) = (Fused(factor, b0, t0), Fused(factor, b1, t1), Fused(factor, b2, t2), Fused(factor, b3, t3));
            factor = Vector512.Create(a[five]);
            (u0, u1, u2, u3) = (Fused(factor, b0, u0), Fused(factor, b1, u1), Fused(factor, b2, u2), Fused(factor, b3, u3));
        }
        Store(c, p0, p1, p2, p3);
        Store(c + strideC, q0, q1, q2, q3);
        Store(c + 2 * strideC, r0, r1, r2, r3);
        Store(c + 3 * strideC, s0, s1, s2, s3);
        Store(c + 4 * strideC, t0, t1, t2, t3);
        Store(c + 5 * strideC, u0, u1, u2, u3);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MultiplyOne(int rows, int depth, T* a, nint along, nint across, T* b, nint strideB, T beta, T* c, nint strideC)
    {
        nint one = Math.Min(1, rows - 1) * along, two = Math.Min(2, rows - 1) * along, three = Math.Min(3, rows - 1) * along, four = Math.Min(4, rows - 1) * along, five = (rows - 1) * along;
        Vector512<T> p = Load(c, beta), q = Load(c + strideC, beta), r = Load(c + 2 * strideC, beta), s = Load(c + 3 * strideC, beta), t = Load(c + 4 * strideC, beta), u = Load(c + 5 * strideC, beta);
        for (int k = 0; k < depth; k++, a += across, b += strideB)
        {
            Vector512<T> row = Vector512.Load(b);
            p = Fused(Vector512.Create(a[0]), row, p);
            q = Fused(Vector512.Create(a[one]), row, q);
            r = Fused(Vector512.Create(a[two]), row, r);
            s = Fused(Vector512.Create(a[three]), row, s);
            t = Fused(Vector512.Create(a[four]), row, t);
            u = Fused(Vector512.Create(a[five]), row, u);
        }
        p.Store(c);
        q.Store(c + strideC);
        r.Store(c + 2 * strideC);
        s.Store(c + 3 * strideC);
        t.Store(c + 4 * strideC);
        u.Store(c + 5 * strideC);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<T> Fused(Vector512<T> x, Vector512<T> y, Vector512<T> sum) => typeof(T) == typeof(float)
        ? Vector512.FusedMultiplyAdd(x.As<T, float>(), y.As<T, float>(), sum.As<T, float>()).As<float, T>()
        : Vector512.FusedMultiplyAdd(x.As<T, double>(), y.As<T, double>(), sum.As<T, double>()).As<double, T>();

    // With β = 0 whatever was there, not a number included, does not count.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<T> Load(T* c, T beta) => beta == T.Zero ? Vector512<T>.Zero : Vector512.Load(c) * beta;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Load(T* c, T beta, out Vector512<T> v0, out Vector512<T> v1, out Vector512<T> v2, out Vector512<T> v3) =>
        (v0, v1, v2, v3) = (Load(c, beta), Load(c + Vector512<T>.Count, beta), Load(c + 2 * Vector512<T>.Count, beta), Load(c + 3 * Vector512<T>.Count, beta));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(T* c, Vector512<T> v0, Vector512<T> v1, Vector512<T> v2, Vector512<T> v3)
    {
        v0.Store(c);
        v1.Store(c + Vector512<T>.Count);
        v2.Store(c + 2 * Vector512<T>.Count);
        v3.Store(c + 3 * Vector512<T>.Count);
    }
}
