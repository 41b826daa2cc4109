using System.Diagnostics;
using SoraHpc.Communication;
using SoraHpc.Communication.Reductions;
using SoraHpc.Decomposition;
using SoraHpc.Diagnostics;
using SoraHpc.Runtime;
using SoraHpc.Runtime.Gathering;
using SoraHpc.Runtime.Resilience;
using SoraHpc.Storage;
using SoraHpc.Storage.Checkpoints;

namespace SoraHpc.Jobs.Welding;

/// <summary>
/// A laser goes over a plate, and where it is the steel's phase changes, which takes hundreds of times the work of a cold cell: the work
/// moves, and blocks can move after it. Read <see cref="Run"/>, then <see cref="Step"/>.
/// </summary>
public sealed class WeldingJob(WeldingOptions options, Hdf5Source data, WeldingKernel kernel) : IMigratingJob, IProbedJob, ICheckpointedJob
{
    private Field<double> now = null!, next = null!, fraction = null!;
    private HaloExchange<double> halosOfNow = null!, halosOfNext = null!;
    private Hdf5File output = null!;
    private int done;

    /// <summary>The whole job on every rank of a world. Collective.</summary>
    public static RunResult Run(Communicator world, WeldingOptions options, SoraOptions? soraOptions = null)
    {
        if (options.SlowRank >= world.Size)
            throw new UsageException($"rank {options.SlowRank} is to be slow, but there are only {world.Size} ranks");
        Hdf5Source data = new(options.DataFile, options.Dataset);
        WeldingKernel kernel = new(options.DiffusionNumber, options.Laser, options.SlowRank == world.Rank ? options.SlowFactor : 1);
        Sora sora = new(data, options.Partition, options.Balancing, options.Sync, options.Elasticity, soraOptions);
        return sora.Run(world, new WeldingJob(options, data, kernel));
    }

    /// <inheritdoc/>
    public string Name => "welding";

    /// <inheritdoc/>
    public bool IsDone => done == options.Steps;

    /// <inheritdoc/>
    public JobProgress Progress => new(options.Steps == 0 ? 1 : (double)done / options.Steps, "");

    /// <inheritdoc/>
    public double Probe() => kernel.Probe();

    /// <inheritdoc/>
    public void Prepare(Particle particle)
    {
        if (options.DiffusionNumber is not (> 0 and <= 0.2))
            throw new UsageException($"a diffusion number of {options.DiffusionNumber} is out of range: α·Δt/Δx² must be in (0, 0.2]");
        data.RequirePlane(particle.Partition.Grid);
        now = data[options.Dataset];
        next = particle.AddField<double>("next", data.HaloWidth);
        fraction = particle.AddField<double>("fraction");
        halosOfNow = particle.AddHaloExchange(HaloShape.Faces, now);
        halosOfNext = particle.AddHaloExchange(HaloShape.Faces, next);
        output = particle.Own(Hdf5File.Create(options.Output, particle.Communicator));
    }

    /// <summary>As in the heat job: insides while the halos travel, then rims; then every block's own cells. Every block is timed.</summary>
    public void Step(Particle particle)
    {
        Extent extent = particle.Partition.Grid.Extent;
        (double, double) middle = options.Laser.At(done, extent.Rows, extent.Columns);
        halosOfNow.Start();
        for (int i = 0; i < now.Patches.Count; i++)
        {
            long begun = Stopwatch.GetTimestamp();
            kernel.Conduct(now.Patches[i], next.Patches[i], now.Patches[i].Block.Shrink(1, extent));
            particle.CountPart(i, begun, 0);
        }
        halosOfNow.Finish();
        for (int i = 0; i < now.Patches.Count; i++)
        {
            long begun = Stopwatch.GetTimestamp();
            Block block = now.Patches[i].Block;
            foreach (Block box in block.Without(block.Shrink(1, extent)))
                kernel.Conduct(now.Patches[i], next.Patches[i], box);
            double work = kernel.Transform(next.Patches[i], fraction.Patches[i], middle);
            particle.CountPart(i, begun, block.Cells + work);
        }
        (now, next, halosOfNow, halosOfNext) = (next, now, halosOfNext, halosOfNow);
        done++;
    }

    /// <inheritdoc/>
    public ulong Fingerprint => ResultFingerprint.Of(ResultFingerprint.OfFile(options.DataFile), options.Dataset, options.Steps, options.DiffusionNumber,
        options.Laser.Power, options.Laser.Radius, options.Laser.Speed, options.Laser.Path);

    /// <inheritdoc/>
    public void Save(Particle particle, CheckpointWriter checkpoint)
    {
        checkpoint.AddField("temperature", particle, now);
        checkpoint.AddField("fraction", particle, fraction);
    }

    /// <inheritdoc/>
    public void Restore(Particle particle, CheckpointReader checkpoint)
    {
        checkpoint.ReadField("temperature", particle, now);
        checkpoint.ReadField("fraction", particle, fraction);
        done = (int)particle.Step;
    }

    /// <summary>Nothing to do: all the job keeps is in fields.</summary>
    public void Moved(Particle particle) { }

    /// <inheritdoc/>
    public void Observe(Particle particle, Observables observables)
    {
        ExactSum heat = observables.Sum("heat"), transformed = observables.Sum("cells transformed");
        double hottest = double.NegativeInfinity;
        for (int i = 0; i < now.Patches.Count; i++)
            for (long row = now.Patches[i].Block.Begin.Row; row < now.Patches[i].Block.End.Row; row++)
            {
                heat.Add(now.Patches[i].Row(row));
                transformed.Add(fraction.Patches[i].Row(row));
                foreach (double temperature in now.Patches[i].Row(row))
                    hottest = Math.Max(hottest, temperature);
            }
        observables.Max("hottest", hottest);
    }

    /// <inheritdoc/>
    public void Finish(Particle particle)
    {
        Write(particle, "temperature", "K", now);
        Write(particle, "fraction", "1", fraction);
        output.Commit();
    }

    private void Write(Particle particle, string name, string units, Field<double> field)
    {
        Extent extent = particle.Partition.Grid.Extent;
        using Hdf5Dataset dataset = output.CreateDataset<double>(name, [extent.Rows, extent.Columns], new DatasetLayout { EveryElementIsWritten = true });
        dataset.Attributes.WriteString("units", units);
        dataset.Attributes.Write("steps", done);
        FieldWriter.Write(particle, field, dataset);
    }
}
