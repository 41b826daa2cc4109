namespace SoraHpc.Runtime.Resilience;

/// <summary>What checkpoints were to a run.</summary>
/// <param name="Written">Complete files.</param>
/// <param name="Bytes">Of the last one, over all ranks.</param>
/// <param name="StoppedSeconds">For so long the run stood still for files, all together, on the rank where it took longest.</param>
/// <param name="RestartStep">Step the run went on from; null when it began at its beginning.</param>
public sealed record CheckpointReport(int Written, long Bytes, double StoppedSeconds, long? RestartStep)
{
    /// <summary>What was lost or damaged where the run went on from less than the newest; null where nothing was.</summary>
    public string? Warning { get; init; }

    /// <summary>Work done again because ranks died [s]: from the saved state until their death was known; null when none did.</summary>
    public double? LostSeconds { get; init; }

    /// <summary>Of those in memory; null where none were made.</summary>
    public CopyReport? Copies { get; init; }
}

/// <summary>What copies in memory were to a run.</summary>
/// <param name="Made">Complete ones.</param>
/// <param name="Bytes">Of the last one, over all ranks, without its copies.</param>
/// <param name="StoppedSeconds">For so long the run stood still for them, all together, on the rank where it took longest.</param>
/// <param name="OnTheirHost">Parts whose copy is on the same host, and does not survive it.</param>
/// <param name="StartStep">Step the run went on from in them after a failure; null when it did not.</param>
public sealed record CopyReport(int Made, long Bytes, double StoppedSeconds, int OnTheirHost, long? StartStep);
