using BenchmarkDotNet.Attributes;
using SoraHpc.Decomposition;
using SoraHpc.Jobs.Heat;
using SoraHpc.Runtime;

namespace SoraHpc.Benchmarks;

/// <summary>The heat step against its plain definition, on plates that fit L1, L2 and neither.</summary>
[MemoryDiagnoser]
public class HeatKernelBenchmarks
{
    /// <summary>Cells along a side; two fields of 8 B a cell: 64 KiB, 1 MiB, 64 MiB.</summary>
    [Params(64, 256, 2048)]
    public int Side;

    private Patch<double> now = null!, next = null!;
    private double[,] plainNow = null!, plainNext = null!;

    [GlobalSetup]
    public void Allocate()
    {
        Extent extent = new(Side, Side);
        (now, next) = (new(0, extent.Whole, extent, haloWidth: 1), new(0, extent.Whole, extent, haloWidth: 1));
        (plainNow, plainNext) = (new double[Side, Side], new double[Side, Side]);
    }

    [Benchmark(Baseline = true)]
    public void Reference() => HeatReference.Step(plainNow, plainNext, 0.25);

    [Benchmark]
    public void Vectorised() => HeatKernel.Step(now, next, now.Block, 0.25);

    [GlobalCleanup]
    public void Free()
    {
        now.Dispose();
        next.Dispose();
    }
}
