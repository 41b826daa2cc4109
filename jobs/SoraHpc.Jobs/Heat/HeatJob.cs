using System.Numerics;
using System.Runtime.InteropServices;
using SoraHpc.Communication;
using SoraHpc.Communication.Reductions;
using SoraHpc.Decomposition;
using SoraHpc.Diagnostics;
using SoraHpc.Runtime;
using SoraHpc.Runtime.Gathering;
using SoraHpc.Runtime.Resilience;
using SoraHpc.Runtime.Synchronization;
using SoraHpc.Storage;
using SoraHpc.Storage.Checkpoints;

namespace SoraHpc.Jobs.Heat;

/// <summary>Heat spreading in a plate whose edge is kept at 0: the smallest whole job. Read <see cref="Run"/>, then <see cref="Step"/>.</summary>
public sealed class HeatJob(HeatOptions options, Hdf5Source data) : IMigratingJob, IProbedJob, ICheckedJob
{
    // Of one step of a cell, and what each makes of a number at most.
    private const double Roundings = 8, Unit = 1.0 / (1L << 53);

    private Field<double> now = null!, next = null!;
    private HaloExchange<double> halosOfNow = null!, halosOfNext = null!;
    private Hdf5File output = null!;
    private (double Least, double Most) bounds;
    private double heatAtStart, lost;
    private int done;

    /// <summary>The whole job on every rank of a world. Collective.</summary>
    public static RunResult Run(Communicator world, HeatOptions options, SoraOptions? soraOptions = null)
    {
        Hdf5Source data = new(options.DataFile, options.Dataset);
        Sora sora = new(data, options.Partition, options.Balancing, options.Sync, options.Elasticity, soraOptions);
        return sora.Run(world, new HeatJob(options, data));
    }

    /// <inheritdoc/>
    public string Name => "heat";

    /// <inheritdoc/>
    public bool IsDone => done == options.Steps;

    /// <inheritdoc/>
    public JobProgress Progress => new(options.Steps == 0 ? 1 : (double)done / options.Steps, "");

    /// <inheritdoc/>
    public void Prepare(Particle particle)
    {
        if (options.DiffusionNumber is not (> 0 and <= 0.25))
            throw new UsageException($"a diffusion number of {options.DiffusionNumber} is unstable: α·Δt/Δx² must be in (0, 0.25]");
        data.RequirePlane(particle.Partition.Grid);
        now = data[options.Dataset];
        next = particle.AddField<double>("next", data.HaloWidth);
        halosOfNow = particle.AddHaloExchange(HaloShape.Faces, now);
        halosOfNext = particle.AddHaloExchange(HaloShape.Faces, next);
        if (particle.IsChecked)
            (bounds, heatAtStart) = (BoundsOf(particle), particle.Communicator.Allreduce(Heat(), ReduceOperation.Sum));
        output = particle.Own(Hdf5File.Create(options.Output, particle.Communicator));      // a place that cannot be written is found now
    }

    /// <summary>The inside of every block is computed while the halos travel, then the rim.</summary>
    public void Step(Particle particle)
    {
        Extent extent = particle.Partition.Grid.Extent;
        if (particle.IsChecked)
            CountLoss(extent);
        halosOfNow.Start();
        for (int i = 0; i < now.Patches.Count; i++)
            HeatKernel.Step(now.Patches[i], next.Patches[i], now.Patches[i].Block.Shrink(1, extent), options.DiffusionNumber);
        halosOfNow.Finish();
        for (int i = 0; i < now.Patches.Count; i++)
            foreach (Block box in now.Patches[i].Block.Without(now.Patches[i].Block.Shrink(1, extent)))
                HeatKernel.Step(now.Patches[i], next.Patches[i], box, options.DiffusionNumber);
        (now, next, halosOfNow, halosOfNext) = (next, now, halosOfNext, halosOfNow);
        done++;
    }

    /// <summary>Nothing to do: all the job keeps is in fields.</summary>
    public void Moved(Particle particle) { }

    /// <inheritdoc/>
    public ulong Fingerprint => ResultFingerprint.Of(ResultFingerprint.OfFile(options.DataFile), options.Dataset, options.Steps, options.DiffusionNumber);

    /// <inheritdoc/>
    public void Save(Particle particle, CheckpointWriter checkpoint) => checkpoint.AddField("temperature", particle, now);

    /// <inheritdoc/>
    public void Restore(Particle particle, CheckpointReader checkpoint)
    {
        checkpoint.ReadField("temperature", particle, now);
        done = (int)particle.Step;
        if (particle.IsChecked)
            (heatAtStart, lost) = (particle.Communicator.Allreduce(Heat(), ReduceOperation.Sum), 0);
    }

    /// <summary>No cell becomes hotter or colder than the hottest and coldest cell or the edge was at the start: for r ≤ ¼ each step is a mean with
    /// weights that are not negative. And what is missing of the heat has left through the edge.</summary>
    public void Check(Particle particle, IntegrityChecks checks)
    {
        checks.Range("temperature", now, bounds.Least, bounds.Most);
        double rounding = particle.Partition.Grid.Extent.Cells * options.Steps * Roundings * Unit * Math.Max(-bounds.Least, bounds.Most);
        checks.Sum("heat", Heat() + lost, heatAtStart - rounding, heatAtStart + rounding);
    }

    // Before a step: it takes r of every cell beside the edge, twice at a corner.
    private void CountLoss(Extent extent)
    {
        double beside = 0;
        foreach (Patch<double> patch in now.Patches)
        {
            Block block = patch.Block;
            beside += block.Begin.Row == 0 ? Sum(patch.Row(0)) : 0;
            beside += block.End.Row == extent.Rows ? Sum(patch.Row(extent.Rows - 1)) : 0;
            for (long row = block.Begin.Row; row < block.End.Row; row++)
                beside += (block.Begin.Column == 0 ? patch.Row(row)[0] : 0) + (block.End.Column == extent.Columns ? patch.Row(row)[^1] : 0);
        }
        lost += options.DiffusionNumber * beside;
    }

    private double Heat()
    {
        double sum = 0;
        foreach (Patch<double> patch in now.Patches)
            for (long row = patch.Block.Begin.Row; row < patch.Block.End.Row; row++)
                sum += Sum(patch.Row(row));
        return sum;
    }

    private static double Sum(ReadOnlySpan<double> values)
    {
        Vector<double> sum = Vector<double>.Zero;
        ReadOnlySpan<Vector<double>> vectors = MemoryMarshal.Cast<double, Vector<double>>(values);
        foreach (Vector<double> some in vectors)
            sum += some;
        double all = Vector.Sum(sum);
        foreach (double value in values[(vectors.Length * Vector<double>.Count)..])
            all += value;
        return all;
    }

    // What data are at the start, and the edge's 0, widened by all steps' rounding.
    private (double, double) BoundsOf(Particle particle)
    {
        double least = 0, most = 0;
        foreach (Patch<double> patch in now.Patches)
            for (long row = patch.Block.Begin.Row; row < patch.Block.End.Row; row++)
                foreach (double value in patch.Row(row))
                    (least, most) = (Math.Min(least, value), Math.Max(most, value));
        (least, most) = (particle.Communicator.Allreduce(least, ReduceOperation.Min), particle.Communicator.Allreduce(most, ReduceOperation.Max));
        double rounding = options.Steps * Roundings * Unit * Math.Max(-least, most);
        return (least - rounding, most + rounding);
    }

    /// <inheritdoc/>
    public double Probe() => HeatKernel.Probe(options.DiffusionNumber);

    /// <inheritdoc/>
    public void Observe(Particle particle, Observables observables)
    {
        ExactSum heat = observables.Sum("heat");
        foreach (Patch<double> patch in now.Patches)
            for (long row = patch.Block.Begin.Row; row < patch.Block.End.Row; row++)
                heat.Add(patch.Row(row));
    }

    /// <inheritdoc/>
    public void Finish(Particle particle)
    {
        Extent extent = particle.Partition.Grid.Extent;
        using (Hdf5Dataset temperature = output.CreateDataset<double>("temperature", [extent.Rows, extent.Columns], new DatasetLayout { EveryElementIsWritten = true }))
        {
            temperature.Attributes.WriteString("units", "K");
            temperature.Attributes.Write("steps", done);
            FieldWriter.Write(particle, now, temperature);
        }
        output.Commit();
    }
}
