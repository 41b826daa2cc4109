using SoraHpc.Diagnostics;
using SoraHpc.Learning.Training;

namespace SoraHpc.Learning.Streams;

/// <summary>How a model learns from a stream, window by window.</summary>
public sealed record OnlineOptions
{
    /// <summary>How a window is learnt: epochs are how often it is gone through. Default: 2 epochs of Adam at 0.005.</summary>
    public TrainingOptions Training { get; init; } = new() { Epochs = 2, Rate = new() { Base = 5e-3 } };

    /// <summary>How often the window in which the model starts anew is gone through: the first, and that of an alarm; ≥ 1. Default: 20.</summary>
    public int FirstEpochs { get; init => field = value >= 1 ? value : throw new UsageException($"{value} epochs to start with: give 1 or more"); } = 20;
}
