using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SoraHpc.Jobs.Weather;

/// <summary>
/// eˣ for one number and for eight, with the same bits on every machine: the library's may differ from one processor to the next,
/// and a fused product from one compiler to the next. Within 1 unit in the last place or 2 of the exact value (measured, ExponentialTests).
/// </summary>
/// <remarks>Range reduction by n = x / ln 2, with ln 2 in two parts (Cody, Waite 1980), then Taylor's series to degree 13 on ±ln 2 / 2.</remarks>
internal static class Exponential
{
    /// <summary>Below this, x counts as this: e⁻¹⁰⁰ is nothing next to 1, and products of a few of them stay normal numbers.</summary>
    internal const double Least = -100;

    private const double Log2E = 1.4426950408889634, Ln2High = 0.693147180369123816490, Ln2Low = 1.90821492927058770002e-10;

    // 1.5 · 2⁵²: adding it leaves the nearest integer in the low bits of the significand.
    private const double Rounder = 6755399441055744.0;

    private const double C2 = 1.0 / 2, C3 = 1.0 / 6, C4 = 1.0 / 24, C5 = 1.0 / 120, C6 = 1.0 / 720, C7 = 1.0 / 5040, C8 = 1.0 / 40320, C9 = 1.0 / 362880,
        C10 = 1.0 / 3628800, C11 = 1.0 / 39916800, C12 = 1.0 / 479001600, C13 = 1.0 / 6227020800;

    /// <summary>eˣ for x ≤ 700.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static double Of(double x)
    {
        x = x < Least ? Least : x;
        double shifted = x * Log2E + Rounder, n = shifted - Rounder, r = x - n * Ln2High - n * Ln2Low;
        double r2 = r * r, r4 = r2 * r2;
        double low = (1 + r) + r2 * (C2 + C3 * r), middle = (C4 + C5 * r) + r2 * (C6 + C7 * r);
        double high = (C8 + C9 * r) + r2 * (C10 + C11 * r) + r4 * (C12 + C13 * r);
        double power = BitConverter.Int64BitsToDouble((BitConverter.DoubleToInt64Bits(shifted) << 52) + 0x3FF0000000000000);
        return (low + r4 * (middle + r4 * high)) * power;
    }

    /// <inheritdoc cref="Of(double)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector512<double> Of(Vector512<double> x)
    {
        Vector512<double> least = Vector512.Create(Least);
        x = Vector512.ConditionalSelect(Vector512.LessThan(x, least), least, x);
        Vector512<double> rounder = Vector512.Create(Rounder), shifted = x * Log2E + rounder, n = shifted - rounder, r = x - n * Ln2High - n * Ln2Low;
        Vector512<double> r2 = r * r, r4 = r2 * r2;
        Vector512<double> low = (Vector512<double>.One + r) + r2 * Linear(C2, C3, r), middle = Linear(C4, C5, r) + r2 * Linear(C6, C7, r);
        Vector512<double> high = Linear(C8, C9, r) + r2 * Linear(C10, C11, r) + r4 * Linear(C12, C13, r);
        Vector512<double> power = ((shifted.AsInt64() << 52) + Vector512.Create(0x3FF0000000000000)).AsDouble();
        return (low + r4 * (middle + r4 * high)) * power;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Linear(double constant, double slope, Vector512<double> r) => Vector512.Create(constant) + slope * r;
}
