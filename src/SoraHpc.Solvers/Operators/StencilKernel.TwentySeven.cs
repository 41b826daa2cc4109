using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SoraHpc.Solvers.Operators;

// With f the sum of a column's neighbours across faces in its own plane of columns, e across edges and c the cell itself, what a column gives to
// the columns beside it is s = corner·e + edge·f + face·c, and to itself m = edge·e + face·f + centre·c: a cell is m + (s of the left + s of
// the right). So lanes move twice a vector instead of six times. Two rows at a time share the sums of the planes below and above: 6 loads a
// vector of cells instead of 9. That, and nothing else in the core, is what lets memory be the limit.
internal static unsafe partial class StencilKernel
{
    /// <summary>Where the rows before the first begin, one row after another, in three planes. Three pointers and not twelve: registers are for sums.</summary>
    internal struct Planes
    {
        public double* Below, Here, Above;
    }

    // What a column gives to the columns beside it, and to itself.
    private readonly record struct Share(double Side, double Own);

    /// <summary>One 27-point row, or two where <typeparamref name="TPair"/> says so; the second row of the target follows the first.</summary>
    internal static void Rows27<TRhs, TPair>(in Planes planes, in Target target, in Sweep sweep) where TRhs : struct, IChoice where TPair : struct, IChoice
    {
        int count = sweep.Count, whole = count - count % Lanes;
        Planes next = new() { Below = planes.Below + count, Here = planes.Here + count, Above = planes.Above + count };
        Target below = new() { Y = target.Y + count, B = target.B + count };
        if (whole > 0)
            Whole27<TRhs, TPair>(planes, whole < count ? At(planes, whole, sweep).Side : 0, TPair.Is && whole < count ? At(next, whole, sweep).Side : 0, target, sweep);
        for (int i = whole; i < count; i++)
        {
            Cell27<TRhs>(planes, target, sweep, i);
            if (TPair.Is)
                Cell27<TRhs>(next, below, sweep, i);
        }
    }

    private static void Cell27<TRhs>(in Planes planes, in Target target, in Sweep sweep, int i) where TRhs : struct, IChoice
    {
        double sum = At(planes, i, sweep).Own + (At(planes, i - 1, sweep).Side + At(planes, i + 1, sweep).Side);
        target.Y[i] = TRhs.Is ? Math.FusedMultiplyAdd(sweep.G, target.B[i], sum) : sum;
    }

    // Columns −1 and count are what the boundary says.
    private static Share At(in Planes planes, int column, in Sweep sweep)
    {
        int before = Math.Clamp(column, 0, sweep.Count - 1), here = before + sweep.Count, after = here + sweep.Count;
        double times = before == column ? 1 : sweep.Sign, centre = planes.Here[here];
        double faces = planes.Below[here] + planes.Above[here] + (planes.Here[before] + planes.Here[after]);
        double edges = planes.Below[before] + planes.Above[before] + (planes.Below[after] + planes.Above[after]);
        Stencil w = sweep.Stencil;
        return new(times * Math.FusedMultiplyAdd(w.AlongPlanes, centre, Math.FusedMultiplyAdd(w.Edge, faces, w.Corner * edges)),
            times * Math.FusedMultiplyAdd(w.Centre, centre, Math.FusedMultiplyAdd(w.AlongPlanes, faces, w.Edge * edges)));
    }

    // The whole vectors of the rows, and what the column after them gives where there is one. Values in locals of their own, and no call in
    // here: else the compiler keeps the sums in memory.
    private static void Whole27<TRhs, TPair>(in Planes planes, double end1, double end2, in Target target, in Sweep sweep)
        where TRhs : struct, IChoice where TPair : struct, IChoice
    {
        double* d = planes.Below, c = planes.Here, u = planes.Above, y = target.Y, b = target.B, xAhead = target.XAhead, bAhead = target.BAhead;
        bool streams = sweep.Streams;
        nint count = sweep.Count, whole = count - count % Lanes;
        Vector512<double> w0 = Vector512.Create(sweep.Stencil.Centre), w1 = Vector512.Create(sweep.Stencil.AlongPlanes), w2 = Vector512.Create(sweep.Stencil.Edge), w3 = Vector512.Create(sweep.Stencil.Corner);
        Vector512<double> g = Vector512.Create(sweep.G), sign = Vector512.Create(sweep.Sign), after1, after2, ownAfter1, ownAfter2;
        Add<TPair>(d, c, u, count, w0, w1, w2, w3, out Vector512<double> side1, out Vector512<double> own1, out Vector512<double> side2, out Vector512<double> own2);
        Vector512<double> before1 = sign * Vector512.Create(side1.ToScalar()), before2 = sign * Vector512.Create(side2.ToScalar());
        for (nint i = 0; i < whole; i += Lanes)
        {
            if (streams)
            {
                Ask<TRhs>(xAhead, bAhead, i);
                if (TPair.Is)
                    Ask<TRhs>(xAhead, bAhead, i + count);
            }
            nint next = i + Lanes;
            if (next < whole)
                Add<TPair>(d + next, c + next, u + next, count, w0, w1, w2, w3, out after1, out ownAfter1, out after2, out ownAfter2);
            else
            {
                after1 = whole == count ? sign * Vector512.Create(side1[Lanes - 1]) : Vector512.Create(end1);
                after2 = whole == count ? sign * Vector512.Create(side2[Lanes - 1]) : Vector512.Create(end2);
                (ownAfter1, ownAfter2) = (default, default);
            }
            Finish<TRhs>(own1 + (Left(before1, side1) + Right(side1, after1)), b + i, g, y + i, streams);
            if (TPair.Is)
                Finish<TRhs>(own2 + (Left(before2, side2) + Right(side2, after2)), b + count + i, g, y + count + i, streams);
            (before1, side1, own1) = (side1, after1, ownAfter1);
            (before2, side2, own2) = (side2, after2, ownAfter2);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Finish<TRhs>(Vector512<double> sum, double* b, Vector512<double> g, double* y, bool streams) where TRhs : struct, IChoice =>
        Store(TRhs.Is ? Vector512.FusedMultiplyAdd(g, Vector512.Load(b), sum) : sum, y, streams);

    // What a vector of columns gives, to the columns beside it and to itself, in the first row and in the second.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add<TPair>(double* d, double* c, double* u, nint row, Vector512<double> w0, Vector512<double> w1, Vector512<double> w2, Vector512<double> w3,
        out Vector512<double> side1, out Vector512<double> own1, out Vector512<double> side2, out Vector512<double> own2) where TPair : struct, IChoice
    {
        Vector512<double> planes1 = Sum(d, u), planes2 = Sum(d + row, u + row), planes3 = Sum(d + 2 * row, u + 2 * row);
        Vector512<double> here2 = Vector512.Load(c + row), here3 = Vector512.Load(c + 2 * row);
        Vector512<double> faces = planes2 + (Vector512.Load(c) + here3), edges = planes1 + planes3;
        side1 = Weigh(w1, here2, w2, faces, w3, edges);
        own1 = Weigh(w0, here2, w1, faces, w2, edges);
        (side2, own2) = (default, default);
        if (!TPair.Is)
            return;
        faces = planes3 + (here2 + Vector512.Load(c + 3 * row));
        edges = planes2 + Sum(d + 3 * row, u + 3 * row);
        side2 = Weigh(w1, here3, w2, faces, w3, edges);
        own2 = Weigh(w0, here3, w1, faces, w2, edges);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Sum(double* below, double* above) => Vector512.Load(below) + Vector512.Load(above);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Weigh(Vector512<double> centreWeight, Vector512<double> centre, Vector512<double> facesWeight, Vector512<double> faces, Vector512<double> edgesWeight, Vector512<double> edges) =>
        Vector512.FusedMultiplyAdd(centreWeight, centre, Vector512.FusedMultiplyAdd(facesWeight, faces, edgesWeight * edges));

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
}
