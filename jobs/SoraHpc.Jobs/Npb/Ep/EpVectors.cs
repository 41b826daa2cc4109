using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SoraHpc.Jobs.Npb.Ep;

/// <summary>
/// Eight pairs at a time. The sequence of every lane is the whole one at a stride, so a step is one multiplication; pairs outside the
/// unit circle are not sorted out, because −2·ln t clamped at almost 0 makes them contribute almost 0 by themselves. No memory is touched.
/// </summary>
internal static class EpVectors
{
    private const int Lanes = 8;

    // Its root, 10⁻¹⁴⁰, changes no sum, and unlike 0 it has a reciprocal.
    private const double AlmostZero = 1e-280;

    private static readonly Vector512<ulong> Starts = FirstNumbers();

    /// <summary>Whether the processor has what <see cref="Add"/> is made of.</summary>
    internal static bool IsSupported => Avx512DQ.IsSupported;

    /// <summary>As <see cref="EpReference.Add"/>; <paramref name="pairs"/> is a multiple of 8. The same counts, and sums up to rounding.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Add(ulong state, int pairs, ref EpTally tally)
    {
        Vector512<ulong> multiplier = Vector512.Create(NpbRandom.Multiplier), mask = Vector512.Create(NpbRandom.Mask);
        Vector512<ulong> stride = Vector512.Create(NpbRandom.Power(NpbRandom.Multiplier, 2 * Lanes)), odd = Starts * Vector512.Create(state) & mask;
        Vector512<double> sumX = default, sumY = default, one = Vector512.Create(1.0), two = Vector512.Create(2.0), three = Vector512.Create(3.0), four = Vector512.Create(4.0);
        Vector512<long> accepted = default, from1 = default, from2 = default, from3 = default, step = Vector512.Create(1L);
        for (int pair = 0; pair < pairs; pair += Lanes)
        {
            Vector512<ulong> even = odd * multiplier & mask;
            Vector512<double> x = Uniform(odd), y = Uniform(even), t = x * x + y * y;
            odd = odd * stride & mask;
            Vector512<double> factor = RootOfQuotient(Vector512.MaxNative(-2.0 * Log(t), Vector512.Create(AlmostZero)), t);
            Vector512<double> gaussX = x * factor, gaussY = y * factor, larger = Vector512.MaxNative(Vector512.Abs(gaussX), Vector512.Abs(gaussY));
            sumX += gaussX;
            sumY += gaussY;
            accepted = Vector512.ConditionalSelect(Vector512.LessThanOrEqual(t, one).AsInt64(), accepted + step, accepted);
            from1 = Vector512.ConditionalSelect(Vector512.GreaterThanOrEqual(larger, one).AsInt64(), from1 + step, from1);
            from2 = Vector512.ConditionalSelect(Vector512.GreaterThanOrEqual(larger, two).AsInt64(), from2 + step, from2);
            from3 = Vector512.ConditionalSelect(Vector512.GreaterThanOrEqual(larger, three).AsInt64(), from3 + step, from3);
            if (Vector512.GreaterThanOrEqualAny(larger, four))
                CountFar(larger, ref tally);
        }
        long in1 = Vector512.Sum(from1), in2 = Vector512.Sum(from2), in3 = Vector512.Sum(from3);
        tally.Counts[0] += Vector512.Sum(accepted) - in1;
        tally.Counts[1] += in1 - in2;
        tally.Counts[2] += in2 - in3;
        tally.Counts[3] += in3;
        tally.SumX += Vector512.Sum(sumX);
        tally.SumY += Vector512.Sum(sumY);
    }

    // Lane l stands at the first number of pair l.
    private static Vector512<ulong> FirstNumbers()
    {
        Vector512<ulong> powers = default;
        for (int lane = 0; lane < Lanes; lane++)
            powers = powers.WithElement(lane, NpbRandom.Power(NpbRandom.Multiplier, 2 * (ulong)lane + 1));
        return powers;
    }

    // 2·x − 1; both steps are exact, because an x has 46 bits.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Uniform(Vector512<ulong> state) => Vector512.FusedMultiplyAdd(Vector512.ConvertToDouble(state.AsInt64()), Vector512.Create(2 * NpbRandom.Unit), Vector512.Create(-1.0));

    // One pair in ten thousand: counted as at least 3 already. Inlined, because a call anywhere in the loop would keep every sum in memory.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CountFar(Vector512<double> larger, ref EpTally tally)
    {
        for (int lane = 0; lane < Lanes; lane++)
            if (larger[lane] >= 4)
            {
                tally.Counts[3]--;
                tally.Counts[(int)larger[lane]]++;
            }
    }

    /// <summary>√(y/t) = y/√(y·t), to about 2·10⁻¹⁶.</summary>
    /// <remarks>From an estimate of 14 bits by the series of (1 − e)^(−1/2) up to e³.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector512<double> RootOfQuotient(Vector512<double> y, Vector512<double> t)
    {
        Vector512<double> a = y * t, estimate = Avx512F.ReciprocalSqrt14(a);
        Vector512<double> e = Vector512.FusedMultiplyAdd(-a, estimate * estimate, Vector512.Create(1.0));
        Vector512<double> series = Vector512.FusedMultiplyAdd(e, Vector512.FusedMultiplyAdd(e, Vector512.Create(0.3125), Vector512.Create(0.375)), Vector512.Create(0.5));
        return y * Vector512.FusedMultiplyAdd(estimate * e, series, estimate);
    }

    /// <summary>ln t for positive normal t, to about 2·10⁻¹⁶ absolute.</summary>
    /// <remarks>
    /// t = 2^k·z with z in [0.6875, 1.375), cut in 16 by its leading bits. With c near 1/z from a table, r = c·z − 1 is at most 1/32 and
    /// ln t = k·ln 2 − ln c + ln(1 + r), the last by its series up to r⁹. No division, and the tables are two registers each.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector512<double> Log(Vector512<double> t)
    {
        Vector512<long> bits = t.AsInt64(), above = bits - Vector512.Create(0x3FE6_0000_0000_0000L);
        Vector512<long> index = above >>> 48;       // the shuffle reads its lowest four bits
        Vector512<long> exponent = above >> 52;
        Vector512<double> z = (bits - (exponent << 52)).AsDouble(), k = Vector512.ConvertToDouble(exponent);
        Vector512<double> r = Vector512.FusedMultiplyAdd(z, Lookup(InverseLow, InverseHigh, index), Vector512.Create(-1.0));
        Vector512<double> high = Vector512.FusedMultiplyAdd(k, Vector512.Create(0.693147180559945309), Lookup(LogLow, LogHigh, index));
        Vector512<double> r2 = r * r, r4 = r2 * r2;
        Vector512<double> p23 = Vector512.FusedMultiplyAdd(r, Vector512.Create(1.0 / 3), Vector512.Create(-1.0 / 2));
        Vector512<double> p45 = Vector512.FusedMultiplyAdd(r, Vector512.Create(1.0 / 5), Vector512.Create(-1.0 / 4));
        Vector512<double> p67 = Vector512.FusedMultiplyAdd(r, Vector512.Create(1.0 / 7), Vector512.Create(-1.0 / 6));
        Vector512<double> p89 = Vector512.FusedMultiplyAdd(r, Vector512.Create(1.0 / 9), Vector512.Create(-1.0 / 8));
        Vector512<double> low = Vector512.FusedMultiplyAdd(r2, p45, p23), far = Vector512.FusedMultiplyAdd(r2, p89, p67);
        return high + Vector512.FusedMultiplyAdd(r2, Vector512.FusedMultiplyAdd(r4, far, low), r);
    }

    // c for each of the 16 parts, a multiple of 1/4096: near 1 over the middle, and 1 itself for [31/32, 1), where ln t is small.
    private static Vector512<double> InverseLow
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector512.Create(1.422119140625, 1.36181640625, 1.30615234375, 1.2548828125, 1.20751953125, 1.16357421875, 1.122802734375, 1.084716796875);
    }

    private static Vector512<double> InverseHigh
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector512.Create(1.049072265625, 1.0, 0.9697265625, 0.914306640625, 0.86474609375, 0.820556640625, 0.780517578125, 0.744140625);
    }

    // −ln c.
    private static Vector512<double> LogLow
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector512.Create(-0.3521481117145576, -0.30881940146809056, -0.2670856731707085, -0.2270421917298671, -0.1885682813620178, -0.15149649093934373, -0.1158280008205801, -0.08131893621656476);
    }

    private static Vector512<double> LogHigh
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector512.Create(-0.047906217055651394, 0.0, 0.030741141554280503, 0.08958927076802387, 0.14531934837656488, 0.19777233899423804, 0.24779801765950227, 0.2955252499128068);
    }

    // Entry i mod 16 of a table in two registers.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Lookup(Vector512<double> low, Vector512<double> high, Vector512<long> index) => Avx512F.PermuteVar8x64x2(low, index, high);
}
