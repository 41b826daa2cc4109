using SoraHpc.Diagnostics;

namespace SoraHpc.Storage.Checkpoints;

/// <summary>A checkpoint could not be written, or none could be read. The same on every rank; good generations are untouched.</summary>
public sealed class CheckpointException(string message, Exception? cause = null) : SoraException(message, cause);
