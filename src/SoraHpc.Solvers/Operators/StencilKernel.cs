using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SoraHpc.Solvers.Operators;

/// <summary>
/// One row of y = S·x + g·b for a symmetric stencil S. Each cell is made by the same fused operations in the vector part and in the
/// tail. Rows may be read a vector's width beyond either end; what is read there is replaced by what the boundary says.
/// </summary>
// Traffic per cell from memory: 8 B of x (other rows hit the caches), 8 B of b where there is one, 8 B written past the caches.
internal static unsafe class StencilKernel
{
    private const int Lanes = 8;

    /// <summary>The rows a 7-point row needs.</summary>
    internal struct Rows7
    {
        public double* Here, Below, Above, South, North;
    }

    /// <param name="b">Read only where <typeparamref name="TRhs"/> has one.</param>
    /// <param name="sign">What lies beyond either end, as a multiple of the last cell.</param>
    /// <param name="streams">Write past the caches; rows must be aligned.</param>
    internal static void Row7<TRhs>(in Rows7 rows, double* b, double g, double* y, int count, Stencil stencil, double sign, bool streams) where TRhs : struct, IChoice
    {
        double* c = rows.Here, d = rows.Below, u = rows.Above, s = rows.South, n = rows.North;
        double wc = stencil.Centre, wz = stencil.AlongPlanes, wy = stencil.AlongRows, wx = stencil.AlongColumns;
        double west = sign * c[0], east = sign * c[count - 1];
        Vector512<double> vc = Vector512.Create(wc), vz = Vector512.Create(wz), vy = Vector512.Create(wy), vx = Vector512.Create(wx), vg = Vector512.Create(g);
        int i = 0, last = count - Lanes;
        if (last >= 0)
            Eight(0, Vector512.Load(c - 1).WithElement(0, west), last == 0 ? Vector512.Load(c + 1).WithElement(Lanes - 1, east) : Vector512.Load(c + 1));
        for (i = last >= 0 ? Lanes : 0; i < last; i += Lanes)
            Eight(i, Vector512.Load(c + i - 1), Vector512.Load(c + i + 1));
        if (i == last && last > 0)
        {
            Eight(i, Vector512.Load(c + i - 1), Vector512.Load(c + i + 1).WithElement(Lanes - 1, east));
            i += Lanes;
        }
        for (; i < count; i++)
        {
            double sum = wz * (d[i] + u[i]);
            sum = Math.FusedMultiplyAdd(wy, s[i] + n[i], sum);
            sum = Math.FusedMultiplyAdd(wx, (i == 0 ? west : c[i - 1]) + (i == count - 1 ? east : c[i + 1]), sum);
            sum = Math.FusedMultiplyAdd(wc, c[i], sum);
            y[i] = TRhs.Is ? Math.FusedMultiplyAdd(g, b[i], sum) : sum;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        void Eight(int i, Vector512<double> left, Vector512<double> right)
        {
            Vector512<double> sum = vz * (Vector512.Load(d + i) + Vector512.Load(u + i));
            sum = Vector512.FusedMultiplyAdd(vy, Vector512.Load(s + i) + Vector512.Load(n + i), sum);
            sum = Vector512.FusedMultiplyAdd(vx, left + right, sum);
            sum = Vector512.FusedMultiplyAdd(vc, Vector512.Load(c + i), sum);
            if (TRhs.Is)
                sum = Vector512.FusedMultiplyAdd(vg, Vector512.Load(b + i), sum);
            Store(sum, y + i, streams);
        }
    }

    /// <summary>Sums of the eight rows around one, written to scratch with room for a cell before and after: those across a face and across an edge.</summary>
    // Each row is loaded once instead of three times: the shifted sums come from the scratch, which the first cache holds.
    internal static void Sums27(in Rows7 rows, double* ds, double* dn, double* us, double* un, double* faces, double* edges, int count, double sign)
    {
        double* d = rows.Below, u = rows.Above, s = rows.South, n = rows.North;
        int i = 0;
        for (; i <= count - Lanes; i += Lanes)
        {
            (Vector512.Load(d + i) + Vector512.Load(u + i) + (Vector512.Load(s + i) + Vector512.Load(n + i))).Store(faces + i);
            (Vector512.Load(ds + i) + Vector512.Load(dn + i) + (Vector512.Load(us + i) + Vector512.Load(un + i))).Store(edges + i);
        }
        for (; i < count; i++)
        {
            faces[i] = d[i] + u[i] + (s[i] + n[i]);
            edges[i] = ds[i] + dn[i] + (us[i] + un[i]);
        }
        (faces[-1], faces[count], edges[-1], edges[count]) = (sign * faces[0], sign * faces[count - 1], sign * edges[0], sign * edges[count - 1]);
    }

    /// <summary>The 27-point row from the sums around it; parameters as of <see cref="Row7"/>.</summary>
    internal static void Row27<TRhs>(double* c, double* faces, double* edges, double* b, double g, double* y, int count, Stencil stencil, double sign, bool streams) where TRhs : struct, IChoice
    {
        double w0 = stencil.Centre, w1 = stencil.AlongPlanes, w2 = stencil.Edge, w3 = stencil.Corner;
        double west = sign * c[0], east = sign * c[count - 1];
        Vector512<double> v0 = Vector512.Create(w0), v1 = Vector512.Create(w1), v2 = Vector512.Create(w2), v3 = Vector512.Create(w3), vg = Vector512.Create(g);
        int i = 0;
        for (; i <= count - Lanes; i += Lanes)
        {
            Vector512<double> left = Vector512.Load(c + i - 1), right = Vector512.Load(c + i + 1);
            if (i == 0)
                left = left.WithElement(0, west);
            if (i == count - Lanes)
                right = right.WithElement(Lanes - 1, east);
            Vector512<double> sum = v3 * (Vector512.Load(edges + i - 1) + Vector512.Load(edges + i + 1));
            sum = Vector512.FusedMultiplyAdd(v2, Vector512.Load(edges + i) + (Vector512.Load(faces + i - 1) + Vector512.Load(faces + i + 1)), sum);
            sum = Vector512.FusedMultiplyAdd(v1, Vector512.Load(faces + i) + (left + right), sum);
            sum = Vector512.FusedMultiplyAdd(v0, Vector512.Load(c + i), sum);
            if (TRhs.Is)
                sum = Vector512.FusedMultiplyAdd(vg, Vector512.Load(b + i), sum);
            Store(sum, y + i, streams);
        }
        for (; i < count; i++)
        {
            double sum = w3 * (edges[i - 1] + edges[i + 1]);
            sum = Math.FusedMultiplyAdd(w2, edges[i] + (faces[i - 1] + faces[i + 1]), sum);
            sum = Math.FusedMultiplyAdd(w1, faces[i] + ((i == 0 ? west : c[i - 1]) + (i == count - 1 ? east : c[i + 1])), sum);
            sum = Math.FusedMultiplyAdd(w0, c[i], sum);
            y[i] = TRhs.Is ? Math.FusedMultiplyAdd(g, b[i], sum) : sum;
        }
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
