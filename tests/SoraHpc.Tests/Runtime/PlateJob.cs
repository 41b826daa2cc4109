using SoraHpc.Communication;
using SoraHpc.Decomposition;
using SoraHpc.Jobs.Heat;
using SoraHpc.Runtime;

namespace SoraHpc.Tests.Runtime;

/// <summary>A plate in memory as a data source, and the heat kernel on it as a job: the run time's tests need no file.</summary>
internal sealed class Plate(double[,] start) : IDataSource
{
    public Grid Open(Communicator world) => new(new Extent(start.GetLength(0), start.GetLength(1)), PeriodicBoundary.Walls) { Weights = Weights };

    internal double[] Weights { get; init; } = [];

    public void Load(Particle particle)
    {
        Temperature = particle.AddField<double>("temperature", haloWidth: 1);
        foreach (Patch<double> patch in Temperature.Patches)
            for (long row = patch.Block.Begin.Row; row < patch.Block.End.Row; row++)
                for (long column = patch.Block.Begin.Column; column < patch.Block.End.Column; column++)
                    patch[new(row, column)] = start[row, column];
    }

    internal Field<double> Temperature { get; private set; } = null!;
}

internal sealed class PlateJob(Plate plate, int steps, double[,] result) : IJob
{
    private Field<double> now = null!, next = null!;
    private HaloExchange<double> fromNow = null!, fromNext = null!;
    private int done;

    public string Name => "plate";
    public bool IsDone => done == steps;
    public JobProgress Progress => new((double)done / steps, $"step {done}");
    internal Action<int>? OnStep { get; init; }
    internal Action<Particle>? OnPrepare { get; init; }

    public void Prepare(Particle particle)
    {
        now = plate.Temperature;
        next = particle.AddField<double>("next", haloWidth: 1);
        fromNow = particle.AddHaloExchange(HaloShape.Faces, now);
        fromNext = particle.AddHaloExchange(HaloShape.Faces, next);
        OnPrepare?.Invoke(particle);
    }

    public void Step(Particle particle)
    {
        OnStep?.Invoke(particle.Rank);
        Extent extent = particle.Partition.Grid.Extent;
        fromNow.Start();
        Advance(patch => [patch.Block.Shrink(1, extent)]);
        fromNow.Finish();
        Advance(patch => patch.Block.Without(patch.Block.Shrink(1, extent)));
        (now, next, fromNow, fromNext) = (next, now, fromNext, fromNow);
        done++;
    }

    public void Observe(Particle particle, Observables observables)
    {
        var heat = observables.Sum("heat");
        double hottest = double.NegativeInfinity;
        foreach (Patch<double> patch in now.Patches)
            for (long row = patch.Block.Begin.Row; row < patch.Block.End.Row; row++)
            {
                heat.Add(patch.Row(row));
                foreach (double value in patch.Row(row))
                    hottest = Math.Max(hottest, value);
            }
        observables.Max("hottest", hottest);
    }

    public void Finish(Particle particle)
    {
        foreach (Patch<double> patch in now.Patches)                  // ranks are threads: every one fills its own part
            for (long row = patch.Block.Begin.Row; row < patch.Block.End.Row; row++)
                for (long column = patch.Block.Begin.Column; column < patch.Block.End.Column; column++)
                    result[row, column] = patch[new(row, column)];
    }

    private void Advance(Func<Patch<double>, IEnumerable<Block>> boxes)
    {
        for (int i = 0; i < now.Patches.Count; i++)
            foreach (Block box in boxes(now.Patches[i]))
                HeatKernel.Step(now.Patches[i], next.Patches[i], box, 0.2);
    }
}
