namespace SoraHpc.Diagnostics.Pictures;

/// <summary>Values along one axis of a plot: where they fall, and the ticks.</summary>
internal sealed class PlotAxis
{
    private readonly bool logarithmic;
    private readonly double low, high, step;

    internal PlotAxis(IEnumerable<double> values, bool logarithmic, int mostTicks)
    {
        this.logarithmic = logarithmic;
        double[] shown = [.. values.Where(Shows)];
        (low, high) = shown.Length > 0 ? (shown.Min(), shown.Max()) : (1, 10);
        if (logarithmic)
        {
            (low, high) = (RoundDown(low), 1 / RoundDown(1 / high));
            high = high > low ? high : 10 * low;
            TickValues = Ticks.Logarithmic(low, high, mostTicks);
            return;
        }
        if (high <= low)
            (low, high) = (low - 0.5 * Math.Max(1, Math.Abs(low)), high + 0.5 * Math.Max(1, Math.Abs(high)));
        step = Ticks.RoundStep(high - low, mostTicks);
        (low, high) = (step * Math.Floor(low / step + 1e-9), step * Math.Ceiling(high / step - 1e-9));
        TickValues = Ticks.Multiples(low, high, step);
    }

    internal double[] TickValues { get; }

    /// <summary>Whether the axis has a place for the value.</summary>
    internal bool Shows(double value) => double.IsFinite(value) && (!logarithmic || value > 0);

    /// <summary>0 at the low end, 1 at the high end.</summary>
    internal double Share(double value) => logarithmic
        ? Math.Log(value / low) / Math.Log(high / low)
        : (value - low) / (high - low);

    internal string Label(double tick) =>
        !logarithmic ? Ticks.Label(tick, step) : tick is > 0.99e-2 and < 1.01e4 ? Ticks.Label(tick, tick) : Ticks.Scientific(tick, tick);

    // 1, 2 or 5 · 10ⁿ at or below; its reciprocal series is itself, so it also rounds up.
    private static double RoundDown(double value)
    {
        double power = Math.Pow(10, Math.Floor(Math.Log10(value) + 1e-9)), digit = value / power * (1 + 1e-9);
        return power * (digit >= 5 ? 5 : digit >= 2 ? 2 : 1);
    }
}
