using System.Runtime.CompilerServices;
using SoraHpc.Solvers.Fft.Lanes;

namespace SoraHpc.Solvers.Fft.Kernels;

/// <summary>One pass of each radix r over a panel: <c>blocks</c> transforms of length r·<c>span</c>, each from r of length span that lie one
/// after the other (decimation in time). Number k of each makes one butterfly; input q of it carries the twiddle factor e^(−2πi·kq/(r·span)).</summary>
// A butterfly reads and writes r numbers of a lane's width each; a panel of 256 elements and eight lanes is 32 KiB, so passes stay in
// cache. All sums are in registers; for radix 8 these are the 16 of its numbers and a handful between, of 32.
internal static class Butterflies
{
    /// <summary>Radix 1: only loads and stores; the pass of a transform of length 1.</summary>
    internal static void Pass1<T, TIn, TOut>(TIn input, TOut output)
        where T : unmanaged, ILanes<T> where TIn : struct, IPassInput<T> where TOut : struct, IPassOutput<T>
    {
        input.LoadFirst(0, out T re, out T im);
        output.Store(0, re, im);
    }

    internal static void Pass2<T, TIn, TOut>(TIn input, TOut output, int span, int blocks)
        where T : unmanaged, ILanes<T> where TIn : struct, IPassInput<T> where TOut : struct, IPassOutput<T>
    {
        for (int block = 0, at = 0; block < blocks; block++, at += span)
            for (int k = 0; k < span; k++, at++)
            {
                input.LoadFirst(at, out T r0, out T i0);
                input.Load(at + span, k, out T r1, out T i1);
                output.Store(at, r0 + r1, i0 + i1);
                output.Store(at + span, r0 - r1, i0 - i1);
            }
    }

    internal static void Pass3<T, TIn, TOut>(TIn input, TOut output, int span, int blocks)
        where T : unmanaged, ILanes<T> where TIn : struct, IPassInput<T> where TOut : struct, IPassOutput<T>
    {
        T half = T.Broadcast(0.5), sine = T.Broadcast(Roots.Sine3);
        for (int block = 0, at = 0; block < blocks; block++, at += 2 * span)
            for (int k = 0; k < span; k++, at++)
            {
                input.LoadFirst(at, out T r0, out T i0);
                input.Load(at + span, 2 * k, out T r1, out T i1);
                input.Load(at + 2 * span, 2 * k + 1, out T r2, out T i2);
                T rs = r1 + r2, iss = i1 + i2, rd = sine * (r1 - r2), id = sine * (i1 - i2);
                T rm = T.NegatedMultiplyAdd(half, rs, r0), im = T.NegatedMultiplyAdd(half, iss, i0);
                output.Store(at, r0 + rs, i0 + iss);
                output.Store(at + span, rm + id, im - rd);
                output.Store(at + 2 * span, rm - id, im + rd);
            }
    }

    internal static void Pass4<T, TIn, TOut>(TIn input, TOut output, int span, int blocks)
        where T : unmanaged, ILanes<T> where TIn : struct, IPassInput<T> where TOut : struct, IPassOutput<T>
    {
        for (int block = 0, at = 0; block < blocks; block++, at += 3 * span)
            for (int k = 0; k < span; k++, at++)
            {
                input.LoadFirst(at, out T r0, out T i0);
                input.Load(at + span, 3 * k, out T r1, out T i1);
                input.Load(at + 2 * span, 3 * k + 1, out T r2, out T i2);
                input.Load(at + 3 * span, 3 * k + 2, out T r3, out T i3);
                T ra = r0 + r2, ia = i0 + i2, rb = r0 - r2, ib = i0 - i2;
                T rc = r1 + r3, ic = i1 + i3, rd = r1 - r3, id = i1 - i3;
                output.Store(at, ra + rc, ia + ic);
                output.Store(at + span, rb + id, ib - rd);
                output.Store(at + 2 * span, ra - rc, ia - ic);
                output.Store(at + 3 * span, rb - id, ib + rd);
            }
    }

    internal static void Pass5<T, TIn, TOut>(TIn input, TOut output, int span, int blocks)
        where T : unmanaged, ILanes<T> where TIn : struct, IPassInput<T> where TOut : struct, IPassOutput<T>
    {
        T c1 = T.Broadcast(Roots.Cosine5), c2 = T.Broadcast(Roots.Cosine5Twice), s1 = T.Broadcast(Roots.Sine5), s2 = T.Broadcast(Roots.Sine5Twice);
        for (int block = 0, at = 0; block < blocks; block++, at += 4 * span)
            for (int k = 0; k < span; k++, at++)
            {
                input.LoadFirst(at, out T r0, out T i0);
                input.Load(at + span, 4 * k, out T r1, out T i1);
                input.Load(at + 2 * span, 4 * k + 1, out T r2, out T i2);
                input.Load(at + 3 * span, 4 * k + 2, out T r3, out T i3);
                input.Load(at + 4 * span, 4 * k + 3, out T r4, out T i4);
                T ra = r1 + r4, ia = i1 + i4, rb = r2 + r3, ib = i2 + i3, rc = r1 - r4, ic = i1 - i4, rd = r2 - r3, id = i2 - i3;
                T re = T.MultiplyAdd(c2, rb, T.MultiplyAdd(c1, ra, r0)), ie = T.MultiplyAdd(c2, ib, T.MultiplyAdd(c1, ia, i0));
                T rf = T.MultiplyAdd(c1, rb, T.MultiplyAdd(c2, ra, r0)), jf = T.MultiplyAdd(c1, ib, T.MultiplyAdd(c2, ia, i0));
                T rg = T.MultiplyAdd(s2, rd, s1 * rc), ig = T.MultiplyAdd(s2, id, s1 * ic);
                T rh = T.NegatedMultiplyAdd(s1, rd, s2 * rc), ih = T.NegatedMultiplyAdd(s1, id, s2 * ic);
                output.Store(at, r0 + (ra + rb), i0 + (ia + ib));
                output.Store(at + span, re + ig, ie - rg);
                output.Store(at + 2 * span, rf + ih, jf - rh);
                output.Store(at + 3 * span, rf - ih, jf + rh);
                output.Store(at + 4 * span, re - ig, ie + rg);
            }
    }

    internal static void Pass7<T, TIn, TOut>(TIn input, TOut output, int span, int blocks)
        where T : unmanaged, ILanes<T> where TIn : struct, IPassInput<T> where TOut : struct, IPassOutput<T>
    {
        T c1 = T.Broadcast(Roots.Cosine7), c2 = T.Broadcast(Roots.Cosine7Twice), c3 = T.Broadcast(Roots.Cosine7Thrice);
        T s1 = T.Broadcast(Roots.Sine7), s2 = T.Broadcast(Roots.Sine7Twice), s3 = T.Broadcast(Roots.Sine7Thrice);
        for (int block = 0, at = 0; block < blocks; block++, at += 6 * span)
            for (int k = 0; k < span; k++, at++)
            {
                input.LoadFirst(at, out T r0, out T i0);
                input.Load(at + span, 6 * k, out T r1, out T i1);
                input.Load(at + 2 * span, 6 * k + 1, out T r2, out T i2);
                input.Load(at + 3 * span, 6 * k + 2, out T r3, out T i3);
                input.Load(at + 4 * span, 6 * k + 3, out T r4, out T i4);
                input.Load(at + 5 * span, 6 * k + 4, out T r5, out T i5);
                input.Load(at + 6 * span, 6 * k + 5, out T r6, out T i6);
                T ra = r1 + r6, ia = i1 + i6, rb = r2 + r5, ib = i2 + i5, rc = r3 + r4, ic = i3 + i4;
                T rd = r1 - r6, id = i1 - i6, re = r2 - r5, ie = i2 - i5, rf = r3 - r4, jf = i3 - i4;
                output.Store(at, r0 + (ra + (rb + rc)), i0 + (ia + (ib + ic)));
                Pair7(output, at + span, at + 6 * span, Sum(c1, ra, c2, rb, c3, rc, r0), Sum(c1, ia, c2, ib, c3, ic, i0),
                    T.MultiplyAdd(s3, rf, T.MultiplyAdd(s2, re, s1 * rd)), T.MultiplyAdd(s3, jf, T.MultiplyAdd(s2, ie, s1 * id)));
                Pair7(output, at + 2 * span, at + 5 * span, Sum(c2, ra, c3, rb, c1, rc, r0), Sum(c2, ia, c3, ib, c1, ic, i0),
                    T.NegatedMultiplyAdd(s1, rf, T.NegatedMultiplyAdd(s3, re, s2 * rd)), T.NegatedMultiplyAdd(s1, jf, T.NegatedMultiplyAdd(s3, ie, s2 * id)));
                Pair7(output, at + 3 * span, at + 4 * span, Sum(c3, ra, c1, rb, c2, rc, r0), Sum(c3, ia, c1, ib, c2, ic, i0),
                    T.MultiplyAdd(s2, rf, T.NegatedMultiplyAdd(s1, re, s3 * rd)), T.MultiplyAdd(s2, jf, T.NegatedMultiplyAdd(s1, ie, s3 * id)));
            }
    }

    internal static void Pass8<T, TIn, TOut>(TIn input, TOut output, int span, int blocks)
        where T : unmanaged, ILanes<T> where TIn : struct, IPassInput<T> where TOut : struct, IPassOutput<T>
    {
        T half = T.Broadcast(Roots.Sine8);
        for (int block = 0, at = 0; block < blocks; block++, at += 7 * span)
            for (int k = 0; k < span; k++, at++)
            {
                input.LoadFirst(at, out T r0, out T i0);
                input.Load(at + 4 * span, 7 * k + 3, out T r4, out T i4);
                input.Load(at + 2 * span, 7 * k + 1, out T r2, out T i2);
                input.Load(at + 6 * span, 7 * k + 5, out T r6, out T i6);
                Quarter(ref r0, ref i0, ref r2, ref i2, ref r4, ref i4, ref r6, ref i6);
                input.Load(at + span, 7 * k, out T r1, out T i1);
                input.Load(at + 5 * span, 7 * k + 4, out T r5, out T i5);
                input.Load(at + 3 * span, 7 * k + 2, out T r3, out T i3);
                input.Load(at + 7 * span, 7 * k + 6, out T r7, out T i7);
                Quarter(ref r1, ref i1, ref r3, ref i3, ref r5, ref i5, ref r7, ref i7);
                output.Store(at, r0 + r1, i0 + i1);
                output.Store(at + 4 * span, r0 - r1, i0 - i1);
                output.Store(at + 2 * span, r4 + i5, i4 - r5);
                output.Store(at + 6 * span, r4 - i5, i4 + r5);
                T rp = r3 + i3, ip = i3 - r3, rq = i7 - r7, iq = r7 + i7;
                output.Store(at + span, T.MultiplyAdd(half, rp, r2), T.MultiplyAdd(half, ip, i2));
                output.Store(at + 5 * span, T.NegatedMultiplyAdd(half, rp, r2), T.NegatedMultiplyAdd(half, ip, i2));
                output.Store(at + 3 * span, T.MultiplyAdd(half, rq, r6), T.NegatedMultiplyAdd(half, iq, i6));
                output.Store(at + 7 * span, T.NegatedMultiplyAdd(half, rq, r6), T.MultiplyAdd(half, iq, i6));
            }
    }

    // A transform of length 4 in place: (a, b, c, d) become numbers 0, 1, 2, 3 of it.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Quarter<T>(ref T ra, ref T ia, ref T rb, ref T ib, ref T rc, ref T ic, ref T rd, ref T id) where T : unmanaged, ILanes<T>
    {
        T re = ra + rc, ie = ia + ic, rf = ra - rc, jf = ia - ic;
        T rg = rb + rd, ig = ib + id, rh = rb - rd, ih = ib - id;
        (ra, ia, rb, ib) = (re + rg, ie + ig, rf + ih, jf - rh);
        (rc, ic, rd, id) = (re - rg, ie - ig, rf - ih, jf + rh);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Sum<T>(T c, T a, T d, T b, T e, T f, T first) where T : unmanaged, ILanes<T> =>
        T.MultiplyAdd(e, f, T.MultiplyAdd(d, b, T.MultiplyAdd(c, a, first)));

    // Numbers k and 7 − k: what they share, minus and plus i times what they do not.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Pair7<T, TOut>(TOut output, int k, int mirrored, T re, T im, T rs, T iss)
        where T : unmanaged, ILanes<T> where TOut : struct, IPassOutput<T>
    {
        output.Store(k, re + iss, im - rs);
        output.Store(mirrored, re - iss, im + rs);
    }
}
