using MathNet.Numerics;
using MathNet.Numerics.Distributions;
using SoraHpc.Diagnostics;
using SoraHpc.Learning.Regression;

namespace SoraHpc.Learning.Explanations;

/// <summary>What a regression's coefficients are worth: t statistics of least squares, z statistics of logistic regression, which hold for many samples (Wald).
/// Local.</summary>
public static class CoefficientTable
{
    /// <summary>One line for the intercept and one for each feature. A fit with a penalty has values alone, and NaN for the rest: its coefficients are drawn towards 0.</summary>
    /// <param name="fit">What was fitted.</param>
    /// <param name="features">Names of the features, in their order.</param>
    /// <param name="confidence">Of the intervals, in (0, 1). Default: 0.95.</param>
    /// <exception cref="UsageException">Not as many names as features, or a confidence outside of (0, 1).</exception>
    public static Coefficient[] Of(LinearFit fit, IReadOnlyList<string> features, double confidence = 0.95)
    {
        if (features.Count != fit.Coefficients.Length - 1)
            throw new UsageException($"{features.Count} names for {fit.Coefficients.Length - 1} features: give each one");
        if (confidence is not (> 0 and < 1))
            throw new UsageException(FormattableString.Invariant($"intervals of confidence {confidence}: give a share between 0 and 1"));
        double reach = double.IsNaN(fit.Freedom) ? double.NaN : -Quantile((1 - confidence) / 2, fit.Freedom);
        return [.. fit.Coefficients.Select((value, i) =>
        {
            double error = fit.StandardErrors[i], statistic = value / error;
            return new Coefficient(i == 0 ? "intercept" : features[i - 1], value, error, statistic, TwoSided(statistic, fit.Freedom), value - reach * error, value + reach * error);
        })];
    }

    // P(|t| ≥ |statistic|) = I_{ν/(ν+t²)}(ν/2, ½), which keeps its digits where it is small; erfc for ν = ∞.
    private static double TwoSided(double statistic, double freedom) => double.IsNaN(statistic) || double.IsNaN(freedom) ? double.NaN
        : double.IsPositiveInfinity(freedom) ? SpecialFunctions.Erfc(Math.Abs(statistic) / Math.Sqrt(2))
        : SpecialFunctions.BetaRegularized(0.5 * freedom, 0.5, freedom / (freedom + statistic * statistic));

    private static double Quantile(double probability, double freedom) =>
        double.IsPositiveInfinity(freedom) ? Normal.InvCDF(0, 1, probability) : StudentT.InvCDF(0, 1, freedom, probability);
}
