using SoraHpc.Communication;
using SoraHpc.Decomposition;
using SoraHpc.Runtime;

namespace SoraHpc.Tests.Contracts;

/// <summary>Cells numbered in a grid with walls, as a data source.</summary>
internal sealed class Numbered(Extent extent, int haloWidth) : IDataSource
{
    internal Field<double> Values { get; private set; } = null!;

    public Grid Open(Communicator world) => new(extent, PeriodicBoundary.Walls);

    public void Load(Particle particle)
    {
        Values = particle.AddField<double>("values", haloWidth);
        foreach (Patch<double> patch in Values.Patches)
            foreach (Cell cell in patch.Block.CellsInOrder())
                patch[cell] = Math.Sin(1 + cell.Plane * 31 + cell.Row * 7 + cell.Column);
    }
}

/// <summary>
/// Mixes fields of several types and halos so that a bit lost or a halo forgotten anywhere changes the result: sums over stars and boxes,
/// a count kept for every cell, and halo cells beyond the walls that are set once and for all.
/// </summary>
internal sealed class MixingJob(Numbered data, int steps) : IMigratingJob
{
    private const double BeyondTheWalls = 0.375;

    private Field<double> now = null!, next = null!;
    private Field<float> box = null!;
    private HaloExchange<double> halosOfNow = null!, halosOfNext = null!;
    private HaloExchange<float> boxHalos = null!;
    private int done;

    public string Name => "mixing";
    public bool IsDone => done == steps;
    public JobProgress Progress => new((double)done / steps, "");

    internal Field<int> Counts { get; private set; } = null!;
    internal double[] Gathered { get; private set; } = [];
    internal int[] GatheredCounts { get; private set; } = [];
    internal int Moves { get; private set; }
    internal Action<Particle>? OnMoved { get; init; }
    internal Action<Particle>? OnStep { get; init; }

    public void Prepare(Particle particle)
    {
        (now, next) = (data.Values, particle.AddField<double>("next", data.Values.HaloWidth));
        box = particle.AddField<float>("box", 1);
        Counts = particle.AddField<int>("counts");
        foreach (Field<double> field in (Field<double>[])[now, next])
            foreach (Patch<double> patch in field.Patches)
                foreach (Cell cell in patch.Padded.CellsInOrder())
                    if (!particle.Partition.Grid.Extent.Whole.Contains(cell))
                        patch[cell] = BeyondTheWalls;
        halosOfNow = particle.AddHaloExchange(HaloShape.Faces, now);
        halosOfNext = particle.AddHaloExchange(HaloShape.Faces, next);
        boxHalos = particle.AddHaloExchange(HaloShape.Box, box);
    }

    public void Step(Particle particle)
    {
        OnStep?.Invoke(particle);
        Extent extent = particle.Partition.Grid.Extent;
        halosOfNow.Exchange();
        for (int i = 0; i < now.Patches.Count; i++)
            foreach (Cell cell in now.Patches[i].Block.CellsInOrder())
                box.Patches[i][cell] = (float)Star(now.Patches[i], cell, extent);
        boxHalos.Exchange();
        for (int i = 0; i < now.Patches.Count; i++)
            foreach (Cell cell in now.Patches[i].Block.CellsInOrder())
            {
                next.Patches[i][cell] = 0.5 * now.Patches[i][cell] + Corners(box.Patches[i], cell, extent);
                Counts.Patches[i][cell] += 1 + (int)(cell.Column + done) % 3;
            }
        (now, next, halosOfNow, halosOfNext) = (next, now, halosOfNext, halosOfNow);
        done++;
    }

    public void Moved(Particle particle)
    {
        Moves++;
        OnMoved?.Invoke(particle);
    }

    public void Observe(Particle particle, Observables observables)
    {
        var sum = observables.Sum("sum");
        foreach (Patch<double> patch in now.Patches)
            foreach (Cell cell in patch.Block.CellsInOrder())
                sum.Add(patch[cell]);
    }

    public void Finish(Particle particle)
    {
        Gathered = SoraHpc.Runtime.Gathering.FieldGather.ToRoot(particle, now);
        GatheredCounts = SoraHpc.Runtime.Gathering.FieldGather.ToRoot(particle, Counts);
    }

    private static double Star(Patch<double> patch, Cell cell, Extent extent)
    {
        double sum = 0;
        for (int d = 0; d < 3; d++)
            for (int n = 1; n <= patch.HaloWidth && extent[d] > 1; n++)
                sum += (patch[cell.With(d, cell[d] - n)] - 0.25 * patch[cell.With(d, cell[d] + n)]) / n;
        return sum;
    }

    private static double Corners(Patch<float> patch, Cell cell, Extent extent)
    {
        long plane = extent.Planes > 1 ? 1 : 0, row = extent.Rows > 1 ? 1 : 0;
        Cell low = new(-plane, -row, -1), high = new(plane, row, -1);
        return 0.125 * patch[cell + low] - 0.0625 * patch[cell + high];
    }
}
