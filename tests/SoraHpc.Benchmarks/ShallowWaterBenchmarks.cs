using BenchmarkDotNet.Attributes;
using SoraHpc.Communication;
using SoraHpc.Jobs.Weather;

namespace SoraHpc.Benchmarks;

/// <summary>One stage of the shallow-water scheme, volume and face terms, against its plain definition.</summary>
[MemoryDiagnoser]
public unsafe class ShallowWaterBenchmarks
{
    /// <summary>Elements along a panel; 3.6 KB an element: 350 KB, 5.5 MB, 88 MB in all.</summary>
    [Params(4, 16, 64)]
    public int Side;

    private ElementMap map = null!;
    private ElementCoefficients coefficients = null!;
    private AlignedBuffer<double> state = null!, increment = null!;

    [GlobalSetup]
    public void Allocate()
    {
        map = new(new CubedSphere(Side), rank: 0, _ => 0);
        coefficients = new(map, new Cartesian(0, 0, Planet.Rotation));
        (state, increment) = (new(map.Slots * Layout.State), new(map.Slots * Layout.State));
        for (int i = 0; i < state.Length; i++)
            state.Address[i] = i % Layout.State < Layout.Element ? 1000 : 1;
        coefficients.SetBottom(map, increment.Address);
    }

    [Benchmark(Baseline = true)]
    public void Reference()
    {
        for (int e = 0; e < map.Owned.Length; e++)
            ShallowWaterReference.Volume(state.GetSpan().Slice(e * Layout.State, Layout.State),
                coefficients.Volume.GetSpan().Slice(e * Layout.Coefficients, Layout.Coefficients),
                increment.GetSpan().Slice(e * Layout.State, Layout.State), carry: 0.3, step: 1);
        for (int link = 0; link < map.Links.Length; link++)
        {
            Face face = (Face)(link % CubedSphere.Faces);
            FaceLink own = new(link / CubedSphere.Faces * Layout.State + Layout.FirstNode(face), Layout.Stride(face));
            ShallowWaterReference.Face(state.GetSpan(), own, map.Links[link],
                coefficients.Faces.GetSpan().Slice(link * Layout.FaceCoefficients, Layout.FaceCoefficients), increment.GetSpan(), dissipation: 0.5, step: 1);
        }
    }

    [Benchmark]
    public void Vectorised()
    {
        ShallowWaterKernel.Volume(state.Address, coefficients.Volume.Address, increment.Address, map.Owned.Length, carry: 0.3, step: 1);
        ShallowWaterKernel.Faces(state.Address, map.Links, coefficients.Faces.Address, increment.Address, dissipation: 0.5, step: 1);
    }

    [GlobalCleanup]
    public void Free()
    {
        coefficients.Dispose();
        foreach (IDisposable buffer in new[] { state, increment })
            buffer.Dispose();
    }
}
