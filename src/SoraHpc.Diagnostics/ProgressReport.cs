namespace SoraHpc.Diagnostics;

/// <summary>How far a run is, as its caller knows it; what time is left is worked out by <see cref="Progress"/>.</summary>
/// <param name="Step">Steps done.</param>
/// <param name="Fraction">Share of the whole run that is done, in [0, 1]; NaN when not known.</param>
/// <param name="Text">Where the run is, in the job's own words: "06:00 of 24:00 h, 310 days/day". Empty: left out.</param>
/// <param name="Imbalance">λ max/mean over ranks, ≥ 1; NaN when not measured: left out.</param>
public readonly record struct ProgressReport(long Step, double Fraction, string Text = "", double Imbalance = double.NaN);
