namespace SoraHpc.Learning.Training;

/// <summary>What an epoch came to; the same on every rank.</summary>
/// <param name="Epoch">From 1.</param>
/// <param name="Rate">Learning rate of its last step.</param>
/// <param name="Training">Of its samples, each before the step it was part of.</param>
/// <param name="Validation">Of the validation samples after it; null without any.</param>
public sealed record EpochReport(int Epoch, double Rate, Evaluation Training, Evaluation? Validation)
{
    /// <summary>Length of <see cref="Numbers"/>.</summary>
    public const int Length = 8;

    /// <summary>All of it, for a checkpoint: epoch, rate, and twice samples, loss, right; −1 samples where there is no validation.</summary>
    public double[] Numbers => [Epoch, Rate, Training.Samples, Training.Loss, Training.Right, Validation?.Samples ?? -1, Validation?.Loss ?? 0, Validation?.Right ?? 0];

    /// <summary>What has these <see cref="Numbers"/>.</summary>
    public static EpochReport Of(ReadOnlySpan<double> numbers) => new((int)numbers[0], numbers[1], new((long)numbers[2], numbers[3], (long)numbers[4]),
        numbers[5] < 0 ? null : new((long)numbers[5], numbers[6], (long)numbers[7]));
}
