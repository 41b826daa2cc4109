using SoraHpc.Solvers.Vectors;

namespace SoraHpc.Solvers.Eigen;

/// <summary>When an eigenvalue solver stops and how it sums.</summary>
public sealed record EigenOptions
{
    /// <summary>Converged when ‖A·v − λ·v‖₂ is at most this times the largest |λ| seen, for v of length one; in (0, 1). Default: 10⁻⁸.</summary>
    public double Tolerance { get; init => field = value is > 0 and < 1 ? value : throw new ArgumentOutOfRangeException(nameof(Tolerance), value, "must be in (0, 1)"); } = 1e-8;

    /// <summary>Iterations at most, ≥ 1; of Lanczos, vectors of the basis. Default: 300.</summary>
    public int MaxIterations { get; init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(MaxIterations), value, "must be at least 1"); } = 300;

    /// <summary>How inner products are summed. Default: plain.</summary>
    public Summation Summation { get; init; } = Summation.Plain;
}
