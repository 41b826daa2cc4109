using SoraHpc.Decomposition;
using SoraHpc.Diagnostics;
using SoraHpc.Learning.Blocks;
using SoraHpc.Learning.Models;
using SoraHpc.Learning.Training;
using SoraHpc.Runtime.Balancing;
using SoraHpc.Runtime.Synchronization;

namespace SoraHpc.Jobs.Training;

/// <summary>Which table is learnt, by which model, within which memory.</summary>
public sealed record LargeTableOptions
{
    private const int Units = 64;

    /// <summary>HDF5 file of a table with labels, as datasets/README.md describes it.</summary>
    public required string Data { get; init; }

    /// <summary>Bytes that a rank's rows may take in memory, whatever the table's size; ≥ 1. Default: no limit.</summary>
    public long MemoryLimit { get; init => field = value >= 1 ? value : throw new UsageException($"a memory limit of {value} B: give 1 or more"); } = long.MaxValue;

    /// <summary>Whether the model is one dense block: softmax regression. Default: two, with 64 units between them.</summary>
    public bool IsLinear { get; init; }

    /// <summary>How it is trained. Default: 8 epochs, samples shuffled within chunks of 128 micro-batches, whatever the memory limit.</summary>
    public TrainingOptions Training { get; init; } = new() { Epochs = 8, Rate = new() { Base = 2e-3, Schedule = RateSchedule.Cosine, WarmUp = 0.05 }, ChunkBatches = 128 };

    /// <summary>The library of dense algebra, as <see cref="LinearAlgebra.BlasOptions.Library"/>. Default: auto, as rank 0 finds it.</summary>
    public string Library { get; init; } = "auto";

    /// <summary>HDF5 file for the trained model; null for none.</summary>
    public string? Output { get; init; }

    /// <summary>How strata are cut. Default: slabs.</summary>
    public IPartitioner Partition { get; init; } = new SlabPartitioner();

    /// <summary>How shares follow capability. Default: equal shares, cut once.</summary>
    public IBalancer Balancing { get; init; } = new StaticBalancer();

    /// <summary>How ranks keep together. Default: globally, every 100 steps.</summary>
    public ISyncProtocol Sync { get; init; } = new GlobalSync(100);

    /// <summary>The model for rows of so many features.</summary>
    public Model ModelFor(int features, int classes) => IsLinear ? new(new Shape(features), new Dense(classes))
        : new(new Shape(features), new Dense(Units), new Activation(ActivationFunction.Relu), new Dense(classes));
}
