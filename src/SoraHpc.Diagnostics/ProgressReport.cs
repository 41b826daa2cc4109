namespace SoraHpc.Diagnostics;

/// <summary>How far a run is, as its caller knows it; what time is left is worked out by <see cref="Progress"/>.</summary>
/// <param name="Step">Steps done, in [0, <paramref name="Steps"/>].</param>
/// <param name="Steps">Steps of the whole run; 0 when not known.</param>
/// <param name="ModelTime">Where the model is, in the job's own words: "06:00 of 24:00 h". Empty: left out.</param>
/// <param name="Rate">How fast it goes, in the job's own words: "3100 days/day". Empty: left out.</param>
/// <param name="Imbalance">λ max/mean over ranks, ≥ 1; NaN when not measured: left out.</param>
public readonly record struct ProgressReport(long Step, long Steps, string ModelTime = "", string Rate = "", double Imbalance = double.NaN);
