namespace SoraHpc.Jobs.Weather;

/// <summary>What a finished run came to.</summary>
/// <param name="Hours">Model time [h].</param>
/// <param name="Steps">Steps done.</param>
/// <param name="LongestStep">Longest of them [s].</param>
/// <param name="Before">Integrals of the start.</param>
/// <param name="After">Integrals of the end.</param>
/// <param name="Errors">Against the exact height, where there is an exact solution.</param>
public sealed record WeatherSummary(double Hours, long Steps, double LongestStep, FlowIntegrals Before, FlowIntegrals After, ErrorNorms? Errors)
{
    /// <summary>Mass gained relative to the start's.</summary>
    public double MassDrift => After.Mass / Before.Mass - 1;

    /// <summary>Energy gained relative to the start's.</summary>
    public double EnergyDrift => After.Energy / Before.Energy - 1;

    /// <summary>Potential enstrophy gained relative to the start's.</summary>
    public double PotentialEnstrophyDrift => After.PotentialEnstrophy / Before.PotentialEnstrophy - 1;

    /// <summary>The observables of a run with drifts and errors added to them.</summary>
    internal Dictionary<string, double> Extend(IReadOnlyDictionary<string, double> observables)
    {
        var all = new Dictionary<string, double>(observables)
        {
            ["hours"] = Hours,
            ["longest time step"] = LongestStep,
            ["mass drift"] = MassDrift,
            ["energy drift"] = EnergyDrift,
            ["potential enstrophy drift"] = PotentialEnstrophyDrift,
        };
        if (Errors is { } errors)
            (all["height error l1"], all["height error l2"], all["height error l∞"]) = (errors.L1, errors.L2, errors.LInfinity);
        return all;
    }

    /// <summary>One line.</summary>
    public override string ToString() => FormattableString.Invariant(
        $"{Hours:G6} h in {Steps} steps; drift of mass {MassDrift:E1}, energy {EnergyDrift:E1}, potential enstrophy {PotentialEnstrophyDrift:E1}")
        + (Errors is { } e ? FormattableString.Invariant($"; height errors l1 {e.L1:E2}, l2 {e.L2:E2}, l∞ {e.LInfinity:E2}") : "");
}
