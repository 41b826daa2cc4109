namespace SoraHpc.Learning.Explanations;

/// <summary>A coefficient of a linear or logistic regression, and how sure it is.</summary>
/// <param name="Name">Its feature; the first one is "intercept".</param>
/// <param name="Value">Change of the prediction (of its log-odds) for one unit of the feature.</param>
/// <param name="StandardError">Of it; NaN where the fit has none.</param>
/// <param name="Statistic">Value / standard error: t, or z of a logistic regression.</param>
/// <param name="Probability">Of a statistic at least as far from 0 if the true coefficient were 0, in [0, 1].</param>
/// <param name="Low">Lower end of the confidence interval.</param>
/// <param name="High">Upper end of it.</param>
public sealed record Coefficient(string Name, double Value, double StandardError, double Statistic, double Probability, double Low, double High);
