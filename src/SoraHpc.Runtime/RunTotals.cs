using System.Diagnostics;
using SoraHpc.Communication;
using SoraHpc.Decomposition;
using SoraHpc.Runtime.Balancing;
using SoraHpc.Runtime.Elasticity;
using SoraHpc.Runtime.Resilience;
using SoraHpc.Runtime.Synchronization;

namespace SoraHpc.Runtime;

/// <summary>What a rank has to report of a run, over all the particles it has been.</summary>
internal sealed class RunTotals(Communicator world)
{
    private readonly long begun = Stopwatch.GetTimestamp();
    private readonly List<Migration> migrations = [];
    private readonly List<string> wentBack = [];
    private RankReport own = new(world.Rank, 0, 0, 0, 0, 0, 0, double.NaN);
    private double? given;
    private double stepSeconds;
    private int meetings;
    private long looks;
    private RunResult end = new("", "", 0, 0, new Dictionary<string, double>(), []);

    /// <summary>λ of every step so far; null before the first particle.</summary>
    internal LoadWatch? Loads { get; private set; }

    /// <summary>The last particle's, whose counts the next goes on with; null where there are none.</summary>
    internal Checkpointer? Checkpoints { get; private set; }

    /// <summary>The particle has taken its last step, of the run or before a resize.</summary>
    /// <param name="stepping">When it took its first (<see cref="Stopwatch.GetTimestamp"/>).</param>
    internal void Add(SyncPoint point, BalancePoint shares, LoadWatch loads, IntegrityGuard? guard, Checkpointer? checkpoints, long stepping)
    {
        RankReport last = point.Particle.Report(point.Meetings);
        stepSeconds += Stopwatch.GetElapsedTime(stepping).TotalSeconds;
        (Loads, Checkpoints, given) = (loads, checkpoints, point.Particle.GivenCapability);
        meetings += point.Meetings;
        migrations.AddRange(shares.Migrations);
        looks += guard?.Report.Looks ?? 0;
        wentBack.AddRange(guard?.Report.WentBack ?? []);
        own = own with
        {
            Workload = own.Workload + last.Workload, ComputeSeconds = own.ComputeSeconds + last.ComputeSeconds, WaitSeconds = own.WaitSeconds + last.WaitSeconds,
            SyncSeconds = own.SyncSeconds + last.SyncSeconds, BalanceSeconds = own.BalanceSeconds + shares.Seconds, Steps = own.Steps + point.Particle.StepsHere,
        };
    }

    /// <summary>The job is done.</summary>
    internal void End(SyncPoint point, CheckpointReport? saved, PartitionQuality? quality, PartitionQuality? lastQuality)
    {
        own = own with { Cells = point.Particle.Cells };
        end = end with { Steps = point.Particle.Step, Observables = point.Observables.Values.ToDictionary(), Checkpoints = saved, Quality = quality, LastQuality = lastQuality };
    }

    /// <summary>All of it, with all ranks' reports on the root. Collective over the world, after the end.</summary>
    internal RunResult Gather(string job, string choices, bool isChecked)
    {
        double measured = own.ComputeSeconds > 0 ? own.Workload / own.ComputeSeconds : 0;
        own = own with
        {
            Capability = given ?? measured,
            SyncPeriodSeconds = meetings > 0 ? (own.ComputeSeconds + own.WaitSeconds + own.SyncSeconds) / meetings : double.NaN,
        };
        RankReport[] all = new RankReport[world.IsRoot ? world.Size : 0];
        world.Gather(new ReadOnlySpan<RankReport>(in own), all);
        return end with
        {
            Job = job, Choices = choices, Seconds = Stopwatch.GetElapsedTime(begun).TotalSeconds, Ranks = all, Migrations = migrations,
            StepSeconds = stepSeconds, StepImbalance = Loads?.Mean ?? double.NaN, Integrity = isChecked ? new(looks, wentBack) : null,
        };
    }
}
