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

    /// <summary>The rows a 27-point row needs.</summary>
    internal struct Rows27
    {
        public double* Here, Below, Above, South, North, BelowSouth, BelowNorth, AboveSouth, AboveNorth;
    }

    // One column's sums over the rows across a face and across an edge, and the row itself.
    private readonly record struct Column(double Faces, double Edges, double Centre);

    /// <summary>The 27-point row; parameters as of <see cref="Row7"/>.</summary>
    // Nine loads a vector, all aligned with the rows: neighbours in the row come from the sums before and after, by moving lanes.
    internal static void Row27<TRhs>(in Rows27 rows, double* b, double g, double* y, int count, Stencil stencil, double sign, bool streams) where TRhs : struct, IChoice
    {
        int whole = count - count % Lanes;
        if (whole > 0)
            Whole27<TRhs>(rows, At(rows, -1, count, sign), At(rows, whole, count, sign), b, g, y, whole, stencil, streams);
        for (int i = whole; i < count; i++)
        {
            Column before = At(rows, i - 1, count, sign), here = At(rows, i, count, sign), after = At(rows, i + 1, count, sign);
            double sum = stencil.Corner * (before.Edges + after.Edges);
            sum = Math.FusedMultiplyAdd(stencil.Edge, here.Edges + (before.Faces + after.Faces), sum);
            sum = Math.FusedMultiplyAdd(stencil.AlongPlanes, here.Faces + (before.Centre + after.Centre), sum);
            sum = Math.FusedMultiplyAdd(stencil.Centre, here.Centre, sum);
            y[i] = TRhs.Is ? Math.FusedMultiplyAdd(g, b[i], sum) : sum;
        }
    }

    // The whole vectors of a row between what comes before and after them. No call in here: it would put all sums into memory.
    private static void Whole27<TRhs>(in Rows27 rows, Column first, Column end, double* b, double g, double* y, int count, Stencil stencil, bool streams) where TRhs : struct, IChoice
    {
        Vector512<double> w0 = Vector512.Create(stencil.Centre), w1 = Vector512.Create(stencil.AlongPlanes), w2 = Vector512.Create(stencil.Edge), w3 = Vector512.Create(stencil.Corner), vg = Vector512.Create(g);
        double* c = rows.Here, d = rows.Below, u = rows.Above, s = rows.South, n = rows.North;
        double* ds = rows.BelowSouth, dn = rows.BelowNorth, us = rows.AboveSouth, un = rows.AboveNorth;
        Vector512<double> faces = Sum4(d, u, s, n), edges = Sum4(ds, dn, us, un), centre = Vector512.Load(c);
        Vector512<double> facesBefore = Vector512.Create(first.Faces), edgesBefore = Vector512.Create(first.Edges), centreBefore = Vector512.Create(first.Centre);
        Vector512<double> facesEnd = Vector512.Create(end.Faces), edgesEnd = Vector512.Create(end.Edges), centreEnd = Vector512.Create(end.Centre);
        for (int i = 0; i < count; i += Lanes)
        {
            int next = i + Lanes;
            Vector512<double> facesAfter = facesEnd, edgesAfter = edgesEnd, centreAfter = centreEnd;
            if (next < count)
                (facesAfter, edgesAfter, centreAfter) = (Sum4(d + next, u + next, s + next, n + next), Sum4(ds + next, dn + next, us + next, un + next), Vector512.Load(c + next));
            Vector512<double> sum = w3 * (Left(edgesBefore, edges) + Right(edges, edgesAfter));
            sum = Vector512.FusedMultiplyAdd(w2, edges + (Left(facesBefore, faces) + Right(faces, facesAfter)), sum);
            sum = Vector512.FusedMultiplyAdd(w1, faces + (Left(centreBefore, centre) + Right(centre, centreAfter)), sum);
            sum = Vector512.FusedMultiplyAdd(w0, centre, sum);
            if (TRhs.Is)
                sum = Vector512.FusedMultiplyAdd(vg, Vector512.Load(b + i), sum);
            Store(sum, y + i, streams);
            (facesBefore, edgesBefore, centreBefore, faces, edges, centre) = (faces, edges, centre, facesAfter, edgesAfter, centreAfter);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Sum4(double* d, double* u, double* s, double* n) => Vector512.Load(d) + Vector512.Load(u) + (Vector512.Load(s) + Vector512.Load(n));

    // Columns −1 and count are what the boundary says.
    private static Column At(in Rows27 r, int column, int count, double sign)
    {
        int i = Math.Clamp(column, 0, count - 1);
        double times = i == column ? 1 : sign;
        return new(times * (r.Below[i] + r.Above[i] + (r.South[i] + r.North[i])), times * (r.BelowSouth[i] + r.BelowNorth[i] + (r.AboveSouth[i] + r.AboveNorth[i])), times * r.Here[i]);
    }

    // Every lane's left neighbour.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Left(Vector512<double> before, Vector512<double> here) => Avx512F.IsSupported
        ? Avx512F.AlignRight64(here.AsInt64(), before.AsInt64(), Lanes - 1).AsDouble()
        : Vector512.Create(before[7], here[0], here[1], here[2], here[3], here[4], here[5], here[6]);

    // Every lane's right neighbour.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Right(Vector512<double> here, Vector512<double> after) => Avx512F.IsSupported
        ? Avx512F.AlignRight64(after.AsInt64(), here.AsInt64(), 1).AsDouble()
        : Vector512.Create(here[1], here[2], here[3], here[4], here[5], here[6], here[7], after[0]);

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
