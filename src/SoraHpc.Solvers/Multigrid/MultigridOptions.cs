namespace SoraHpc.Solvers.Multigrid;

/// <summary>The parts of a V-cycle.</summary>
public sealed record MultigridOptions
{
    /// <summary>Degree of the Chebyshev polynomial that smooths before and after the coarser grid, ≥ 1. Default: 3.</summary>
    public int Degree { get; init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(Degree), value, "must be at least 1"); } = 3;

    /// <summary>Smoothing acts on eigenvalues from the largest divided by this up to the largest; > 1. Default: 12.</summary>
    public double SmoothingRange { get; init => field = value > 1 ? value : throw new ArgumentOutOfRangeException(nameof(SmoothingRange), value, "must be above 1"); } = 12;

    /// <summary>Grids with at most so many cells are not cut: every rank computes them whole, ≥ 1. Default: 16³.</summary>
    public long WholeBelow { get; init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(WholeBelow), value, "must be at least 1"); } = 16 * 16 * 16;

    /// <summary>A grid with at most so many cells is solved directly, ≥ 1. Default: 4³.</summary>
    public long DirectBelow { get; init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(DirectBelow), value, "must be at least 1"); } = 64;
}
