namespace SoraHpc.Solvers.Fft.Kernels;

/// <summary>Roots of unity e^(−2πi·k/n), accurate to rounding.</summary>
internal static class Roots
{
    // cos and sin of 2π/n and its multiples, for the butterflies.
    internal const double Sine3 = 0.86602540378443864676;
    internal const double Cosine5 = 0.30901699437494742410, Cosine5Twice = -0.80901699437494742410;
    internal const double Sine5 = 0.95105651629515357212, Sine5Twice = 0.58778525229247312917;
    internal const double Cosine7 = 0.62348980185873353053, Cosine7Twice = -0.22252093395631440429, Cosine7Thrice = -0.90096886790241912624;
    internal const double Sine7 = 0.78183148246802980871, Sine7Twice = 0.97492791218182360702, Sine7Thrice = 0.43388373911755812048;
    internal const double Sine8 = 0.70710678118654752440;

    // 2π as a double and what it is short of.
    private const double TwoPi = 6.2831853071795864769, TwoPiRest = 2.4492935982947064e-16;

    /// <summary>(cos, sin) of −2π·k/n for 0 ≤ k &lt; n. Folded to an eighth of the circle by integers, where the argument's own rounding
    /// is taken back to first order: what remains is the library functions' last bit.</summary>
    internal static (double Cos, double Sin) Of(long k, long n)
    {
        // Eighths passed, and the rest in units of 1/(8n) of the circle.
        (long eighth, long rest) = Math.DivRem(8 * k, n);
        bool falls = (eighth & 1) != 0;
        (double cos, double sin) = Eighth(falls ? n - rest : rest, n);
        bool crossed = ((eighth + 1) & 2) != 0;             // angles from 45° to 135° past a half circle: cosine and sine change places
        (double x, double y) = crossed ? (sin, cos) : (cos, sin);
        if (eighth is >= 2 and < 6)
            x = -x;
        if (eighth >= 4)
            y = -y;
        return (x, -y);
    }

    // cos and sin of 2π·m/(8n), 0 ≤ m ≤ n.
    private static (double Cos, double Sin) Eighth(long m, long n)
    {
        double divisor = 8.0 * n, high = TwoPi * m / divisor, low = Residual(m, divisor, high) / divisor;
        (double sin, double cos) = Math.SinCos(high);
        return (cos - sin * low, sin + cos * low);
    }

    // 2π·m − high·divisor, with both products' roundings.
    private static double Residual(double m, double divisor, double high)
    {
        double a = TwoPi * m, aRest = Math.FusedMultiplyAdd(TwoPi, m, -a) + TwoPiRest * m;
        double b = high * divisor, bRest = Math.FusedMultiplyAdd(high, divisor, -b);
        return a - b + (aRest - bRest);
    }
}
