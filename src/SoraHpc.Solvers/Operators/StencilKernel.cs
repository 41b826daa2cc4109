using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SoraHpc.Solvers.Operators;

/// <summary>
/// Rows of y = S·x + g·b for a symmetric stencil S. Each cell is made by the same fused operations in the vector part and in the
/// tail. Rows may be read a vector's width beyond either end; what is read there is replaced by what the boundary says.
/// </summary>
// Traffic per cell from memory: 8 B of x (other rows hit the caches), 8 B of b where there is one, 8 B written past the caches. What will be
// needed is asked for a line at a time while a row is computed: asked for all at once, it holds up the loads behind it.
internal static unsafe partial class StencilKernel
{
    private const int Lanes = 8;

    /// <summary>The rows a 7-point row needs.</summary>
    internal struct Rows7
    {
        public double* Here, Below, Above, South, North;
    }

    /// <summary>What a sweep does to every row.</summary>
    /// <param name="Stencil">The weights.</param>
    /// <param name="G">The factor of b.</param>
    /// <param name="Count">Cells in a row.</param>
    /// <param name="Sign">What lies beyond either end, as a multiple of the last cell.</param>
    /// <param name="Streams">Write past the caches, and ask for what comes; rows must be aligned.</param>
    internal readonly record struct Sweep(Stencil Stencil, double G, int Count, double Sign, bool Streams);

    /// <summary>A row of the result, of b where there is one, and what of x and b will be needed soon; that may lie outside any array.</summary>
    internal struct Target
    {
        public double* Y, B, XAhead, BAhead;
    }

    /// <summary>The 7-point row; b is read only where <typeparamref name="TRhs"/> has one.</summary>
    internal static void Row7<TRhs>(in Rows7 rows, in Target target, in Sweep sweep) where TRhs : struct, IChoice
    {
        (Stencil stencil, double g, int count, double sign, bool streams) = sweep;
        double* b = target.B, y = target.Y, xAhead = target.XAhead, bAhead = target.BAhead;
        double* c = rows.Here, d = rows.Below, u = rows.Above, s = rows.South, n = rows.North;
        double wc = stencil.Centre, wz = stencil.AlongPlanes, wy = stencil.AlongRows, wx = stencil.AlongColumns;
        double west = sign * c[0], east = sign * c[count - 1];
        Vector512<double> vc = Vector512.Create(wc), vz = Vector512.Create(wz), vy = Vector512.Create(wy), vx = Vector512.Create(wx), vg = Vector512.Create(g);
        int i = 0, last = count - Lanes;
        for (; i <= last; i += Lanes)
        {
            if (streams)
                Ask<TRhs>(xAhead, bAhead, i);
            Vector512<double> left = Vector512.Load(c + i - 1), right = Vector512.Load(c + i + 1);
            if (i == 0)
                left = left.WithElement(0, west);
            if (i == last)
                right = right.WithElement(Lanes - 1, east);
            Vector512<double> sum = vz * (Vector512.Load(d + i) + Vector512.Load(u + i));
            sum = Vector512.FusedMultiplyAdd(vy, Vector512.Load(s + i) + Vector512.Load(n + i), sum);
            sum = Vector512.FusedMultiplyAdd(vx, left + right, sum);
            sum = Vector512.FusedMultiplyAdd(vc, Vector512.Load(c + i), sum);
            if (TRhs.Is)
                sum = Vector512.FusedMultiplyAdd(vg, Vector512.Load(b + i), sum);
            Store(sum, y + i, streams);
        }
        for (; i < count; i++)
        {
            double sum = wz * (d[i] + u[i]);
            sum = Math.FusedMultiplyAdd(wy, s[i] + n[i], sum);
            sum = Math.FusedMultiplyAdd(wx, (i == 0 ? west : c[i - 1]) + (i == count - 1 ? east : c[i + 1]), sum);
            sum = Math.FusedMultiplyAdd(wc, c[i], sum);
            y[i] = TRhs.Is ? Math.FusedMultiplyAdd(g, b[i], sum) : sum;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Ask<TRhs>(double* x, double* b, nint i) where TRhs : struct, IChoice
    {
        if (!Sse.IsSupported)
            return;
        Sse.Prefetch0(x + i);
        if (TRhs.Is)
            Sse.Prefetch0(b + i);
    }

    /// <summary>Asks for a row, on processors that can be asked; it may lie outside any array.</summary>
    internal static void Prefetch(double* row, int count)
    {
        if (Sse.IsSupported)
            for (int i = 0; i < count; i += Lanes)
                Sse.Prefetch0(row + i);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector512<double> value, double* to, bool streams)
    {
        if (streams)
            value.StoreAlignedNonTemporal(to);
        else
            value.Store(to);
    }

    /// <summary>A choice made when the code is compiled.</summary>
    internal interface IChoice { static abstract bool Is { get; } }
    internal readonly struct Yes : IChoice { public static bool Is => true; }
    internal readonly struct No : IChoice { public static bool Is => false; }
}
