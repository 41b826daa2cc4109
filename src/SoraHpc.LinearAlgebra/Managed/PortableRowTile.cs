using System.Numerics;
using System.Runtime.CompilerServices;

namespace SoraHpc.LinearAlgebra.Managed;

/// <summary>6 rows × up to 2 vectors of .NET's own width: 12 of the 16 registers of AVX2 are sums; right with vectors of any width.</summary>
internal readonly unsafe struct PortableRowTile<T> : IRowTile<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static int Lanes => Vector<T>.Count;
    public static int Columns => 2 * Vector<T>.Count;

    public static void Multiply(int width, int rows, int depth, T* a, nint along, nint across, T* b, nint strideB, T beta, T* c, nint strideC)
    {
        if (width == Columns)
            MultiplyTwo(rows, depth, a, along, across, b, strideB, beta, c, strideC);
        else
            MultiplyOne(rows, depth, a, along, across, b, strideB, beta, c, strideC);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MultiplyTwo(int rows, int depth, T* a, nint along, nint across, T* b, nint strideB, T beta, T* c, nint strideC)
    {
        nint one = Math.Min(1, rows - 1) * along, two = Math.Min(2, rows - 1) * along, three = Math.Min(3, rows - 1) * along, four = Math.Min(4, rows - 1) * along, five = (rows - 1) * along;
        int lanes = Vector<T>.Count;
        Vector<T> p0 = Load(c, beta), p1 = Load(c + lanes, beta), q0 = Load(c + strideC, beta), q1 = Load(c + strideC + lanes, beta), r0 = Load(c + 2 * strideC, beta), r1 = Load(c + 2 * strideC + lanes, beta);
        Vector<T> s0 = Load(c + 3 * strideC, beta), s1 = Load(c + 3 * strideC + lanes, beta), t0 = Load(c + 4 * strideC, beta), t1 = Load(c + 4 * strideC + lanes, beta);
        Vector<T> u0 = Load(c + 5 * strideC, beta), u1 = Load(c + 5 * strideC + lanes, beta);
        for (int k = 0; k < depth; k++, a += across, b += strideB)
        {
            Vector<T> left = Vector.Load(b), right = Vector.Load(b + lanes), factor = new(a[0]);
            (p0, p1) = (Fused(factor, left, p0), Fused(factor, right, p1));
            factor = new(a[one]);
            (q0, q1) = (Fused(factor, left, q0), Fused(factor, right, q1));
            factor = new(a[two]);
            (r0, r1) = (Fused(factor, left, r0), Fused(factor, right, r1));
            factor = new(a[three]);
            (s0, s1) = (Fused(factor, left, s0), Fused(factor, right, s1));
            factor = new(a[four]);
            (t0, t1) = (Fused(factor, left, t0), Fused(factor, right, t1));
            factor = new(a[five]);
            (u0, u1) = (Fused(factor, left, u0), Fused(factor, right, u1));
        }
        Store(c, p0, p1);
        Store(c + strideC, q0, q1);
        Store(c + 2 * strideC, r0, r1);
        Store(c + 3 * strideC, s0, s1);
        Store(c + 4 * strideC, t0, t1);
        Store(c + 5 * strideC, u0, u1);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MultiplyOne(int rows, int depth, T* a, nint along, nint across, T* b, nint strideB, T beta, T* c, nint strideC)
    {
        nint one = Math.Min(1, rows - 1) * along, two = Math.Min(2, rows - 1) * along, three = Math.Min(3, rows - 1) * along, four = Math.Min(4, rows - 1) * along, five = (rows - 1) * along;
        Vector<T> p = Load(c, beta), q = Load(c + strideC, beta), r = Load(c + 2 * strideC, beta), s = Load(c + 3 * strideC, beta), t = Load(c + 4 * strideC, beta), u = Load(c + 5 * strideC, beta);
        for (int k = 0; k < depth; k++, a += across, b += strideB)
        {
            Vector<T> row = Vector.Load(b);
            p = Fused(new(a[0]), row, p);
            q = Fused(new(a[one]), row, q);
            r = Fused(new(a[two]), row, r);
            s = Fused(new(a[three]), row, s);
            t = Fused(new(a[four]), row, t);
            u = Fused(new(a[five]), row, u);
        }
        p.Store(c);
        q.Store(c + strideC);
        r.Store(c + 2 * strideC);
        s.Store(c + 3 * strideC);
        t.Store(c + 4 * strideC);
        u.Store(c + 5 * strideC);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<T> Fused(Vector<T> x, Vector<T> y, Vector<T> sum) => typeof(T) == typeof(float)
        ? Vector.FusedMultiplyAdd(x.As<T, float>(), y.As<T, float>(), sum.As<T, float>()).As<float, T>()
        : Vector.FusedMultiplyAdd(x.As<T, double>(), y.As<T, double>(), sum.As<T, double>()).As<double, T>();

    // With β = 0 whatever was there, not a number included, does not count.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<T> Load(T* c, T beta) => beta == T.Zero ? Vector<T>.Zero : Vector.Load(c) * beta;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(T* c, Vector<T> left, Vector<T> right)
    {
        left.Store(c);
        right.Store(c + Vector<T>.Count);
    }
}
