using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SoraHpc.Jobs.Finance;

/// <summary>The standard normal distribution function Φ, by operations that give the same bits on any host: see <see cref="Elementary"/>.</summary>
internal static class NormalDistribution
{
    /// <summary>Arguments beyond ±38 count as ±38, where Φ leaves the range of normal numbers.</summary>
    internal const double Furthest = 38;

    /// <summary>What is added to |x| before <see cref="ScaledTail"/>.</summary>
    internal const double Shift = 5;

    /// <summary>Φ(x), relative error below 10⁻¹⁵ where Φ(x) is above 10⁻³⁰⁰.</summary>
    internal static double Of(double x) => Of(Vector512.Create(x)).ToScalar();

    /// <summary>As above, eight at once.</summary>
    internal static Vector512<double> Of(Vector512<double> x)
    {
        Vector512<double> size = Vector512.MinNative(Vector512.Abs(x), Vector512.Create(Furthest)), square = size * size;
        Vector512<double> rest = Vector512.FusedMultiplyAdd(size, size, -square);           // what rounding took off the square
        Vector512<double> density = Elementary.Exp(square * -0.5);
        density = Vector512.FusedMultiplyAdd(density, rest * -0.5, density);
        Vector512<double> tail = density * ScaledTail(Vector512<double>.One / (size + Vector512.Create(Shift)));
        return Vector512.ConditionalSelect(Vector512.GreaterThan(x, Vector512<double>.Zero), Vector512<double>.One - tail, tail);
    }

    /// <summary>exp(x²/2)·Φ(−x) for x in [0, 38], from q = 1/(x + 5).</summary>
    // q times a polynomial of degree 21 in u = (215 q − 24) / 19, which runs over [−1, 1]; interpolated at Chebyshev's points with 60
    // digits: relative error 2·10⁻¹⁷, and 2.4·10⁻¹⁶ with coefficients rounded to double. Even and odd powers side by side.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector512<double> ScaledTail(Vector512<double> q)
    {
        Vector512<double> u = Vector512.FusedMultiplyAdd(q, Vector512.Create(215.0 / 19), Vector512.Create(-24.0 / 19)), square = u * u;
        Vector512<double> even = Next(Vector512.Create(1.8637045665804888e-10), square, -3.05893448534089e-09);
        Vector512<double> odd = Next(Vector512.Create(-1.6191202185727087e-10), square, 2.0836836088213116e-09);
        (even, odd) = (Next(even, square, 3.2108265785524254e-08), Next(odd, square, -1.798893394389747e-08));
        (even, odd) = (Next(even, square, -2.7598129087813174e-07), Next(odd, square, 1.5486723723042525e-07));
        (even, odd) = (Next(even, square, 1.7315851123816917e-06), Next(odd, square, -1.5356555154230138e-06));
        (even, odd) = (Next(even, square, 4.907573539236643e-06), Next(odd, square, 1.7297591048521107e-05));
        (even, odd) = (Next(even, square, -0.0005170351066461891), Next(odd, square, -0.00018796571863809782));
        (even, odd) = (Next(even, square, 0.01088645583923179), Next(odd, square, 0.0008325940627026422));
        (even, odd) = (Next(even, square, 0.12782105422764517), Next(odd, square, 0.04548683669893483));
        (even, odd) = (Next(even, square, 0.4835798152692315), Next(odd, square, 0.27627116298367266));
        (even, odd) = (Next(even, square, 0.8537846698997347), Next(odd, square, 0.7020201186954605));
        return q * Vector512.FusedMultiplyAdd(odd, u, even);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Next(Vector512<double> sum, Vector512<double> square, double coefficient) =>
        Vector512.FusedMultiplyAdd(sum, square, Vector512.Create(coefficient));
}
