using System.Diagnostics;
using NUnit.Framework;
using SoraHpc.Communication;
using SoraHpc.Decomposition;
using SoraHpc.Runtime;

namespace SoraHpc.Tests.Plugins;

/// <summary>Eight bands, the first four on the first of two ranks.</summary>
internal sealed class Bands : IPartitioner
{
    internal const int Parts = 8, Columns = 3;

    internal static readonly Grid Grid = new(new Extent(Parts, Columns), PeriodicBoundary.Walls);

    public Division Cut(Grid grid, ReadOnlySpan<double> capabilities) => new(
        new Partition(grid, [.. Enumerable.Range(0, Parts).Select(row => new Block((row, row + 1), (0, Columns)))]),
        new Placement([0, 0, 0, 0, 1, 1, 1, 1], 2));
}

/// <summary>A storm stands over the first four bands: a step there takes ten times as long. The time is only said to pass, so that nothing depends on
/// how busy the machine is; every cell counts its steps, so that what moved is seen to have come along.</summary>
internal sealed class StormJob : IDataSource, IMigratingJob
{
    private const int Steps = 40;
    private const double StormSeconds = 1, CalmSeconds = 0.1;

    private Field<double> stepsSeen = null!;
    private int done;

    public string Name => "storm";

    public bool IsDone => done == Steps;

    public JobProgress Progress => new((double)done / Steps, "");

    internal int Moves { get; private set; }

    internal int[] Last { get; private set; } = [];

    public Grid Open(Communicator world) => Bands.Grid;

    public void Load(Particle particle) => stepsSeen = particle.AddField<double>("steps seen");

    public void Prepare(Particle particle) { }

    public void Step(Particle particle)
    {
        for (int i = 0; i < particle.Parts.Count; i++)
        {
            double seconds = particle.Parts[i] < Bands.Parts / 2 ? StormSeconds : CalmSeconds;
            long ticks = (long)(seconds * Stopwatch.Frequency), now = Stopwatch.GetTimestamp();
            particle.CountWait(now + ticks);                        // less waiting: that much more of the step was computing
            particle.CountPart(i, now - ticks, seconds);
            foreach (ref double cell in stepsSeen.Patches[i].Row(particle.Parts[i]))
                cell++;
        }
        done++;
    }

    public void Moved(Particle particle) => Moves++;

    public void Observe(Particle particle, Observables observables) { }

    public void Finish(Particle particle)
    {
        Last = [.. particle.Parts];
        for (int i = 0; i < Last.Length; i++)
            Assert.That(stepsSeen.Patches[i].Row(Last[i]).ToArray(), Is.All.EqualTo(Steps), $"band {Last[i]}");
    }
}
