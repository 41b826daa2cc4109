using SoraHpc.Diagnostics;
using SoraHpc.Learning.Training;

namespace SoraHpc.Learning.SubModels;

/// <summary>How a model is trained whose blocks lie on several ranks. All of it changes the result; ranks and cuts do not.</summary>
public sealed record PipelinedTrainerOptions
{
    /// <summary>What is made small. Default: cross-entropy.</summary>
    public Loss Loss { get; init; }

    /// <summary>How values move. Default: Adam.</summary>
    public Optimiser Optimiser { get; init; } = new Adam();

    /// <summary>Samples of a micro-batch, ≥ 1: what goes from rank to rank at a time. Default: 16.</summary>
    public int MicroBatch { get; init => field = value >= 1 ? value : throw new UsageException($"micro-batches of {value} samples: give 1 or more"); } = 16;

    /// <summary>Micro-batches of a batch, 1 to 4096. Of S stages each waits for (S − 1) / (micro-batches + S − 1) of a step. Default: 12.</summary>
    public int MicroBatches { get; init => field = value is >= 1 and <= 4096 ? value : throw new UsageException($"{value} micro-batches: give 1 to 4096"); } = 12;

    /// <summary>Of first values and dropout. Default: 1.</summary>
    public ulong Seed { get; init; } = 1;
}
