using System.Numerics;

namespace SoraHpc.Tests.Fft;

/// <summary>The definition of the transform, summed in 28 decimal digits: the oracle.</summary>
internal static class DecimalDft
{
    private const decimal TwoPi = 6.2831853071795864769252867666m;

    /// <summary>A multiple of 2⁻¹⁶ in (−1, 1), which a decimal holds exactly.</summary>
    internal static double Exact(Random random) => random.Next(-65535, 65536) / 65536.0;

    internal static Complex[] Field(int count, int seed)
    {
        Random random = new(seed);
        return [.. Enumerable.Range(0, count).Select(_ => new Complex(Exact(random), Exact(random)))];
    }

    /// <summary>X[k] = Σ x[j]·e^(−2πi·jk/n) for numbers from <see cref="Field"/>.</summary>
    internal static Complex[] Transform(ReadOnlySpan<Complex> x)
    {
        int n = x.Length;
        (decimal Cos, decimal Sin)[] roots = [.. Enumerable.Range(0, n).Select(k => Root(k, n))];
        decimal[] re = new decimal[n], im = new decimal[n];
        for (int j = 0; j < n; j++)
            (re[j], im[j]) = (ToDecimal(x[j].Real), ToDecimal(x[j].Imaginary));
        var spectrum = new Complex[n];
        for (int k = 0; k < n; k++)
        {
            decimal a = 0, b = 0;
            for (int j = 0; j < n; j++)
            {
                (decimal cos, decimal sin) = roots[(long)j * k % n];
                a += re[j] * cos + im[j] * sin;
                b += im[j] * cos - re[j] * sin;
            }
            spectrum[k] = new((double)a, (double)b);
        }
        return spectrum;
    }

    /// <summary>(cos, sin) of 2πk/n, folded to an eighth of the circle and summed as series.</summary>
    internal static (decimal Cos, decimal Sin) Root(long k, long n)
    {
        if (8 * k > 4 * n)
            return Root(n - k, n) is var (c, s) ? (c, -s) : default;
        if (8 * k > 2 * n)
            return Series(TwoPi * (4 * k - n) / (4 * n)) is var (c, s) ? (-s, c) : default;
        return Series(TwoPi * k / n);
    }

    private static (decimal Cos, decimal Sin) Series(decimal angle)
    {
        decimal cos = 0, sin = 0, term = 1;
        for (int i = 0; i < 40; i += 2)
        {
            cos += term;
            term = term * angle / (i + 1);
            sin += term;
            term = -term * angle / (i + 2);
        }
        return (cos, sin);
    }

    private static decimal ToDecimal(double value) => (decimal)(int)(value * 65536) / 65536;

    /// <summary>‖a − b‖ / ‖b‖.</summary>
    internal static double Error(ReadOnlySpan<Complex> a, ReadOnlySpan<Complex> b)
    {
        double difference = 0, norm = 0;
        for (int i = 0; i < a.Length; i++)
        {
            Complex d = a[i] - b[i];
            difference += d.Real * d.Real + d.Imaginary * d.Imaginary;
            norm += b[i].Real * b[i].Real + b[i].Imaginary * b[i].Imaginary;
        }
        return Math.Sqrt(difference / norm);
    }
}
