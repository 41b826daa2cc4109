namespace SoraHpc.Diagnostics;

/// <summary>
/// How evenly the work lies on the ranks: work W_i, capability P_i [work/s] and the time λ_i = W_i / P_i [s] rank i needs for its
/// share. All ranks wait for the slowest, so a run is as fast as max λ; mean λ would be enough if the shares fitted.
/// </summary>
public sealed class LoadImbalance
{
    private readonly double[] work, capability, lambda;

    private LoadImbalance(double[] work, double[] capability, double[] lambda)
    {
        (this.work, this.capability, this.lambda) = (work, capability, lambda);
        TotalWork = work.Sum();
        MeanLambda = lambda.Average();
        for (int rank = 1; rank < lambda.Length; rank++)
        {
            SlowestRank = lambda[rank] > lambda[SlowestRank] ? rank : SlowestRank;
            FastestRank = lambda[rank] < lambda[FastestRank] ? rank : FastestRank;
        }
    }

    /// <summary>From the work done and the time it took on every rank: P_i = W_i / T_i, so λ_i = T_i.</summary>
    /// <param name="work">W_i ≥ 0, one entry per rank, in the job's unit.</param>
    /// <param name="seconds">T_i ≥ 0 [s], computing only, without waiting for others; same length.</param>
    /// <exception cref="ArgumentException">No rank, different lengths, or a negative or non-finite entry.</exception>
    public static LoadImbalance FromTimes(ReadOnlySpan<double> work, ReadOnlySpan<double> seconds)
    {
        CheckEntries(work, seconds, nameof(seconds));
        double[] capability = new double[work.Length];
        for (int rank = 0; rank < work.Length; rank++)
            capability[rank] = seconds[rank] > 0 ? work[rank] / seconds[rank] : double.NaN;   // took no time: not measured
        return new(work.ToArray(), capability, seconds.ToArray());
    }

    /// <summary>From the work and the known capability of every rank: λ_i = W_i / P_i.</summary>
    /// <param name="work">W_i ≥ 0, one entry per rank, in the job's unit.</param>
    /// <param name="capability">P_i > 0 [work/s]; same length.</param>
    /// <exception cref="ArgumentException">No rank, different lengths, or an entry out of range.</exception>
    public static LoadImbalance FromCapabilities(ReadOnlySpan<double> work, ReadOnlySpan<double> capability)
    {
        CheckEntries(work, capability, nameof(capability));
        double[] lambda = new double[work.Length];
        for (int rank = 0; rank < work.Length; rank++)
            lambda[rank] = capability[rank] > 0
                ? work[rank] / capability[rank]
                : throw new ArgumentException($"capability of rank {rank} is {capability[rank]}, must be > 0", nameof(capability));
        return new(work.ToArray(), capability.ToArray(), lambda);
    }

    /// <summary>Number of ranks, ≥ 1.</summary>
    public int Ranks => work.Length;

    /// <summary>W_i, by rank.</summary>
    public ReadOnlySpan<double> Work => work;

    /// <summary>P_i [work/s], by rank; NaN where the rank took no time.</summary>
    public ReadOnlySpan<double> Capability => capability;

    /// <summary>λ_i [s], by rank.</summary>
    public ReadOnlySpan<double> Lambda => lambda;

    /// <summary>C = Σ W_i.</summary>
    public double TotalWork { get; }

    /// <summary>Mean of λ_i [s].</summary>
    public double MeanLambda { get; }

    /// <summary>Largest λ_i [s]: what the step takes.</summary>
    public double MaxLambda => lambda[SlowestRank];

    /// <summary>λ max/mean, ≥ 1; 1 is perfect balance. 1 when no rank took time.</summary>
    public double Ratio => MeanLambda > 0 ? MaxLambda / MeanLambda : 1;

    /// <summary>The rank the others wait for; the lowest of equals.</summary>
    public int SlowestRank { get; }

    /// <summary>The rank that waits longest; the lowest of equals.</summary>
    public int FastestRank { get; }

    private static void CheckEntries(ReadOnlySpan<double> work, ReadOnlySpan<double> other, string name)
    {
        if (work.Length == 0 || other.Length != work.Length)
            throw new ArgumentException($"work has {work.Length} entries, {name} {other.Length}; both need one per rank", name);
        CheckRange(work, nameof(work));
        CheckRange(other, name);
    }

    private static void CheckRange(ReadOnlySpan<double> values, string name)
    {
        for (int rank = 0; rank < values.Length; rank++)
            if (!(values[rank] >= 0 && double.IsFinite(values[rank])))
                throw new ArgumentException($"{name} of rank {rank} is {values[rank]}, must be finite and ≥ 0", name);
    }
}
