using SoraHpc.Diagnostics;

namespace SoraHpc.Jobs.Training;

/// <summary>Which table is learnt, by which model, within which memory.</summary>
public sealed record LargeTableOptions : NetworkOptions
{
    /// <summary>By default, samples are shuffled within chunks of 128 micro-batches, whatever the memory limit.</summary>
    public LargeTableOptions() => Training = Training with { ChunkBatches = 128 };

    /// <summary>HDF5 file of a table with labels, as datasets/README.md describes it.</summary>
    public required string Data { get; init; }

    /// <summary>Bytes that a rank's rows may take in memory, whatever the table's size; ≥ 1. Default: no limit.</summary>
    public long MemoryLimit { get; init => field = value >= 1 ? value : throw new UsageException($"a memory limit of {value} B: give 1 or more"); } = long.MaxValue;

    /// <summary>Whether the model is one dense block: softmax regression. Default: two, with 64 units between them.</summary>
    public bool IsLinear { get; init; }
}
