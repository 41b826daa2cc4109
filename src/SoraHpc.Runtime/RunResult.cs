using SoraHpc.Decomposition;
using SoraHpc.Runtime.Balancing;
using SoraHpc.Runtime.Elasticity;
using SoraHpc.Runtime.Resilience;

namespace SoraHpc.Runtime;

/// <summary>What one rank did: blittable, gathered by the root.</summary>
/// <param name="Rank">Its rank.</param>
/// <param name="Cells">Cells it owned at the end.</param>
/// <param name="Workload">W_i: work done [cell updates, unless the job counts otherwise].</param>
/// <param name="Capability">P_i: work per second, measured; or as given.</param>
/// <param name="ComputeSeconds">T_i: seconds in steps without waiting.</param>
/// <param name="WaitSeconds">Waiting for neighbours.</param>
/// <param name="SyncSeconds">In the sync protocol between steps.</param>
/// <param name="SyncPeriodSeconds">T_s: mean time from one meeting of all ranks to the next; NaN when they never met.</param>
public readonly record struct RankReport(int Rank, long Cells, double Workload, double Capability, double ComputeSeconds,
    double WaitSeconds, double SyncSeconds, double SyncPeriodSeconds)
{
    /// <summary>Measuring, deciding and moving for the sake of balance [s].</summary>
    public double BalanceSeconds { get; init; }

    /// <summary>Steps it took part in: all, where the number of particles stays.</summary>
    public long Steps { get; init; }

    /// <summary>λ_i = W_i / P_i: the time this rank needs for its work. Equal λ over ranks is perfect balance.</summary>
    public double Lambda => Capability > 0 ? Workload / Capability : 0;
}

/// <summary>What a run was and came to; complete on the root, where the ranks' reports are gathered.</summary>
/// <param name="Job">The job's name.</param>
/// <param name="Choices">Partition, balancing, sync and elasticity, in words.</param>
/// <param name="Steps">Steps done.</param>
/// <param name="Seconds">Wall time of loading, stepping and finishing.</param>
/// <param name="Observables">Combined over ranks after the last step; on every rank that took it.</param>
/// <param name="Ranks">One report a rank on the root, empty elsewhere.</param>
public sealed record RunResult(string Job, string Choices, long Steps, double Seconds,
    IReadOnlyDictionary<string, double> Observables, IReadOnlyList<RankReport> Ranks)
{
    /// <summary>What the partition promised and costs in messages, for the capabilities it was cut with; null away from the root.</summary>
    public PartitionQuality? Quality { get; init; }

    /// <summary>The same of the partition at the end, by cells and for the capabilities measured last; null where nothing was moved, and away from the root.</summary>
    public PartitionQuality? LastQuality { get; init; }

    /// <summary>What work is counted in. Default: updates of cells.</summary>
    public string WorkUnit { get; init; } = "updates";

    /// <summary>Wall time of the steps and what lies between them, without loading and writing.</summary>
    public double StepSeconds { get; init; }

    /// <summary>The moves of parts between ranks, oldest first.</summary>
    public IReadOnlyList<Migration> Migrations { get; init; } = [];

    /// <summary>Σ λ max / Σ λ mean over all steps: how many times longer the steps took than with perfect shares in every single one; NaN
    /// where no step was taken.</summary>
    public double StepImbalance { get; init; } = double.NaN;

    /// <summary>The changes of the number of particles, oldest first; on the root.</summary>
    public IReadOnlyList<ResizeReport> Resizes { get; init; } = [];

    /// <summary>What checkpoints were to the run; null where none were asked for.</summary>
    public CheckpointReport? Checkpoints { get; init; }

    /// <summary>What looking at its numbers came to; null where none was asked for.</summary>
    public IntegrityReport? Integrity { get; init; }

    /// <summary>What the job has to show in rows and columns; lines end in '\n'. Empty away from the root.</summary>
    public string Table { get; init; } = "";

    /// <summary>C = Σ W_i: all work done.</summary>
    public double TotalWork => Ranks.Sum(rank => rank.Workload);

    /// <summary>λ max / λ mean with the capabilities that were measured: the slowest rank's T over the mean, ≥ 1; 1 is perfect balance. NaN away
    /// from the root. Where the number of particles changed, <see cref="StepImbalance"/>: ranks that stood by were not slow.</summary>
    public double Imbalance => Ranks.Count == 0 ? double.NaN : Resizes.Count > 0 ? StepImbalance : Ranks.Max(rank => rank.ComputeSeconds) / Ranks.Average(rank => rank.ComputeSeconds);
}
