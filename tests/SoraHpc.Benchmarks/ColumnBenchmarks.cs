using System.Runtime.Intrinsics;
using BenchmarkDotNet.Attributes;
using SoraHpc.Communication;
using SoraHpc.Communication.Threads;
using SoraHpc.Jobs.Weather;

namespace SoraHpc.Benchmarks;

/// <summary>What columns cost: sunlight in eight bands against its plain definition, a column at night and by day, and carrying columns as tasks
/// against advancing them where they lie.</summary>
[MemoryDiagnoser]
public unsafe class ColumnBenchmarks
{
    private const int Layers = 32, Bands = ShortwaveBands.Count, Many = 4096;

    private readonly AlignedBuffer<double> absorption = new(Layers * Bands), scattering = new(Layers * Bands), net = new((Layers + 1) * Bands * 2);
    private readonly double[][] bandAbsorption = new double[Bands][], bandScattering = new double[Bands][];
    private readonly ShortwaveKernel kernel = new(Layers);
    private readonly ColumnPhysics physics = new(new());
    private readonly Column[] columns = new Column[Many];
    private Column night, day, dusk;

    [GlobalSetup]
    public void Prepare()
    {
        Random random = new(1);
        for (int i = 0; i < Layers * Bands; i++)
            (absorption.Address[i], scattering.Address[i]) = (random.NextDouble(), 0.01 * random.NextDouble());
        for (int band = 0; band < Bands; band++)
        {
            bandAbsorption[band] = [.. Enumerable.Range(0, Layers).Select(l => absorption.Address[l * Bands + band])];
            bandScattering[band] = [.. Enumerable.Range(0, Layers).Select(l => scattering.Address[l * Bands + band])];
        }
        (night, day, dusk) = (physics.Start(0, 0, new(0.3, Math.PI)), physics.Start(0, 0, new(0.3, 0)), physics.Start(0, 0, new(0.3, Math.PI / 2)));
        for (int i = 0; i < Many; i++)
            columns[i] = physics.Start(0, i, new(1.5 - 3.0 * i / Many, 0.37 * i % (2 * Math.PI)));
        physics.Interval = (0, 3600);
    }

    [Benchmark(Baseline = true)]
    public double SunlightReference()
    {
        double sum = 0;
        for (int band = 0; band < Bands; band++)
            sum += ShortwaveReference.Net(bandAbsorption[band], bandScattering[band], 0.38, 1.5)[Layers];
        return sum;
    }

    [Benchmark]
    public void SunlightVectorised()
    {
        kernel.Prepare(absorption.Address, scattering.Address, 0.38);
        kernel.AddNet(1.5, Vector512<double>.One, 1, net.Address, 0, net.Address + (Layers + 1) * Bands);
    }

    [Benchmark]
    public void OnePositionOfTheSun() => kernel.AddNet(1.5, Vector512<double>.One, 1, net.Address, 0, net.Address + (Layers + 1) * Bands);

    [Benchmark]
    public void Night() => Advance(night);

    [Benchmark]
    public void Day() => Advance(day);

    [Benchmark]
    public void Dusk() => Advance(dusk);

    [Benchmark]
    public void ManyInPlace()
    {
        foreach (ref Column column in columns.AsSpan())
            physics.Advance(ref column);
    }

    /// <summary>A pool made, 16 advances, of the same columns: to be divided by 16.</summary>
    [Benchmark]
    public void ManyAsTasksSixteenTimes() => ThreadWorld.Run(1, world =>
    {
        GeoPoint[] places = [.. Enumerable.Range(0, Many).Select(i => new GeoPoint(1.5 - 3.0 * i / Many, 0.37 * i % (2 * Math.PI)))];
        using ColumnModel model = new(world, places, new());
        for (int i = 0; i < 16; i++)
            model.Advance(0, 3600);
    });

    private void Advance(Column column) => physics.Advance(ref column);
}
