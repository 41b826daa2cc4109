using SoraHpc.Solvers.Vectors;

namespace SoraHpc.Solvers.Krylov;

/// <summary>When an iterative solver stops and how it sums.</summary>
public sealed record SolverOptions
{
    /// <summary>Converged when ‖b − A·x‖₂ is at most this times ‖b‖₂; in [0, 1). Default: 10⁻⁸.</summary>
    public double RelativeTolerance { get; init => field = value is >= 0 and < 1 ? value : throw new ArgumentOutOfRangeException(nameof(RelativeTolerance), value, "must be in [0, 1)"); } = 1e-8;

    /// <summary>Converged also when ‖b − A·x‖₂ is at most this; ≥ 0. Default: 0.</summary>
    public double AbsoluteTolerance { get; init => field = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(AbsoluteTolerance), value, "must be at least 0"); }

    /// <summary>Iterations at most, ≥ 0. Default: 1000.</summary>
    public int MaxIterations { get; init => field = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(MaxIterations), value, "must be at least 0"); } = 1000;

    /// <summary>Stagnated when so many iterations in a row have not made the least residual smaller by a hundredth; ≥ 1. Default: 100.</summary>
    public int StagnationWindow { get; init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(StagnationWindow), value, "must be at least 1"); } = 100;

    /// <summary>How inner products are summed. Default: plain; exact ones make every bit of the result independent of the number of ranks.</summary>
    public Summation Summation { get; init; } = Summation.Plain;

    /// <summary>Whether a solver that ends without converging throws <see cref="ConvergenceException"/>. Default: true; false returns the result, with its reason.</summary>
    public bool MustConverge { get; init; } = true;
}
