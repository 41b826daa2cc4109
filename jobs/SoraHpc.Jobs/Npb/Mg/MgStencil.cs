using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using SoraHpc.Communication;

namespace SoraHpc.Jobs.Npb.Mg;

/// <summary>
/// What residual, smoother and restriction have in common: a 27-point operator along one row of a grid. The nine rows around it are
/// first added to what counts at the point itself (<c>here</c>) and what counts at its neighbours in the row (<c>beside</c>); then
/// the value at i is here[i] + beside[i − 1] + beside[i + 1]. So a number is loaded nine times, not 27, and the two sums stay in the first cache.
/// </summary>
/// <remarks>Vectors of 512 bits, which are two of 256 where there are none so wide; what is left of a row goes number by number, with the same operations.</remarks>
internal sealed unsafe class MgStencil : IDisposable
{
    private const int Lanes = 8;

    // Rows between the one in use and the one asked for, where a grid is large: the hardware's own fetching ahead ends at every page, which is two rows.
    private const int RowsAhead = 4;

    private readonly AlignedBuffer<double> beside, here;

    /// <param name="points">The longest row.</param>
    internal MgStencil(int points) => (beside, here) = (new(points + 2 * Lanes), new(points));

    // Two numbers around the row: its ends' neighbours across the periodic boundary.
    private double* Beside => beside.Address + Lanes;

    /// <summary>r = v − A·u along row <paramref name="row"/> of plane <paramref name="plane"/>; r may be v.</summary>
    // Traffic per point of a large grid: 8 B of u and of v read, 8 B of r written past the caches.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal void Residual(MgGrid u, MgGrid v, MgGrid r, int plane, int row)
    {
        Sum(u, MgWeights.Operator, plane, row);
        double* from = v.Plane(plane) + row * v.Pitch, to = r.Plane(plane) + row * r.Pitch, e = here.Address, m = Beside;
        bool past = r.IsLarge && r != v;
        int ahead = Ahead(v);
        int i = 0;
        for (; i <= u.Points - Lanes; i += Lanes)
        {
            Vector512<double> value = Vector512.Load(from + i) - (Vector512.Load(e + i) + (Vector512.Load(m + i - 1) + Vector512.Load(m + i + 1)));
            Fetch(from + i, ahead);
            if (past)
                value.StoreAlignedNonTemporal(to + i);
            else
                value.Store(to + i);
        }
        for (; i < u.Points; i++)
            to[i] = from[i] - (e[i] + (m[i - 1] + m[i + 1]));
    }

    /// <summary>u += C·r along a row.</summary>
    // Traffic per point of a large grid: 8 B of r read, 8 B of u read and written.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal void Smooth(MgGrid r, MgGrid u, MgWeights smoother, int plane, int row)
    {
        Sum(r, smoother, plane, row);
        double* to = u.Plane(plane) + row * u.Pitch, e = here.Address, m = Beside;
        int i = 0, ahead = Ahead(u);
        for (; i <= u.Points - Lanes; i += Lanes)
        {
            Fetch(to + i, ahead);
            (Vector512.Load(to + i) + (Vector512.Load(e + i) + (Vector512.Load(m + i - 1) + Vector512.Load(m + i + 1)))).Store(to + i);
        }
        for (; i < u.Points; i++)
            to[i] += e[i] + (m[i - 1] + m[i + 1]);
    }

    /// <summary>A row of the coarse grid from the finer one: the point at i of the coarse is that at 2·i + 1 of the fine, in every direction.</summary>
    // Traffic per point of the fine grid: 8 B read; per eight of them one number written.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal void Restrict(MgGrid fine, MgGrid coarse, int plane, int row)
    {
        Sum(fine, MgWeights.Restriction, 2 * plane + 1, 2 * row + 1);
        double* to = coarse.Plane(plane) + row * coarse.Pitch, e = here.Address + 1, m = Beside + 1;
        for (int i = 0; i < coarse.Points; i++)
            to[i] = e[2 * i] + (m[2 * i - 1] + m[2 * i + 1]);
    }

    // The sums over the nine rows, and those beside the ends of the row.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Sum(MgGrid grid, MgWeights weights, int plane, int row)
    {
        int points = grid.Points, south = ((row - 1) & (points - 1)) * grid.Pitch, north = ((row + 1) & (points - 1)) * grid.Pitch, own = row * grid.Pitch;
        double* below = grid.Plane(plane - 1), level = grid.Plane(plane), above = grid.Plane(plane + 1);
        double* f0 = level + south, f1 = level + north, f2 = below + own, f3 = above + own, centre = level + own;
        double* e0 = below + south, e1 = below + north, e2 = above + south, e3 = above + north;
        double* m = Beside, e = here.Address;
        double w0 = weights.Centre, w1 = weights.Face, w2 = weights.Edge, w3 = weights.Corner;
        Vector512<double> v0 = Vector512.Create(w0), v1 = Vector512.Create(w1), v2 = Vector512.Create(w2), v3 = Vector512.Create(w3);
        int i = 0, ahead = Ahead(grid);
        for (; i <= points - Lanes; i += Lanes)
        {
            Fetch(e3 + i, ahead);
            Vector512<double> faces = Vector512.Load(f0 + i) + Vector512.Load(f1 + i) + (Vector512.Load(f2 + i) + Vector512.Load(f3 + i));
            Vector512<double> edges = Vector512.Load(e0 + i) + Vector512.Load(e1 + i) + (Vector512.Load(e2 + i) + Vector512.Load(e3 + i));
            Vector512<double> self = Vector512.Load(centre + i);
            Vector512.FusedMultiplyAdd(v3, edges, Vector512.FusedMultiplyAdd(v2, faces, v1 * self)).Store(m + i);
            Vector512.FusedMultiplyAdd(v2, edges, Vector512.FusedMultiplyAdd(v1, faces, v0 * self)).Store(e + i);
        }
        for (; i < points; i++)
        {
            double faces = f0[i] + f1[i] + (f2[i] + f3[i]), edges = e0[i] + e1[i] + (e2[i] + e3[i]), self = centre[i];
            m[i] = Math.FusedMultiplyAdd(w3, edges, Math.FusedMultiplyAdd(w2, faces, w1 * self));
            e[i] = Math.FusedMultiplyAdd(w2, edges, Math.FusedMultiplyAdd(w1, faces, w0 * self));
        }
        (m[-1], m[points]) = (m[points - 1], m[0]);
    }

    private static int Ahead(MgGrid grid) => grid.IsLarge ? RowsAhead * grid.Pitch : 0;

    // Asking for what is there already costs next to nothing, so a small grid needs no loop of its own.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Fetch(double* at, int ahead)
    {
        if (Sse.IsSupported)
            Sse.Prefetch0(at + ahead);
    }

    /// <summary>u += Q·z along a row of the fine grid, trilinear between the points of the coarse one; or u = Q·z.</summary>
    // Traffic per point of the fine grid: 8 B read and written, and one eighth of that read.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal void Interpolate(MgGrid coarse, MgGrid fine, int plane, int row, bool add)
    {
        int points = coarse.Points, pitch = coarse.Pitch, last = points - 1;
        // Even planes and rows lie between two of the coarse grid, odd ones on one.
        double* south = coarse.Plane((plane - 1) >> 1) + ((row - 1) >> 1 & last) * pitch, north = coarse.Plane((plane - 1) >> 1) + (row >> 1 & last) * pitch;
        double* southAbove = coarse.Plane(plane >> 1) + ((row - 1) >> 1 & last) * pitch, northAbove = coarse.Plane(plane >> 1) + (row >> 1 & last) * pitch;
        double* on = Beside, between = here.Address, to = fine.Plane(plane) + row * fine.Pitch;
        int i = 0;
        for (; i <= points - Lanes; i += Lanes)
            ((Vector512.Load(south + i) + Vector512.Load(north + i) + (Vector512.Load(southAbove + i) + Vector512.Load(northAbove + i))) * 0.25).Store(on + i);
        for (; i < points; i++)
            on[i] = (south[i] + north[i] + (southAbove[i] + northAbove[i])) * 0.25;
        on[-1] = on[last];
        for (i = 0; i <= points - Lanes; i += Lanes)
            ((Vector512.Load(on + i - 1) + Vector512.Load(on + i)) * 0.5).Store(between + i);
        for (; i < points; i++)
            between[i] = (on[i - 1] + on[i]) * 0.5;
        Interleave(between, on, to, points, add, Ahead(fine));
    }

    // to[2·i] (+)= even[i], to[2·i + 1] (+)= odd[i]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Interleave(double* even, double* odd, double* to, int count, bool add, int ahead)
    {
        int i = 0;
        if (Avx512F.IsSupported)
            for (; i <= count - Lanes; i += Lanes)
            {
                Fetch(to + 2 * i, ahead);
                Fetch(to + 2 * i + Lanes, ahead);
                Vector512<double> a = Vector512.Load(even + i), b = Vector512.Load(odd + i);
                Vector512<double> low = Avx512F.PermuteVar8x64x2(a, Vector512.Create(0L, 8, 1, 9, 2, 10, 3, 11), b);
                Vector512<double> high = Avx512F.PermuteVar8x64x2(a, Vector512.Create(4L, 12, 5, 13, 6, 14, 7, 15), b);
                (add ? Vector512.Load(to + 2 * i) + low : low).Store(to + 2 * i);
                (add ? Vector512.Load(to + 2 * i + Lanes) + high : high).Store(to + 2 * i + Lanes);
            }
        for (; i < count; i++)
        {
            to[2 * i] = (add ? to[2 * i] : 0) + even[i];
            to[2 * i + 1] = (add ? to[2 * i + 1] : 0) + odd[i];
        }
    }

    /// <summary>Σ r² along a row.</summary>
    internal static double SquareSum(MgGrid r, int plane, int row)
    {
        double* from = r.Plane(plane) + row * r.Pitch;
        Vector512<double> lanes = default;
        int i = 0;
        for (; i <= r.Points - Lanes; i += Lanes)
            lanes += Vector512.Load(from + i) * Vector512.Load(from + i);
        double sum = Vector512.Sum(lanes);
        for (; i < r.Points; i++)
            sum += from[i] * from[i];
        return sum;
    }

    public void Dispose()
    {
        ((IDisposable)beside).Dispose();
        ((IDisposable)here).Dispose();
    }
}
