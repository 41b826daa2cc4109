using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SoraHpc.Jobs.Finance;

/// <summary>
/// Exponential and logarithm, made of additions, multiplications, divisions and fused multiply-adds alone, which IEEE 754 rounds alike
/// everywhere: the same bits on any host. A library's need not be.
/// </summary>
internal static class Elementary
{
    private const double Ln2High = 6.93147180369123816490e-1, Ln2Low = 1.90821492927058770002e-10;     // their sum is ln 2 to 85 bits

    /// <summary>eˣ, eight at once, within 1 unit in the last place; below −708 that of −708, above 709 that of 709.</summary>
    // x = k·ln 2 + r with |r| ≤ ½ ln 2; Taylor's polynomial of degree 13 leaves out less than 5·10⁻¹⁸, its even and odd powers side by side.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector512<double> Exp(Vector512<double> x)
    {
        const double roundingShift = 6755399441055744;          // 1.5·2⁵²: adding it leaves the nearest whole number in the lowest bits
        Vector512<double> clamped = Vector512.MinNative(Vector512.MaxNative(x, Vector512.Create(-708.0)), Vector512.Create(709.0));
        Vector512<double> shifted = Fma(clamped, Vector512.Create(1.4426950408889634), Vector512.Create(roundingShift));
        Vector512<double> k = shifted - Vector512.Create(roundingShift);
        Vector512<double> r = Fma(k, Vector512.Create(-Ln2Low), Fma(k, Vector512.Create(-Ln2High), clamped)), square = r * r;
        Vector512<double> even = Fma(square, Vector512.Create(1.0 / 479001600), Vector512.Create(1.0 / 3628800));
        even = Fma(even, square, Vector512.Create(1.0 / 40320));
        even = Fma(even, square, Vector512.Create(1.0 / 720));
        even = Fma(even, square, Vector512.Create(1.0 / 24));
        even = Fma(even, square, Vector512.Create(1.0 / 2));
        Vector512<double> odd = Fma(square, Vector512.Create(1.0 / 6227020800), Vector512.Create(1.0 / 39916800));
        odd = Fma(odd, square, Vector512.Create(1.0 / 362880));
        odd = Fma(odd, square, Vector512.Create(1.0 / 5040));
        odd = Fma(odd, square, Vector512.Create(1.0 / 120));
        odd = Fma(odd, square, Vector512.Create(1.0 / 6));
        Vector512<double> power = Fma(square, Fma(odd, r, even), r) + Vector512<double>.One;
        return (power.AsInt64() + (shifted.AsInt64() << 52)).AsDouble();
    }

    /// <summary>eˣ; as above.</summary>
    internal static double Exp(double x) => Exp(Vector512.Create(x)).ToScalar();

    /// <summary>ln x of a positive normal number, within 2 units in the last place of max(|ln x|, 1).</summary>
    // x = 2ᵏ·m with m in [√½, √2); ln m = 2 artanh s with s = (m − 1) / (m + 1), |s| < 0.172: twelve terms leave out less than 10⁻¹⁹.
    internal static double Log(double x)
    {
        int k = Math.ILogB(x);
        double m = Math.ScaleB(x, -k);
        if (m > 1.4142135623730951)
            (m, k) = (m / 2, k + 1);
        double s = (m - 1) / (m + 1), square = s * s, sum = 0;
        for (int power = 23; power >= 3; power -= 2)
            sum = Math.FusedMultiplyAdd(sum, square, 1.0 / power);
        return k * Ln2High + (k * Ln2Low + (2 * s + 2 * s * square * sum));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Fma(Vector512<double> a, Vector512<double> b, Vector512<double> c) => Vector512.FusedMultiplyAdd(a, b, c);
}
