using SoraHpc.Diagnostics;

namespace SoraHpc.Learning.Training;

/// <summary>How a network is trained. All of it changes the result; the number of ranks does not.</summary>
public sealed record TrainingOptions
{
    /// <summary>What is made small. Default: cross-entropy.</summary>
    public Loss Loss { get; init; }

    /// <summary>Whether the last target of every sample is its weight, ≥ 0, which its loss is multiplied with: what is made small is the mean over all samples
    /// of weight × loss. Default: every sample counts as much.</summary>
    public bool IsWeighted { get; init; }

    /// <summary>How values move. Default: Adam.</summary>
    public Optimiser Optimiser { get; init; } = new Adam();

    /// <summary>How far. Default: 0.001, constant.</summary>
    public LearningRate Rate { get; init; } = new();

    /// <summary>How often the data set is gone through, ≥ 1. Default: 10.</summary>
    public int Epochs { get; init => field = value >= 1 ? value : throw new UsageException($"{value} epochs: give 1 or more"); } = 10;

    /// <summary>Strata the samples are dealt into, ≥ 1: each gives one micro-batch to every batch, and a rank owns whole strata, so as many ranks can
    /// share the work. Default: 12, which 1, 2, 3, 4, 6 and 12 ranks share evenly.</summary>
    public int Strata { get; init => field = value is >= 1 and <= 4096 ? value : throw new UsageException($"{value} strata: give 1 to 4096"); } = 12;

    /// <summary>Samples of a micro-batch, ≥ 1: what one call of the kernels computes. Default: 16.</summary>
    public int MicroBatch { get; init => field = value >= 1 ? value : throw new UsageException($"micro-batches of {value} samples: give 1 or more"); } = 16;

    /// <summary>Micro-batches of a stratum whose samples are shuffled among each other, ≥ 1: chunks of so many consecutive samples are taken in random order, and the samples of
    /// each in random order, so that one chunk a stratum need be in memory; 0, the default: all samples of a stratum are shuffled among each other.</summary>
    /// <remarks>Source: two levels of shuffling, as in Xu et al., Stochastic gradient descent without full data shuffle, VLDB J. 33 (2024).</remarks>
    public int ChunkBatches { get; init => field = value is >= 0 and <= 1 << 20 ? value : throw new UsageException($"chunks of {value} micro-batches: give 1 to {1 << 20}, or 0 for whole strata"); }

    /// <summary>What is done to samples while they are learnt from; null, the default: nothing.</summary>
    public Augmentation? Augmentation { get; init; }

    /// <summary>λ in ½λ‖w‖², added to the mean loss for all parameters of two dimensions (weights, not biases), ≥ 0. Default: 0.</summary>
    public double Penalty { get; init => field = value >= 0 && double.IsFinite(value) ? value : throw new UsageException(FormattableString.Invariant($"a penalty of {value}: give 0 or more")); }

    /// <summary>Epochs without a smaller validation loss after which training stops and takes the best parameters, ≥ 1; 0, the default: never.</summary>
    public int Patience { get; init => field = value >= 0 ? value : throw new UsageException($"a patience of {value} epochs: give 0 or more"); }

    /// <summary>Of first values, order of samples and dropout. Default: 1.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Samples of a full batch.</summary>
    public int Batch => Strata * MicroBatch;
}
