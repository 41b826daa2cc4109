namespace SoraHpc.Learning.SubModels;

/// <summary>What sub-models contribute to a number that a model predicts: <paramref name="Base"/> + Σ <paramref name="Of"/> = <paramref name="Prediction"/>, to
/// rounding.</summary>
/// <param name="Base">What is predicted with all sub-models away.</param>
/// <param name="Of">One for each sub-model, in the units of the prediction.</param>
/// <param name="Prediction">What is predicted.</param>
public sealed record Contribution(double Base, double[] Of, double Prediction);
