using SoraHpc.Diagnostics;

namespace SoraHpc.Runtime.Elasticity;

/// <summary>How many particles a workload is worth: N = N₀ + (N_max − N₀) · W / W_max, rounded up and kept in [N_min, N_max].</summary>
public sealed record WorkSizing
{
    /// <param name="least">N_min, ≥ 1.</param>
    /// <param name="most">N_max, ≥ N_min.</param>
    /// <param name="idle">N₀, particles that no work at all is worth, ≤ N_max; null: N_min.</param>
    /// <param name="fullWork">W_max, the work of a step that all are worth, > 0, as the job counts it; null: the largest yet.</param>
    /// <exception cref="UsageException">Numbers outside these ranges.</exception>
    public WorkSizing(int least, int most, int? idle = null, double? fullWork = null)
    {
        if (least < 1)
            throw new UsageException($"elasticity: a run has 1 particle or more, not {least}");
        if (least > most)
            throw new UsageException($"elasticity: the least number of particles, {least}, is above the most, {most}");
        if (idle is { } none && (none < 0 || none > most))
            throw new UsageException($"elasticity: {none} particles without work are not in [0, {most}]");
        if (fullWork is { } full && !(full > 0 && double.IsFinite(full)))
            throw new UsageException($"elasticity: the work that all particles are worth is a positive number, not {full}");
        (Least, Most, Idle, FullWork) = (least, most, idle ?? least, fullWork);
    }

    /// <summary>N_min.</summary>
    public int Least { get; }

    /// <summary>N_max.</summary>
    public int Most { get; }

    /// <summary>N₀.</summary>
    public int Idle { get; }

    /// <summary>W_max; null: the largest yet.</summary>
    public double? FullWork { get; }

    /// <summary>N.</summary>
    /// <param name="work">W, ≥ 0.</param>
    /// <param name="mostWork">The largest W yet.</param>
    public int Particles(double work, double mostWork)
    {
        double full = FullWork ?? mostWork, part = full > 0 ? Math.Min(1, work / full) : 0;
        // Work that is a whole number of shares must not take one more for a rounding.
        return Math.Clamp((int)Math.Ceiling(Idle + (Most - Idle) * part - 1e-9), Least, Most);
    }

    /// <summary>Refuses a world that is too small.</summary>
    internal void Check(int ranks)
    {
        if (Most > ranks)
            throw new UsageException($"elasticity: up to {Most} particles need as many ranks, there are {ranks}: run on {Most} (--ranks, mpiexec -n), or ask for at most {ranks}");
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Least} to {Most}";
}
