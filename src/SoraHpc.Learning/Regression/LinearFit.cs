namespace SoraHpc.Learning.Regression;

/// <summary>A linear model that was fitted: intercept first, then one coefficient a feature.</summary>
/// <param name="Coefficients">As many as features, and one.</param>
/// <param name="StandardErrors">Of each; NaN where the fit has none.</param>
/// <param name="ResidualDeviation">√(Σ residual² / (samples − coefficients)); NaN where it has none.</param>
/// <param name="Freedom">Degrees of freedom of Student's distribution that a coefficient over its standard error has where the true one is 0: samples − coefficients; ∞ where it is
/// the normal one, of many samples; NaN where the fit has no standard errors.</param>
public sealed record LinearFit(double[] Coefficients, double[] StandardErrors, double ResidualDeviation, double Freedom);
