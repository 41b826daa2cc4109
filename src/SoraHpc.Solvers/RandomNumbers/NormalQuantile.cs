using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SoraHpc.Solvers.RandomNumbers;

/// <summary>
/// The inverse of the standard normal distribution function, to about 16 digits. Made of additions, multiplications, divisions and square
/// roots alone, none of them fused, so that all hosts give the same bits; a library's logarithm need not.
/// </summary>
/// <remarks>Source: Wichura, Algorithm AS 241 (PPND16), Applied Statistics 37 (1988) 477–484.</remarks>
public static class NormalQuantile
{
    private const double CentreHalfWidth = 0.425, CentreShift = 0.180625, TailShift = 1.6, FarTail = 5;

    // Numerators and denominators by ascending power, for the centre, the tails, and the tails beyond e⁻²⁵.
    private static ReadOnlySpan<double> CentreNumerator => [3.3871328727963666080e0, 1.3314166789178437745e2, 1.9715909503065514427e3,
        1.3731693765509461125e4, 4.5921953931549871457e4, 6.7265770927008700853e4, 3.3430575583588128105e4, 2.5090809287301226727e3];
    private static ReadOnlySpan<double> CentreDenominator => [1, 4.2313330701600911252e1, 6.8718700749205790830e2, 5.3941960214247511077e3,
        2.1213794301586595867e4, 3.9307895800092710610e4, 2.8729085735721942674e4, 5.2264952788528545610e3];
    private static ReadOnlySpan<double> TailNumerator => [1.42343711074968357734e0, 4.63033784615654529590e0, 5.76949722146069140550e0,
        3.64784832476320460504e0, 1.27045825245236838258e0, 2.41780725177450611770e-1, 2.27238449892691845833e-2, 7.74545014278341407640e-4];
    private static ReadOnlySpan<double> TailDenominator => [1, 2.05319162663775882187e0, 1.67638483018380384940e0, 6.89767334985100004550e-1,
        1.48103976427480074590e-1, 1.51986665636164571966e-2, 5.47593808499534494600e-4, 1.05075007164441684324e-9];
    private static ReadOnlySpan<double> FarNumerator => [6.65790464350110377720e0, 5.46378491116411436990e0, 1.78482653991729133580e0,
        2.96560571828504891230e-1, 2.65321895265761230930e-2, 1.24266094738807843860e-3, 2.71155556874348757815e-5, 2.01033439929228813265e-7];
    private static ReadOnlySpan<double> FarDenominator => [1, 5.99832206555887937690e-1, 1.36929880922735805310e-1, 1.48753612908506148525e-2,
        7.86869131145613259100e-4, 1.84631831751005468180e-5, 1.42151175831644588870e-7, 2.04426310338993978564e-15];

    // Of the logarithm: (ln(1 + f) − f + f²/2) / s − f²/2 as a polynomial in s², with s = f / (2 + f); ln 2 in two parts. Source: the
    // method and coefficients of FDLIBM (Sun Microsystems, 1993), error below 2⁻⁵⁸.
    private static ReadOnlySpan<double> Logarithm => [0, 6.666666666666735130e-1, 3.999999999940941908e-1, 2.857142874366239149e-1,
        2.222219843214978396e-1, 1.818357216161805012e-1, 1.531383769920937332e-1, 1.479819860511658591e-1];
    private const double Ln2High = 6.93147180369123816490e-1, Ln2Low = 1.90821492927058770002e-10;

    /// <summary>x with Φ(x) = <paramref name="p"/>.</summary>
    /// <param name="p">In (0, 1); otherwise the result has no meaning.</param>
    public static double Of(double p) => Of(Vector512.Create(p)).ToScalar();

    /// <summary>As above, eight at once. Lanes that all lie in the centre, or none beyond it, skip what they do not need.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector512<double> Of(Vector512<double> p)
    {
        Vector512<double> q = p - Vector512.Create(0.5);
        Vector512<double> isCentre = Vector512.LessThanOrEqual(Vector512.Abs(q), Vector512.Create(CentreHalfWidth));
        Vector512<double> r = Vector512.Create(CentreShift) - q * q;
        Vector512<double> centre = q * Polynomial(CentreNumerator, r) / Polynomial(CentreDenominator, r);
        return isCentre == Vector512<double>.AllBitsSet ? centre : Vector512.ConditionalSelect(isCentre, centre, Tail(p, q));
    }

    private static Vector512<double> Tail(Vector512<double> p, Vector512<double> q)
    {
        Vector512<double> r = Vector512.Sqrt(-Log(Vector512.Min(p, Vector512<double>.One - p)));
        Vector512<double> near = r - Vector512.Create(TailShift), far = r - Vector512.Create(FarTail);
        Vector512<double> value = Polynomial(TailNumerator, near) / Polynomial(TailDenominator, near);
        if (Vector512.GreaterThanAny(far, Vector512<double>.Zero))
            value = Vector512.ConditionalSelect(Vector512.GreaterThan(far, Vector512<double>.Zero),
                Polynomial(FarNumerator, far) / Polynomial(FarDenominator, far), value);
        return Vector512.ConditionalSelect(Vector512.LessThan(q, Vector512<double>.Zero), -value, value);
    }

    // Of positive normal numbers. x = 2ᵏ·(1 + f) with 1 + f in [√½, √2).
    private static Vector512<double> Log(Vector512<double> x)
    {
        const long exponentOfOne = 0x3FF0000000000000, exponentOfRootHalf = 0x3FE6A09E00000000;     // bits of 1, and of about √½
        Vector512<long> shifted = x.AsInt64() - Vector512.Create(exponentOfRootHalf);
        Vector512<double> k = Vector512.ConvertToDouble(shifted >> 52);
        Vector512<long> mantissa = (shifted & Vector512.Create((1L << 52) - 1)) + Vector512.Create(exponentOfRootHalf);
        Vector512<double> f = mantissa.AsDouble() - Vector512.Create(BitConverter.Int64BitsToDouble(exponentOfOne));
        Vector512<double> s = f / (f + Vector512.Create(2.0)), halfSquare = Vector512.Create(0.5) * f * f;
        Vector512<double> series = Polynomial(Logarithm, s * s);
        return k * Ln2High - (halfSquare - (s * (halfSquare + series) + k * Ln2Low) - f);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Polynomial(ReadOnlySpan<double> coefficients, Vector512<double> x)
    {
        Vector512<double> sum = Vector512.Create(coefficients[7]);
        for (int power = 6; power >= 0; power--)
            sum = sum * x + Vector512.Create(coefficients[power]);
        return sum;
    }
}
