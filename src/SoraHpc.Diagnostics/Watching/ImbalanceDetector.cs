using System.Globalization;
using SoraHpc.Diagnostics.Tracing;

namespace SoraHpc.Diagnostics.Watching;

/// <summary>Says when λ max/mean has been above its bound for so many steps in a row, and when it is back.</summary>
/// <param name="loads">λ step by step, with the bound.</param>
/// <param name="steps">Steps in a row, ≥ 1.</param>
public sealed class ImbalanceDetector(LoadSeries loads, long steps)
{
    private bool told;

    /// <summary>The line to show, or null.</summary>
    public string? Look()
    {
        long above = loads.StepsAbove;
        if (!told && above >= steps)
        {
            told = true;
            return string.Create(CultureInfo.InvariantCulture,
                $"sora: imbalance: λ max/mean has been above {loads.Bound:0.##} for {above} steps, it is {loads.Latest:0.00} now; shares that follow what was measured would help (--balance dynamic or measured)");
        }
        if (told && above == 0)
        {
            told = false;
            return string.Create(CultureInfo.InvariantCulture, $"sora: λ max/mean is back at {loads.Latest:0.00}");
        }
        return null;
    }
}
