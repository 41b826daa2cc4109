namespace SoraHpc.Solvers.Krylov;

/// <summary>Why an iterative solver stopped.</summary>
public enum StopReason
{
    /// <summary>The residual is within the tolerance.</summary>
    Converged,
    /// <summary>As many iterations as allowed were made.</summary>
    IterationLimit,
    /// <summary>The residual has stopped falling.</summary>
    Stagnated,
    /// <summary>A quantity the method divides by became zero: it cannot go on from here, another method may.</summary>
    Breakdown,
}

/// <summary>How a solve went; the same on every rank.</summary>
/// <param name="Method">Its name.</param>
/// <param name="Reason">Why it stopped.</param>
/// <param name="Iterations">Iterations made.</param>
/// <param name="Residuals">‖b − A·x‖₂ as the method's recurrence has it, before the first iteration and after each.</param>
/// <param name="RightHandSide">‖b‖₂.</param>
public sealed record SolverResult(string Method, StopReason Reason, int Iterations, IReadOnlyList<double> Residuals, double RightHandSide)
{
    /// <summary>Whether the residual is within the tolerance.</summary>
    public bool HasConverged => Reason == StopReason.Converged;

    /// <summary>The last residual as a part of ‖b‖₂; 0 where b is 0.</summary>
    public double RelativeResidual => RightHandSide > 0 ? Residuals[^1] / RightHandSide : 0;
}
