using System.Globalization;

namespace SoraHpc.Diagnostics.Pictures;

/// <summary>Round values along an axis.</summary>
internal static class Ticks
{
    /// <summary>The step 1, 2, 2.5 or 5 · 10ⁿ that gives at most <paramref name="most"/> steps over <paramref name="range"/> > 0.</summary>
    internal static double RoundStep(double range, int most)
    {
        double power = Math.Pow(10, Math.Floor(Math.Log10(range / most)));
        foreach (double step in (ReadOnlySpan<double>)[1, 2, 2.5, 5])
            if (range / (step * power) <= most * (1 + 1e-9))
                return step * power;
        return 10 * power;
    }

    /// <summary>Multiples of <paramref name="step"/> in [<paramref name="low"/>, <paramref name="high"/>], rounding at the ends forgiven.</summary>
    internal static double[] Multiples(double low, double high, double step)
    {
        double slack = 1e-9 * Math.Max(1, Math.Abs(high - low) / step);
        long first = (long)Math.Ceiling(low / step - slack), last = (long)Math.Floor(high / step + slack);
        var ticks = new double[Math.Max(0, last - first + 1)];
        for (int i = 0; i < ticks.Length; i++)
            ticks[i] = (first + i) * step;
        return ticks;
    }

    /// <summary>Powers of ten in the range, every second, third, … when there are more than <paramref name="most"/>; over at most two decades also 2 and 5 times them.</summary>
    internal static double[] Logarithmic(double low, double high, int most)
    {
        int first = (int)Math.Floor(Math.Log10(low) + 1e-9), last = (int)Math.Floor(Math.Log10(high) + 1e-9);
        int stride = Math.Max(1, (int)Math.Ceiling((last - first + 1) / (double)most));
        double[] within = high / low < 101 ? [1, 2, 5] : [1];
        return [.. from power in Enumerable.Range(first, last - first + 1)
                   where power % stride == 0
                   from factor in within
                   let tick = factor * Math.Pow(10, power)
                   where tick >= low * (1 - 1e-9) && tick <= high * (1 + 1e-9)
                   select tick];
    }

    /// <summary>A tick value with as many decimals as <paramref name="step"/> needs: "5 400", "0.25", "−40"; very large or small ones as 3·10⁷.</summary>
    internal static string Label(double value, double step)
    {
        if (Math.Abs(value) < 1e-9 * step)
            return "0";
        double size = Math.Max(Math.Abs(value), step);
        if (size >= 1e6 || size < 1e-3)
            return Scientific(value, step);
        int decimals = Math.Clamp((int)Math.Ceiling(-Math.Log10(step) - 1e-9), 0, 6);
        if (decimals < 6 && Math.Abs(step * Math.Pow(10, decimals) - Math.Round(step * Math.Pow(10, decimals))) > 1e-6)
            decimals++;                         // steps of 2.5 · 10ⁿ
        return Typeset(Math.Round(value, decimals).ToString(size >= 10000 ? "#,0." + new string('0', decimals) : "0." + new string('0', decimals), CultureInfo.InvariantCulture));
    }

    /// <summary>A value with about four significant digits.</summary>
    internal static string Number(double value) =>
        value == 0 || !double.IsFinite(value) ? Typeset(value.ToString(CultureInfo.InvariantCulture))
        : Label(value, Math.Pow(10, Math.Floor(Math.Log10(Math.Abs(value))) - 3) is var step && step >= 1 ? 1 : step);

    /// <summary>A power of ten or multiple of it: "10⁻³", "2·10⁷".</summary>
    internal static string Scientific(double value, double step)
    {
        int exponent = (int)Math.Floor(Math.Log10(Math.Abs(value)) + 1e-12);
        double mantissa = value / Math.Pow(10, exponent);
        int decimals = Math.Clamp(exponent - (int)Math.Floor(Math.Log10(step) + 1e-9), 0, 4);
        string digits = Typeset(mantissa.ToString("0." + new string('#', decimals), CultureInfo.InvariantCulture));
        string power = "10" + Superscript(exponent);
        return digits switch { "1" => power, "−1" => "−" + power, _ => $"{digits}·{power}" };
    }

    private static string Superscript(int exponent) => string.Concat(exponent.ToString(CultureInfo.InvariantCulture)
        .Select(c => c == '-' ? '⁻' : "⁰¹²³⁴⁵⁶⁷⁸⁹"[c - '0']));

    // A true minus sign, and thin spaces between thousands: what print uses.
    private static string Typeset(string number) => number.Replace('-', '−').Replace(',', '\u2009');
}
