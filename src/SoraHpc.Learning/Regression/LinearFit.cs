namespace SoraHpc.Learning.Regression;

/// <summary>A linear model that was fitted: intercept first, then one coefficient a feature.</summary>
/// <param name="Coefficients">As many as features, and one.</param>
/// <param name="StandardErrors">Of each; NaN where the fit has none.</param>
/// <param name="ResidualDeviation">√(Σ residual² / (samples − coefficients)); NaN where it has none.</param>
public sealed record LinearFit(double[] Coefficients, double[] StandardErrors, double ResidualDeviation);
