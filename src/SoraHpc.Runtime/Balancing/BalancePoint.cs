using System.Diagnostics;
using SoraHpc.Communication;
using SoraHpc.Decomposition;
using SoraHpc.Diagnostics;

namespace SoraHpc.Runtime.Balancing;

/// <summary>What a balancer knows after a step, and can ask for.</summary>
public sealed class BalancePoint
{
    // Weight of the newest measurement in the moving average of a rank's capability: a rank that becomes slower is believed after a
    // few looks, one that was disturbed once is not.
    private const double Newest = 0.5;

    private readonly double[] assumed, capabilities;
    private readonly List<Migration> migrations = [];
    private long measuredStep;
    private int measurements;
    private double computeBefore, measureSeconds;

    /// <param name="assumed">The capabilities the grid was cut with [relative].</param>
    internal BalancePoint(Particle particle, IJob job, ReadOnlySpan<double> assumed)
    {
        (Particle, Job) = (particle, job);
        this.assumed = assumed.ToArray();
        capabilities = new double[assumed.Length];
        measuredStep = particle.Step;
    }

    /// <summary>This rank's share.</summary>
    public Particle Particle { get; }

    /// <summary>The job that runs.</summary>
    public IJob Job { get; }

    /// <summary>Steps done.</summary>
    public long Step => Particle.Step;

    /// <summary>The blocks, and which rank holds which now.</summary>
    public Division Division => new(Particle.Partition, Particle.Placement);

    /// <summary>Steps that are left as far as the job's progress tells; as many as were done where it tells nothing.</summary>
    public double StepsLeft => Job.Progress.Fraction is > 0 and <= 1 and var done ? Step * (1 - done) / done : Step;

    /// <summary>The balancer is asked after this step and not before: it sets when it wants to look again, the same on every rank.</summary>
    public long NextLook { get; set; } = 1;

    /// <summary>The moves so far, oldest first; the same on every rank.</summary>
    public IReadOnlyList<Migration> Migrations => migrations;

    /// <summary>What the last <see cref="Measure"/> found; null before the first.</summary>
    public MeasuredLoad? Load { get; private set; }

    /// <summary>Seconds this rank has spent measuring, deciding and moving.</summary>
    internal double Seconds { get; set; }

    /// <summary>
    /// Gathers what every part and rank cost since the last call: one allgather of two numbers a part and three a rank. The same answer on
    /// every rank. Collective; after a step or more.
    /// </summary>
    public MeasuredLoad Measure()
    {
        long begun = Stopwatch.GetTimestamp();
        long steps = Step - measuredStep;
        if (steps < 1)
            throw new InvalidOperationException("there is nothing to measure: no step has been taken since the last measurement");
        LoadSample sample = LoadSample.Gather(Particle, Particle.ComputeSeconds - computeBefore, measureSeconds, steps);
        (measuredStep, computeBefore) = (Step, Particle.ComputeSeconds);
        Follow(sample, measurements++ < 2 ? 1 : Newest);        // the first, with compiling in it, is no part of the average
        Load = new(Particle.Placement, steps, PerStep(sample.Compute, steps), PerStep(sample.PartSeconds, steps), PerStep(sample.PartWork, steps),
            Particle.BytesOfParts(), Known(), sample.PlanSeconds, sample.MeasureSeconds);
        if (migrations.Count > 0 && double.IsNaN(migrations[^1].After))
            migrations[^1] = migrations[^1] with { After = Load.Imbalance };
        Particle.ForgetParts();
        double took = Stopwatch.GetElapsedTime(begun).TotalSeconds;
        if (measurements > 1)
            measureSeconds = measureSeconds > 0 ? Math.Min(measureSeconds, took) : took;
        return Load;
    }

    /// <summary>Does what the balancer answered. Collective after a step with a measurement, else nothing.</summary>
    internal void Apply(Placement? answer)
    {
        if (measuredStep != Step)
        {
            if (answer is not null)
                throw new InvalidOperationException("a balancer moves parts only in a call that has measured: only there do all ranks meet to agree");
            return;
        }
        Placement next = answer ?? Particle.Placement;
        Agreement.Check(Particle.Halos, next.Fingerprint, "the balancer decided otherwise here than on rank 0: it must decide by what Measure gives, alone");
        if (next.Parts != Particle.Placement.Parts || next.Ranks != Particle.Placement.Ranks)
            throw new SoraException($"the balancer placed {next.Parts} parts on {next.Ranks} ranks, but there are {Particle.Placement.Parts} on {Particle.Placement.Ranks}");
        if (next.Fingerprint != Particle.Placement.Fingerprint)
            Move(next);
    }

    /// <summary>Of the division that the moves led to, for people; null where there were none, and away from the root.</summary>
    internal PartitionQuality? QualityAfterMoves() =>
        migrations.Count > 0 && Particle.Communicator.IsRoot ? PartitionQuality.Of(Division, [.. Load!.Capabilities]) : null;

    private void Move(Placement next)
    {
        Placement last = Particle.Placement;
        long[] bytes = Particle.BytesOfParts(), through = new long[next.Ranks];
        int[] moved = [.. Enumerable.Range(0, next.Parts).Where(part => last.RankOf(part) != next.RankOf(part))];
        foreach (int part in moved)
        {
            through[last.RankOf(part)] += bytes[part];
            through[next.RankOf(part)] += bytes[part];
        }
        long begun = Stopwatch.GetTimestamp();
        Particle.Move(next);
        double moveSeconds = Stopwatch.GetElapsedTime(begun).TotalSeconds;
        Particle.SetUpExchanges();
        ((IMigratingJob)Job).Moved(Particle);
        Span<double> slowest = [moveSeconds, Particle.PlanSeconds];
        Particle.Halos.Allreduce(slowest, ReduceOperation.Max);
        migrations.Add(new(Step, moved.Length, moved.Sum(part => bytes[part]), through.Max(), slowest[0], slowest[1],
            Load!.Imbalance, MeasuredLoad.ImbalanceOf(Load.Predict(next)), double.NaN));
    }

    private void Follow(LoadSample sample, double weight)
    {
        double[] work = new double[capabilities.Length];
        for (int part = 0; part < sample.PartWork.Length; part++)
            work[Particle.Placement.RankOf(part)] += sample.PartWork[part];
        for (int rank = 0; rank < work.Length; rank++)
            if (work[rank] > 0 && sample.Compute[rank] > 0)
            {
                double now = work[rank] / sample.Compute[rank];
                capabilities[rank] = capabilities[rank] > 0 ? weight * now + (1 - weight) * capabilities[rank] : now;
            }
    }

    // A rank that never held a part counts as it was assumed to, beside those that were measured.
    private double[] Known()
    {
        double scale = 0;
        int known = 0;
        for (int rank = 0; rank < capabilities.Length; rank++)
            if (capabilities[rank] > 0)
            {
                scale += capabilities[rank] / assumed[rank];
                known++;
            }
        scale = known > 0 ? scale / known : 1;
        return [.. capabilities.Select((capability, rank) => capability > 0 ? capability : assumed[rank] * scale)];
    }

    private static double[] PerStep(double[] sums, long steps) => Array.ConvertAll(sums, sum => sum / steps);
}
