namespace SoraHpc.Storage.Checkpoints;

/// <summary>What a checkpoint is of. The same on every rank.</summary>
/// <param name="Job">The job's name; another job's checkpoint is refused.</param>
/// <param name="Fingerprint">A hash of the options that change the result; a checkpoint of other options is refused.</param>
/// <param name="Step">Steps done, ≥ 0.</param>
/// <param name="Time">The job's own time after them, in its unit.</param>
public sealed record CheckpointHeader(string Job, ulong Fingerprint, long Step, double Time);
