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
/// <param name="options">What does not change the numbers: who watches, checkpoints, checks. Null: none of these.</param>
public sealed class Sora(IDataSource data, IPartitioner partition, IBalancer balancing, ISyncProtocol sync, IElasticity elasticity, SoraOptions? options = null)
{
    private readonly IRunObserver? observer = options?.Observer;
    private readonly CheckpointOptions? checkpointing = options?.Checkpoints;
    private readonly IntegrityOptions? integrity = options?.Integrity;

    /// <summary>What the last <see cref="Run"/> came to.</summary>
    public RunResult Result { get; private set; } = new("", "", 0, 0, new Dictionary<string, double>(), []);

    /// <summary>Runs the job on all ranks of <paramref name="world"/>, until it says it is done. Collective: every rank calls it with equal choices and a job of its
    /// own.</summary>
    /// <returns>What it came to; complete on the root.</returns>
    /// <exception cref="UsageException">The choices ask for what the job cannot do: checks, checkpoints, blocks that move, ranks that come and go.</exception>
    /// <exception cref="SoraException">The data cannot be loaded, the ranks disagree on a cut or a move, or the job fails.</exception>
    /// <exception cref="RunStoppedException">Asked to end early, by <see cref="CheckpointOptions.Stop"/>; on every rank, after the same step.</exception>
    public RunResult Run(Communicator world, IJob job)
    {
        Refuse(job);
        RunTotals totals = new(world);
        Grid grid = data.Open(world);                                               // how large is the problem
        double[] capabilities = balancing.Capabilities(world, job);                 // what can every rank do
        using Crew crew = new(world, elasticity, grid.Extent.Cells);                // how many take part
        Division? division = null;
        do
        {
            division = Divide(grid, capabilities.AsSpan(0, crew.Size), division);   // cells → parts → ranks
            if (crew.Active is { } ranks)
                Compute(ranks, job, division, capabilities, crew, totals);          // to the end, or until others are to take part
        }
        while (crew.GoesOn());
        if (crew.StoppedAt is { } step)
            throw new RunStoppedException(step, checkpointing!.Directory!);         // one that stood by
        if (checkpointing is not null && crew.Size < world.Size)
            Checkpointer.Forget(world);
        if (world.IsRoot)
            observer?.Finished();
        return Result = totals.Gather(job.Name, $"{partition}; {balancing}; sync {sync}; {elasticity}", integrity is not null) with { Resizes = crew.Resizes };
    }

    // After a change of the number of particles those that stay keep what they can.
    private Division Divide(Grid grid, ReadOnlySpan<double> capabilities, Division? before)
    {
        Division division = partition.Cut(grid, capabilities);
        return before is null ? division : division.Near(before, capabilities);
    }

    private void Compute(Communicator ranks, IJob job, Division division, double[] capabilities, Crew crew, RunTotals totals)
    {
        using Checkpointer? checkpoints = OpenCheckpoints(ranks, job, division.Partition.Grid, crew, totals);     // where does it go on from
        Agreement.Check(ranks, division.Fingerprint, $"{partition} divided the grid otherwise here than on rank 0: it must give the same answer on every rank");
        bool isRestarted = (crew.State ?? checkpoints?.Start) is not null;
        using Particle particle = new(ranks, division.Partition, division.Placement, balancing.GivenCapability(ranks.Rank)) { IsRestarted = isRestarted, IsChecked = integrity is not null };
        TraceScope loading = TraceScope.Of(ranks.Tracer, RankActivity.Load);
        data.Load(particle);                                                        // file → this rank's blocks
        job.Prepare(particle);
        Restore(crew, checkpoints, particle, job);                                  // other ranks, or a checkpoint → this rank's blocks
        loading.Dispose();

        SyncPoint point = new(particle, job);
        BalancePoint shares = new(particle, job, capabilities.AsSpan(0, ranks.Size));
        LoadWatch loads = new(particle.Halos, totals.Loads);
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
            if (ranks.IsRoot)
                observer?.AfterStep(particle.Step, job.Progress, loads.Latest);
            if (!job.IsDone && crew.IsToChange(particle.Step, particle.Workload) && guard?.SendsBackNow() != true)
                break;                                                              // others go on with it
        }
        loads.Finish();
        if (checkpoints is { IsStopped: true })
        {
            crew.Stop(particle.Step);
            throw checkpoints.Stopped(particle.Step);                               // asked to end early: another run goes on from here
        }
        checkpoints?.Complete();
        totals.Add(point, shares, loads, guard, checkpoints, stepping);
        if (!job.IsDone)
        {
            ICheckpointedJob saving = (ICheckpointedJob)job;                        // this rank's blocks → those who go on
            crew.Save(new(job.Name, saving.Fingerprint, particle.Step, particle.Step), checkpoint => saving.Save(particle, checkpoint));
            return;
        }
        point.Combine();                                                            // the final observables
        using (TraceScope.Of(ranks.Tracer, RankActivity.Finish))
            job.Finish(particle);                                                   // gather, write
        PartitionQuality? quality = ranks.IsRoot ? PartitionQuality.Of(division, capabilities.AsSpan(0, ranks.Size)) : null;
        totals.End(point, checkpoints?.Finish(), quality, shares.QualityAfterMoves());
    }

    private void Refuse(IJob job)
    {
        if (integrity is not null && job is not ICheckedJob)
            throw new UsageException($"{job.Name} does not say how its numbers can be looked at: run it without checks");
        if (elasticity.Interval != 0 && job is not ICheckpointedJob)
            throw new UsageException($"{job.Name} cannot hand its state to other ranks: run it on a fixed number (elasticity \"{elasticity}\" changes it between steps)");
        if (balancing.MovesParts && job is not IMigratingJob)
            throw new UsageException($"{job.Name} keeps its blocks where they are: take a static balancer (balancing \"{balancing}\" moves blocks between steps)");
    }

    private Checkpointer? OpenCheckpoints(Communicator ranks, IJob job, Grid grid, Crew crew, RunTotals totals)
    {
        if (checkpointing is null)
            return null;
        if (job is not ICheckpointedJob && checkpointing is { Directory: null, Copies.PartOfTime: not null })
            return null;                                        // copies that were not asked for at a given interval: a failure begins again
        if (job is not ICheckpointedJob saving)
            throw new UsageException($"{job.Name} leaves no checkpoints: run it without");
        Extent extent = grid.Extent;
        ulong fingerprint = ResultFingerprint.Of(saving.Fingerprint, extent.Planes, extent.Rows, extent.Columns);
        return new(ranks, checkpointing, job.Name, fingerprint, crew.State is null ? null : crew.Step, totals.Checkpoints);
    }

    private static void Restore(Crew crew, Checkpointer? checkpoints, Particle particle, IJob job)
    {
        if ((crew.State ?? checkpoints?.Start) is not { } state)
            return;
        particle.RestartAt(state.Header.Step);
        ((ICheckpointedJob)job).Restore(particle, state);
        if (crew.State is null)
            checkpoints!.Restored();
        crew.Settle(particle.Step);
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
}
