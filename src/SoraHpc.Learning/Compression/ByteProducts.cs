using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using System.Runtime.CompilerServices;

namespace SoraHpc.Learning.Compression;

/// <summary>Products of matrices of signed bytes with sums in 32 bits: exact, so every path gives the same numbers.</summary>
internal static unsafe class ByteProducts
{
    /// <summary>What rows are padded to with zeros.</summary>
    internal const int Multiple = 32;

    /// <summary>The longest row whose sum cannot overflow: 127²·depth &lt; 2³¹.</summary>
    internal const int LongestRow = int.MaxValue / (Quantisation.Largest * Quantisation.Largest) / Multiple * Multiple;

    /// <summary>Bytes of a padded row.</summary>
    internal static int Padded(int length) => (length + Multiple - 1) / Multiple * Multiple;

    /// <summary>sums[r, u] = Σ rows[r, k]·units[u, k].</summary>
    /// <param name="rowCount">Rows, each of <paramref name="depth"/> bytes.</param>
    /// <param name="unitCount">Units, each as long.</param>
    /// <param name="depth">A multiple of <see cref="Multiple"/>, at most <see cref="LongestRow"/>.</param>
    // One row passes over all units, four at a time, which share its loads: 1 B a weight from memory where the weights do not fit a cache.
    internal static void Multiply(int rowCount, int unitCount, int depth, sbyte* rows, sbyte* units, int* sums)
    {
        for (int row = 0; row < rowCount; row++, rows += depth, sums += unitCount)
        {
            int unit = 0;
            for (; unit <= unitCount - 4; unit += 4)
                Four(depth, rows, units + (long)unit * depth, sums + unit);
            for (; unit < unitCount; unit++)
                sums[unit] = One(depth, rows, units + (long)unit * depth);
        }
    }

    private static void Four(int depth, sbyte* row, sbyte* units, int* sums)
    {
        if (!Avx512BW.IsSupported)
        {
            for (int i = 0; i < 4; i++)
                sums[i] = One(depth, row, units + (long)i * depth);
            return;
        }
        sbyte* b = units + depth, c = b + depth, d = c + depth;
        Vector512<int> sumA = default, sumB = default, sumC = default, sumD = default;
        for (int k = 0; k < depth; k += Multiple)
        {
            Vector512<short> x = Avx512BW.ConvertToVector512Int16(Vector256.Load(row + k));
            sumA += Avx512BW.MultiplyAddAdjacent(x, Avx512BW.ConvertToVector512Int16(Vector256.Load(units + k)));
            sumB += Avx512BW.MultiplyAddAdjacent(x, Avx512BW.ConvertToVector512Int16(Vector256.Load(b + k)));
            sumC += Avx512BW.MultiplyAddAdjacent(x, Avx512BW.ConvertToVector512Int16(Vector256.Load(c + k)));
            sumD += Avx512BW.MultiplyAddAdjacent(x, Avx512BW.ConvertToVector512Int16(Vector256.Load(d + k)));
        }
        Ssse3.HorizontalAdd(Ssse3.HorizontalAdd(Quarter(sumA), Quarter(sumB)), Ssse3.HorizontalAdd(Quarter(sumC), Quarter(sumD))).Store(sums);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> Quarter(Vector512<int> sum)
    {
        Vector256<int> half = sum.GetLower() + sum.GetUpper();
        return half.GetLower() + half.GetUpper();
    }

    private static int One(int depth, sbyte* row, sbyte* unit)
    {
        Vector256<int> sum = default;
        for (int k = 0; k < depth; k += Vector128<sbyte>.Count)
        {
            Vector256<short> x = Widen(Vector128.Load(row + k)), w = Widen(Vector128.Load(unit + k));
            sum += Avx2.IsSupported ? Avx2.MultiplyAddAdjacent(x, w)
                : Vector256.WidenLower(x) * Vector256.WidenLower(w) + Vector256.WidenUpper(x) * Vector256.WidenUpper(w);
        }
        return Vector256.Sum(sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<short> Widen(Vector128<sbyte> bytes) =>
        Avx2.IsSupported ? Avx2.ConvertToVector256Int16(bytes) : Vector256.Create(Vector128.WidenLower(bytes), Vector128.WidenUpper(bytes));
}
