namespace SoraHpc.Learning.Explanations;

/// <summary>How much worse a model is without what some features say.</summary>
/// <param name="Name">The features.</param>
/// <param name="Loss">By how much the mean loss of a sample grows, on average over the repeats; near 0 or below: the features do not matter to the model.</param>
/// <param name="Deviation">Standard deviation of that over the repeats; 0 of one repeat.</param>
/// <param name="Accuracy">By how much the share of right predictions falls, on average; 0 for a loss without classes.</param>
public sealed record Importance(string Name, double Loss, double Deviation, double Accuracy);
