namespace SoraHpc.Learning.Training;

/// <summary>What an epoch came to; the same on every rank.</summary>
/// <param name="Epoch">From 1.</param>
/// <param name="Rate">Learning rate of its last step.</param>
/// <param name="Training">Of its samples, each before the step it was part of.</param>
/// <param name="Validation">Of the validation samples after it; null without any.</param>
public sealed record EpochReport(int Epoch, double Rate, Evaluation Training, Evaluation? Validation);
