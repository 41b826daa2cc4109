using System.Globalization;

namespace SoraHpc.Diagnostics.Energy;

/// <summary>Energy in words.</summary>
public static class EnergyText
{
    /// <summary>"energy: 123 J, 45 W on average", or that it is not reported.</summary>
    /// <param name="joules">[J]; NaN where it is not known.</param>
    /// <param name="seconds">In so much time [s].</param>
    public static string Of(double joules, double seconds) => double.IsNaN(joules) ? "energy: not reported by this machine"
        : string.Create(CultureInfo.InvariantCulture, $"energy: {joules:0.#} J, {joules / Math.Max(seconds, 1e-9):0.#} W on average");
}
