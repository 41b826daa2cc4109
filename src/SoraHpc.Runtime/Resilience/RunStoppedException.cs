using SoraHpc.Diagnostics;

namespace SoraHpc.Runtime.Resilience;

/// <summary>
/// A run ended before its last step because it was asked to, and a checkpoint to go on from is complete. Thrown on every rank after the same
/// step, so that all can end their world in good order.
/// </summary>
/// <param name="step">The step after which it was saved.</param>
/// <param name="directory">Where the checkpoint is.</param>
public sealed class RunStoppedException(long step, string directory)
    : SoraException($"stopped after step {step}, as asked; go on from {directory} with a restart")
{
    /// <summary>The exit code of a program whose run was stopped: the one by which sysexits.h (EX_TEMPFAIL) invites the caller to try again.</summary>
    public const int TryAgainExitCode = 75;

    /// <summary>The step after which the run was saved.</summary>
    public long Step { get; } = step;

    /// <inheritdoc/>
    public override int ExitCode => TryAgainExitCode;
}
