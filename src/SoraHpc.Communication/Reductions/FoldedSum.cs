using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SoraHpc.Communication.Reductions;

/// <summary>
/// The fast way into an <see cref="ExactSum"/>: numbers or products, block by block, in vector registers. An accumulator starts at
/// 1.5·2^E, so adding to it cuts a number at a fixed place, 2^(E − 52): what lies above stays in the accumulator without error, what
/// lies below is handed on to the next, 43 binary places further down. When nothing is left below the last, the block is summed
/// exactly; otherwise it is not summed at all and the caller adds it number by number.
/// </summary>
/// <remarks>
/// Source of the cut: Rump, Ogita and Oishi, SIAM J. Sci. Comput. 31 (2008), algorithm 3.3 (ExtractVector); of the product without error:
/// Ogita, Rump and Oishi, SIAM J. Sci. Comput. 26 (2005), algorithm 3.5. An accumulator takes at most 2⁸ numbers below 2^(E − 10), which
/// moves it by less than 2^(E − 2): its exponent never changes. What is handed on is at most 2^(E − 53), so the next may have E − 43.
/// </remarks>
internal unsafe struct FoldedSum
{
    private const int Lanes = 8, Sets = 2, Guard = 10, Step = 43, Ahead = 768;

    /// <summary>Terms of a block at most: 2⁷ steps of two vectors, each adding a product and its error.</summary>
    internal const int BlockLength = 128 * Sets * Lanes;

    /// <summary>Terms of a block are a multiple of this.</summary>
    internal const int Granule = Sets * Lanes;

    // The exponent of the first accumulator. It follows the data: a block that does not fit says what would.
    private int exponent;

    internal interface ITerm { static abstract bool IsProduct { get; } }
    internal readonly struct Numbers : ITerm { public static bool IsProduct => false; }
    internal readonly struct Products : ITerm { public static bool IsProduct => true; }

    /// <summary>Adds a block to <paramref name="total"/>, or nothing when it cannot be done exactly here.</summary>
    /// <param name="y">Second factors; not read for numbers.</param>
    /// <param name="count">Terms, a multiple of <see cref="Granule"/>, at most <see cref="BlockLength"/>.</param>
    internal bool TryAdd<TTerm>(double* x, double* y, int count, ExactSum total) where TTerm : struct, ITerm
    {
        if (Fold<TTerm>(x, y, count, total, out double largest))
            return true;
        if (!double.IsFinite(largest) || largest == 0)
            return false;
        int fitting = Math.ILogB(largest) + 1 + Guard + 1;
        if (fitting == exponent)
            return false;
        exponent = fitting;
        return Fold<TTerm>(x, y, count, total, out _);
    }

    private readonly bool Fold<TTerm>(double* x, double* y, int count, ExactSum total, out double largest) where TTerm : struct, ITerm
    {
        const int Folds = 4;
        largest = double.NaN;
        // Below −1022 an accumulator would be subnormal, above 1022 infinite.
        if (exponent > 1022 || exponent - (Folds - 1) * Step < -1022)
        {
            largest = Largest<TTerm>(x, y, count);
            return false;
        }
        Vector512<double>* folds = stackalloc Vector512<double>[Folds];
        for (int fold = 0; fold < Folds; fold++)
            folds[fold] = Start(fold);
        bool isExact = Collect<TTerm>(x, y, count, folds, out Vector512<double> most);
        largest = Highest(most);
        if (!isExact || !(largest <= Math.ScaleB(1.0, exponent - Guard)))
        {
            largest = isExact ? largest : Largest<TTerm>(x, y, count);
            return false;
        }
        for (int fold = 0; fold < (TTerm.IsProduct ? Folds : Folds - 1); fold++)
            Empty(folds[fold], total);
        return true;
    }

    // Per vector of products: two loads, a multiplication, a fused one, seven cuts of three operations; additions would fill only half of the units.
    // From where the accumulators start to how far they moved; whether nothing is left. No call in here: it would put the accumulators into memory.
    private static bool Collect<TTerm>(double* x, double* y, int count, Vector512<double>* folds, out Vector512<double> most) where TTerm : struct, ITerm
    {
        Vector512<double> a1 = folds[0], a2 = folds[1], a3 = folds[2], a4 = folds[3], b1 = a1, b2 = a2, b3 = a3, b4 = a4, greatest = default;
        Vector512<long> left = default;
        for (int i = 0; i < count; i += Granule)
        {
            if (Sse.IsSupported)
            {
                // The processor's own prefetching stops at every page, and there is too much to do here for it to catch up.
                Sse.Prefetch0(x + i + Ahead);
                Sse.Prefetch0(x + i + Ahead + Lanes);
                if (TTerm.IsProduct)
                {
                    Sse.Prefetch0(y + i + Ahead);
                    Sse.Prefetch0(y + i + Ahead + Lanes);
                }
            }
            Vector512<double> p = Vector512.Load(x + i), q = Vector512.Load(x + i + Lanes), pError = default, qError = default;
            if (TTerm.IsProduct)
            {
                Vector512<double> u = Vector512.Load(y + i), v = Vector512.Load(y + i + Lanes), pProduct = p * u, qProduct = q * v;
                pError = Vector512.FusedMultiplyAdd(p, u, -pProduct);
                qError = Vector512.FusedMultiplyAdd(q, v, -qProduct);
                (p, q) = (pProduct, qProduct);
            }
            greatest = Vector512.MaxNative(greatest, Vector512.MaxNative(Vector512.Abs(p), Vector512.Abs(q)));
            Cut(ref a1, ref p);
            CutFused(ref b1, ref q);
            Cut(ref a2, ref p);
            CutFused(ref b2, ref q);
            Cut(ref a3, ref p);
            CutFused(ref b3, ref q);
            if (TTerm.IsProduct)
            {
                Cut(ref a2, ref pError);
                CutFused(ref b2, ref qError);
                Cut(ref a3, ref pError);
                CutFused(ref b3, ref qError);
                Cut(ref a4, ref p);
                CutFused(ref b4, ref q);
                Cut(ref a4, ref pError);
                CutFused(ref b4, ref qError);
            }
            left |= p.AsInt64() | q.AsInt64() | pError.AsInt64() | qError.AsInt64();
        }
        most = greatest;
        folds[0] = a1 - folds[0] + (b1 - folds[0]);
        folds[1] = a2 - folds[1] + (b2 - folds[1]);
        folds[2] = a3 - folds[2] + (b3 - folds[2]);
        folds[3] = a4 - folds[3] + (b4 - folds[3]);
        // A zero handed on may be −0. NaN and infinities leave NaN.
        return Vector512.EqualsAll(left & Vector512.Create(long.MaxValue), Vector512<long>.Zero);
    }

    private readonly Vector512<double> Start(int fold) => Vector512.Create(Math.ScaleB(1.5, exponent - fold * Step));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Cut(ref Vector512<double> accumulator, ref Vector512<double> term)
    {
        Vector512<double> sum = accumulator + term;
        term -= sum - accumulator;
        accumulator = sum;
    }

    // The same in units that multiply, of which a processor has as many again; a factor of ±1 rounds nothing.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CutFused(ref Vector512<double> accumulator, ref Vector512<double> term)
    {
        Vector512<double> sum = Vector512.FusedMultiplyAdd(term, Vector512<double>.One, accumulator);
        term = Vector512.FusedMultiplyAdd(Vector512.FusedMultiplyAdd(accumulator, Vector512.Create(-1.0), sum), Vector512.Create(-1.0), term);
        accumulator = sum;
    }

    // Eight lanes of at most 2⁵¹ units each: the sum of four still has no more than 53 bits.
    private static void Empty(Vector512<double> moved, ExactSum total)
    {
        Vector256<double> four = moved.GetLower() + moved.GetUpper();
        Vector128<double> two = four.GetLower() + four.GetUpper();
        total.Add(two[0]);
        total.Add(two[1]);
    }

    private static double Largest<TTerm>(double* x, double* y, int count) where TTerm : struct, ITerm
    {
        double largest = 0;
        for (int i = 0; i < count; i++)
            largest = Math.Max(largest, Math.Abs(TTerm.IsProduct ? x[i] * y[i] : x[i]));      // NaN stays
        return largest;
    }

    private static double Highest(Vector512<double> values)
    {
        double highest = 0;
        for (int lane = 0; lane < Lanes; lane++)
            highest = Math.Max(highest, values[lane]);
        return highest;
    }
}
