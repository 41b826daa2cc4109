namespace SoraHpc.Runtime.Resilience;

/// <summary>What checkpoints were to a run.</summary>
/// <param name="Written">Complete ones.</param>
/// <param name="Bytes">Of the last one, over all ranks.</param>
/// <param name="StoppedSeconds">For so long the run stood still for them, all together, on the rank where it took longest.</param>
/// <param name="RestartStep">Step the run went on from; null when it began at its beginning.</param>
public sealed record CheckpointReport(int Written, long Bytes, double StoppedSeconds, long? RestartStep)
{
    /// <summary>Which newer checkpoints were damaged where the run went on from an older one; null where none was.</summary>
    public string? Warning { get; init; }
}
