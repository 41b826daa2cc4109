using System.Runtime.Intrinsics;

namespace SoraHpc.Jobs.Npb;

/// <summary>
/// The suite's random numbers: x ← a·x mod 2⁴⁶, each giving x·2⁻⁴⁶ in (0, 1). A product of 64 bits modulo 2⁶⁴ has the right low 46,
/// so plain integer arithmetic is exact, and any member of the sequence can be had at once: rank r starts where rank r − 1 ends.
/// </summary>
/// <remarks>Source: Bailey et al., The NAS Parallel Benchmarks, RNR-94-007 (1994), section 2.3.</remarks>
public struct NpbRandom
{
    /// <summary>a = 5¹³.</summary>
    public const ulong Multiplier = 1_220_703_125;

    /// <summary>The seed of CG, MG, FT and IS.</summary>
    public const ulong Seed = 314_159_265;

    /// <summary>The seed of EP.</summary>
    public const ulong EpSeed = 271_828_183;

    /// <summary>Low 46 bits: x mod 2⁴⁶.</summary>
    internal const ulong Mask = (1UL << 46) - 1;

    /// <summary>2⁻⁴⁶.</summary>
    internal const double Unit = 1.0 / (1UL << 46);

    private readonly ulong multiplier;

    /// <param name="state">x₀; the first number drawn is a·x₀.</param>
    /// <param name="multiplier">a; <see cref="Power"/> of it draws every n-th number.</param>
    public NpbRandom(ulong state, ulong multiplier = Multiplier) => (State, this.multiplier) = (state & Mask, multiplier & Mask);

    /// <summary>x, an integer below 2⁴⁶.</summary>
    public ulong State { get; private set; }

    /// <summary>The next number, in (0, 1).</summary>
    public double Next()
    {
        State = multiplier * State & Mask;
        return State * Unit;
    }

    /// <summary>As after <paramref name="count"/> calls of <see cref="Next"/>, in about log₂ of them.</summary>
    public void Skip(ulong count) => State = Power(multiplier, count) * State & Mask;

    /// <summary>aⁿ mod 2⁴⁶.</summary>
    public static ulong Power(ulong multiplier, ulong exponent)
    {
        ulong power = 1;
        for (; exponent != 0; exponent >>= 1, multiplier = multiplier * multiplier & Mask)
            if ((exponent & 1) != 0)
                power = power * multiplier & Mask;
        return power;
    }

    /// <summary>The next numbers, as many as <paramref name="numbers"/> holds; bit for bit those of as many calls of <see cref="Next"/>.</summary>
    public void Fill(Span<double> numbers)
    {
        int i = 0;
        if (Vector512.IsHardwareAccelerated && numbers.Length >= 4 * Vector512<ulong>.Count)
            i = FillVectors(numbers);
        for (; i < numbers.Length; i++)
            numbers[i] = Next();
    }

    // Two vectors take turns, each 16 numbers ahead a step: a multiplication waits 15 cycles for the one before it.
    private int FillVectors(Span<double> numbers)
    {
        const int Lanes = 8;
        Span<ulong> first = stackalloc ulong[2 * Lanes];
        for (int lane = 0; lane < first.Length; lane++)
            first[lane] = Power(multiplier, (ulong)lane + 1) * State & Mask;
        Vector512<ulong> low = Vector512.Create<ulong>(first), high = Vector512.Create<ulong>(first[Lanes..]), mask = Vector512.Create(Mask);
        Vector512<ulong> stride = Vector512.Create(Power(multiplier, 2 * Lanes));
        int i = 0;
        for (; i <= numbers.Length - 2 * Lanes; i += 2 * Lanes)
        {
            (Vector512.ConvertToDouble(low) * Unit).CopyTo(numbers[i..]);
            (Vector512.ConvertToDouble(high) * Unit).CopyTo(numbers[(i + Lanes)..]);
            low = low * stride & mask;
            high = high * stride & mask;
        }
        Skip((ulong)i);
        return i;
    }
}
