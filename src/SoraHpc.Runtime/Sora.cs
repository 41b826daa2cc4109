using System.Diagnostics;
using SoraHpc.Communication;
using SoraHpc.Decomposition;
using SoraHpc.Diagnostics;
using SoraHpc.Diagnostics.Tracing;
using SoraHpc.Runtime.Balancing;
using SoraHpc.Runtime.Elasticity;
using SoraHpc.Runtime.Resilience;
using SoraHpc.Runtime.Synchronization;
using SoraHpc.Storage.Checkpoints;

namespace SoraHpc.Runtime;

/// <summary>
/// A run: each rank becomes a particle that owns a share of the data, computes it step by step, meets the others by the sync
/// protocol, and the root gathers what came of it. The five choices are independent of each other and of the job.
/// </summary>
/// <param name="data">Where the data comes from.</param>
/// <param name="partition">How the grid is cut.</param>
/// <param name="balancing">How shares follow capability.</param>
/// <param name="sync">How ranks keep together.</param>
/// <param name="elasticity">How many particles there are.</param>
public sealed class Sora(IDataSource data, IPartitioner partition, IBalancer balancing, ISyncProtocol sync, IElasticity elasticity, SoraOptions? options = null)
{
    private readonly IRunObserver? observer = options?.Observer;
    private readonly CheckpointOptions? checkpointing = options?.Checkpoints;
    private readonly IntegrityOptions? integrity = options?.Integrity;

    /// <summary>What the last <see cref="Run"/> came to.</summary>
    public RunResult Result { get; private set; } = new("", "", 0, 0, new Dictionary<string, double>(), []);

    /// <summary>Runs the job on all ranks of <paramref name="world"/>. Collective.</summary>
    /// <exception cref="RunStoppedException">Asked to end early, by <see cref="CheckpointOptions.Stop"/>; on every rank, after the same step.</exception>
    public RunResult Run(Communicator world, IJob job)
    {
        Refuse(job);
        long begun = Stopwatch.GetTimestamp();
        Grid grid = data.Open(world);                                               // how large is the problem
        using Checkpointer? checkpoints = OpenCheckpoints(world, job, grid);        // where does it go on from
        double[] capabilities = balancing.Capabilities(world, job);                 // what can every rank do
        int particles = elasticity.Particles(world.Size, grid.Extent.Cells);        // how many take part
        Division division = partition.Cut(grid, capabilities.AsSpan(0, particles)); // cells → parts → ranks
        Agreement.Check(world, division.Fingerprint, $"{partition} divided the grid otherwise here than on rank 0: it must give the same answer on every rank");
        using Particle particle = new(world, division.Partition, division.Placement, balancing.GivenCapability(world.Rank)) { IsRestarted = checkpoints?.Start is not null, IsChecked = integrity is not null };
        TraceScope loading = TraceScope.Of(world.Tracer, RankActivity.Load);
        data.Load(particle);                                                        // file → this rank's blocks
        job.Prepare(particle);
        Restore(checkpoints, particle, job);                                        // checkpoint → this rank's blocks
        loading.Dispose();

        SyncPoint point = new(particle, job);
        BalancePoint shares = new(particle, job, capabilities.AsSpan(0, particles));
        LoadWatch loads = new(particle.Halos);
        using IntegrityGuard? guard = integrity is null ? null : new(particle, (ICheckedJob)job, integrity, checkpoints);
        Action<CheckpointWriter> save = checkpoint => Save(guard, particle, job, checkpoint);
        checkpoints?.Begin(particle.Step, save);                                    // a copy to go back to
        long stepping = Stopwatch.GetTimestamp();
        while (!job.IsDone && checkpoints is not { IsStopped: true })
        {
            particle.TakeStep(job);                                                 // compute, halos exchanged inside
            particle.Meet(sync, point);                                             // meet the others
            Balance(shares);                                                        // parts follow what they were seen to cost
            if (guard?.SendsBack() == true)                                         // numbers that cannot be right: the steps are repeated
                continue;
            if (!job.IsDone)
                checkpoints?.AfterStep(particle.Step, save);                        // what a later run can go on from
            loads.AfterStep(particle.Step, particle.ComputeSeconds);                // λ of every step; nobody waits
            if (world.IsRoot)
                observer?.AfterStep(particle.Step, job.Progress, loads.Latest);
        }
        loads.Finish();
        if (checkpoints is { IsStopped: true })
            throw checkpoints.Stopped(particle.Step);                               // asked to end early: another run goes on from here
        checkpoints?.Complete();
        double stepSeconds = Stopwatch.GetElapsedTime(stepping).TotalSeconds;
        int meetings = point.Meetings;
        point.Combine();                                                            // the final observables
        using (TraceScope.Of(world.Tracer, RankActivity.Finish))
            job.Finish(particle);                                                   // gather, write
        CheckpointReport? saved = checkpoints?.Finish();
        if (world.IsRoot)
            observer?.Finished();
        PartitionQuality? quality = world.IsRoot ? PartitionQuality.Of(division, capabilities.AsSpan(0, particles)) : null;
        return Result = Gather(point, meetings, shares.Seconds, begun) with
        {
            Quality = quality, LastQuality = shares.QualityAfterMoves(), Migrations = shares.Migrations, StepSeconds = stepSeconds, StepImbalance = loads.Mean,
            Checkpoints = saved, Integrity = guard?.Report,
        };
    }

    private void Refuse(IJob job)
    {
        if (integrity is not null && job is not ICheckedJob)
            throw new UsageException($"{job.Name} does not say how its numbers can be looked at: run it without checks");
        if (balancing.MovesParts && job is not IMigratingJob)
            throw new UsageException($"{job.Name} keeps its blocks where they are: take a static balancer (balancing \"{balancing}\" moves blocks between steps)");
    }

    private Checkpointer? OpenCheckpoints(Communicator world, IJob job, Grid grid)
    {
        if (checkpointing is null)
            return null;
        if (job is not ICheckpointedJob && checkpointing is { Directory: null, Copies.PartOfTime: not null })
            return null;                                        // copies that were not asked for at a given interval: a failure begins again
        if (job is not ICheckpointedJob saving)
            throw new UsageException($"{job.Name} leaves no checkpoints: run it without");
        Extent extent = grid.Extent;
        return new(world, checkpointing, job.Name, ResultFingerprint.Of(saving.Fingerprint, extent.Planes, extent.Rows, extent.Columns));
    }

    private static void Restore(Checkpointer? checkpoints, Particle particle, IJob job)
    {
        if (checkpoints?.Start is not { } checkpoint)
            return;
        particle.RestartAt(checkpoints.StartStep);
        ((ICheckpointedJob)job).Restore(particle, checkpoint);
        checkpoints.Restored();
    }

    private static void Save(IntegrityGuard? guard, Particle particle, IJob job, CheckpointWriter checkpoint)
    {
        guard?.Look();                                          // what is saved must be right
        ((ICheckpointedJob)job).Save(particle, checkpoint);
    }

    private void Balance(BalancePoint shares)
    {
        if (!balancing.MovesParts || shares.Step < shares.NextLook)
            return;
        using TraceScope span = TraceScope.Of(shares.Particle.Communicator.Tracer, RankActivity.Migrate);
        long begun = Stopwatch.GetTimestamp();
        shares.Apply(balancing.Rebalance(shares));
        shares.Seconds += Stopwatch.GetElapsedTime(begun).TotalSeconds;
    }

    private RunResult Gather(SyncPoint point, int meetings, double balanceSeconds, long begun)
    {
        Particle particle = point.Particle;
        RankReport own = particle.Report(meetings) with { BalanceSeconds = balanceSeconds };
        RankReport[] all = new RankReport[particle.Communicator.IsRoot ? particle.Communicator.Size : 0];
        particle.Communicator.Gather(new ReadOnlySpan<RankReport>(in own), all);
        return new(point.Job.Name, $"{partition}; {balancing}; sync {sync}; {elasticity}", particle.Step,
            Stopwatch.GetElapsedTime(begun).TotalSeconds, point.Observables.Values.ToDictionary(), all);
    }
}
