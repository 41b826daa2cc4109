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
    /// <summary>Rows of the same number in the planes below and above, and between them.</summary>
    internal struct Line
    {
        public double* Below, Here, Above;
    }

    /// <summary>Lines one after another around one row, the second of them, or around two, the second and third. The last is not read for one row.</summary>
    internal struct Lines
    {
        public Line First, Second, Third, Fourth;
    }

    // What a column gives to the columns beside it, and to itself.
    private readonly record struct Share(double Side, double Own);

    private struct Shares
    {
        public Vector512<double> Side, Own;
    }

    private readonly struct Weights(Stencil stencil)
    {
        public readonly Vector512<double> Centre = Vector512.Create(stencil.Centre), Face = Vector512.Create(stencil.AlongPlanes);
        public readonly Vector512<double> Edge = Vector512.Create(stencil.Edge), Corner = Vector512.Create(stencil.Corner);
    }

    /// <summary>One 27-point row, or two where <typeparamref name="TPair"/> says so; the second row of the target follows the first.</summary>
    internal static void Rows27<TRhs, TPair>(in Lines lines, in Target target, in Sweep sweep) where TRhs : struct, IChoice where TPair : struct, IChoice
    {
        int count = sweep.Count, whole = count - count % Lanes;
        Lines next = new() { First = lines.Second, Second = lines.Third, Third = lines.Fourth };
        Target below = new() { Y = target.Y + count, B = target.B + count };
        if (whole > 0)
            Whole27<TRhs, TPair>(lines, At(lines, -1, sweep), At(lines, whole, sweep), TPair.Is ? At(next, -1, sweep) : default, TPair.Is ? At(next, whole, sweep) : default, target, sweep);
        for (int i = whole; i < count; i++)
        {
            Cell27<TRhs>(lines, target, sweep, i);
            if (TPair.Is)
                Cell27<TRhs>(next, below, sweep, i);
        }
    }

    private static void Cell27<TRhs>(in Lines lines, in Target target, in Sweep sweep, int i) where TRhs : struct, IChoice
    {
        double sum = At(lines, i, sweep).Own + (At(lines, i - 1, sweep).Side + At(lines, i + 1, sweep).Side);
        target.Y[i] = TRhs.Is ? Math.FusedMultiplyAdd(sweep.G, target.B[i], sum) : sum;
    }

    // Columns −1 and count are what the boundary says.
    private static Share At(in Lines lines, int column, in Sweep sweep)
    {
        int i = Math.Clamp(column, 0, sweep.Count - 1);
        double times = i == column ? 1 : sweep.Sign, centre = lines.Second.Here[i];
        double faces = lines.Second.Below[i] + lines.Second.Above[i] + (lines.First.Here[i] + lines.Third.Here[i]);
        double edges = lines.First.Below[i] + lines.First.Above[i] + (lines.Third.Below[i] + lines.Third.Above[i]);
        Stencil w = sweep.Stencil;
        return new(times * Math.FusedMultiplyAdd(w.AlongPlanes, centre, Math.FusedMultiplyAdd(w.Edge, faces, w.Corner * edges)),
            times * Math.FusedMultiplyAdd(w.Centre, centre, Math.FusedMultiplyAdd(w.AlongPlanes, faces, w.Edge * edges)));
    }

    // The whole vectors of the rows between what comes before and after them. No call in here: it would put all sums into memory.
    private static void Whole27<TRhs, TPair>(in Lines lines, Share first1, Share end1, Share first2, Share end2, in Target target, in Sweep sweep)
        where TRhs : struct, IChoice where TPair : struct, IChoice
    {
        Weights w = new(sweep.Stencil);
        Lines l = lines;
        Target t = target;
        bool streams = sweep.Streams;
        int count = sweep.Count, whole = count - count % Lanes;
        Vector512<double> g = Vector512.Create(sweep.G), before1 = Vector512.Create(first1.Side), before2 = Vector512.Create(first2.Side);
        Add<TPair>(l, w, 0, out Shares here1, out Shares here2);
        for (int i = 0; i < whole; i += Lanes)
        {
            if (streams)
            {
                Ask<TRhs>(t.XAhead, t.BAhead, i);
                if (TPair.Is)
                    Ask<TRhs>(t.XAhead + count, t.BAhead + count, i);
            }
            Shares after1 = new() { Side = Vector512.Create(end1.Side) }, after2 = new() { Side = Vector512.Create(end2.Side) };
            if (i + Lanes < whole)
                Add<TPair>(l, w, i + Lanes, out after1, out after2);
            Finish<TRhs>(before1, here1, after1, t.B + i, g, t.Y + i, streams);
            if (TPair.Is)
                Finish<TRhs>(before2, here2, after2, t.B + count + i, g, t.Y + count + i, streams);
            (before1, before2, here1, here2) = (here1.Side, here2.Side, after1, after2);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Finish<TRhs>(Vector512<double> before, Shares here, Shares after, double* b, Vector512<double> g, double* y, bool streams) where TRhs : struct, IChoice
    {
        Vector512<double> sum = here.Own + (Left(before, here.Side) + Right(here.Side, after.Side));
        Store(TRhs.Is ? Vector512.FusedMultiplyAdd(g, Vector512.Load(b), sum) : sum, y, streams);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add<TPair>(in Lines l, in Weights w, int i, out Shares one, out Shares two) where TPair : struct, IChoice
    {
        Vector512<double> planes1 = Planes(l.First, i), planes2 = Planes(l.Second, i), planes3 = Planes(l.Third, i);
        Vector512<double> here2 = Vector512.Load(l.Second.Here + i), here3 = Vector512.Load(l.Third.Here + i);
        one = Weigh(w, planes1 + planes3, planes2 + (Vector512.Load(l.First.Here + i) + here3), here2);
        two = TPair.Is ? Weigh(w, planes2 + Planes(l.Fourth, i), planes3 + (here2 + Vector512.Load(l.Fourth.Here + i)), here3) : default;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Planes(Line line, int i) => Vector512.Load(line.Below + i) + Vector512.Load(line.Above + i);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Shares Weigh(in Weights w, Vector512<double> edges, Vector512<double> faces, Vector512<double> centre) => new()
    {
        Side = Vector512.FusedMultiplyAdd(w.Face, centre, Vector512.FusedMultiplyAdd(w.Edge, faces, w.Corner * edges)),
        Own = Vector512.FusedMultiplyAdd(w.Centre, centre, Vector512.FusedMultiplyAdd(w.Face, faces, w.Edge * edges)),
    };

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
