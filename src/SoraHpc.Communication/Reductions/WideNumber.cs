using System.Numerics;

namespace SoraHpc.Communication.Reductions;

/// <summary>A fixed-point number that covers every double: word i counts units of 2^(32·i − 1074), signed and with room for carries,
/// so that two numbers add word by word. Three words more count NaN, +∞ and −∞.</summary>
internal static class WideNumber
{
    // 2098 bits from the smallest subnormal to the largest double, and 46 more for the carries of 2⁴⁵ summands of any size; the top
    // word keeps the sign and reaches further still.
    private const int Limbs = 67, LimbBits = 32;
    private const int NaNs = Limbs, PositiveInfinities = Limbs + 1, NegativeInfinities = Limbs + 2;
    private const long LimbMask = (1L << LimbBits) - 1;

    /// <summary>Length of the array that holds one number.</summary>
    internal const int Words = Limbs + 3;

    /// <summary>Each adds less than 2³² to a word, which starts below 2³².</summary>
    internal const int AddsBeforeNormalising = 1 << 30;

    /// <summary>number ± value·2^(position − 1074).</summary>
    internal static void Add(Span<long> number, ulong value, int position, bool isNegative)
    {
        UInt128 shifted = (UInt128)value << (position % LimbBits);
        int limb = position / LimbBits;
        long low = (long)(ulong)(shifted & (ulong)LimbMask), middle = (long)(ulong)(shifted >> LimbBits & (ulong)LimbMask), high = (long)(ulong)(shifted >> 2 * LimbBits);
        number[limb] += isNegative ? -low : low;
        number[limb + 1] += isNegative ? -middle : middle;
        number[limb + 2] += isNegative ? -high : high;
    }

    internal static void AddSpecial(Span<long> number, bool isNaN, bool isNegative) =>
        number[isNaN ? NaNs : isNegative ? NegativeInfinities : PositiveInfinities] = 1;

    /// <summary>Carries every limb but the last into [0, 2³²): one way to write a number, whatever it was summed from.</summary>
    internal static void Normalise(Span<long> number)
    {
        for (int limb = 0; limb < Limbs - 1; limb++)
        {
            number[limb + 1] += number[limb] >> LimbBits;
            number[limb] &= LimbMask;
        }
        for (int special = Limbs; special < Words; special++)
            number[special] = Math.Min(number[special], 1);
    }

    /// <summary>The nearest double, ties to even, of a normalised number.</summary>
    internal static double Round(ReadOnlySpan<long> number)
    {
        if (number[NaNs] != 0 || number[PositiveInfinities] != 0 && number[NegativeInfinities] != 0)
            return double.NaN;
        if (number[PositiveInfinities] != 0)
            return double.PositiveInfinity;
        if (number[NegativeInfinities] != 0)
            return double.NegativeInfinity;
        bool isNegative = number[Limbs - 1] < 0;
        Span<long> magnitude = stackalloc long[Words];
        for (int limb = 0; limb < Limbs; limb++)
            magnitude[limb] = isNegative ? -number[limb] : number[limb];
        magnitude[Limbs..].Clear();
        Normalise(magnitude);
        double rounded = RoundMagnitude(magnitude);
        return isNegative ? -rounded : rounded;
    }

    private static double RoundMagnitude(ReadOnlySpan<long> magnitude)
    {
        const int SignificandBits = 53;
        int top = Limbs - 1;
        while (top >= 0 && magnitude[top] == 0)
            top--;
        if (top < 0)
            return 0.0;
        int highest = top * LimbBits + 63 - BitOperations.LeadingZeroCount((ulong)magnitude[top]);    // position of the leading bit
        // Below bit 52 the unit of the last place is that of the subnormals: nothing to round.
        int cut = Math.Max(0, highest - SignificandBits + 1);
        ulong kept = BitsFrom(magnitude, cut);
        if (cut > 0 && IsSet(magnitude, cut - 1) && ((kept & 1) != 0 || IsAnySetBelow(magnitude, cut - 1)))
            kept++;                             // may become 2⁵³: the next power of two, which is right
        return double.ScaleB(kept, cut - 1074);     // exact, or infinity
    }

    /// <summary>The 53 bits from a position on.</summary>
    private static ulong BitsFrom(ReadOnlySpan<long> magnitude, int position)
    {
        int limb = position / LimbBits;
        UInt128 bits = (ulong)magnitude[limb];
        if (limb + 1 < Limbs)
            bits += (UInt128)(ulong)magnitude[limb + 1] << LimbBits;
        if (limb + 2 < Limbs)
            bits += (UInt128)(ulong)magnitude[limb + 2] << 2 * LimbBits;
        return (ulong)(bits >> position % LimbBits) & ((1UL << 53) - 1);
    }

    private static bool IsSet(ReadOnlySpan<long> magnitude, int position) => (magnitude[position / LimbBits] >> position % LimbBits & 1) != 0;

    private static bool IsAnySetBelow(ReadOnlySpan<long> magnitude, int position)
    {
        for (int limb = 0; limb < position / LimbBits; limb++)
            if (magnitude[limb] != 0)
                return true;
        return (magnitude[position / LimbBits] & ((1L << position % LimbBits) - 1)) != 0;
    }
}
