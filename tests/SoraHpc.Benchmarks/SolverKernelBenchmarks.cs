using BenchmarkDotNet.Attributes;
using SoraHpc.Communication;
using SoraHpc.Communication.Reductions;
using SoraHpc.LinearAlgebra.Managed;

namespace SoraHpc.Benchmarks;

/// <summary>Inner products, plain against exact, on vectors that fit L1, L2 and neither.</summary>
[MemoryDiagnoser]
public unsafe class SolverKernelBenchmarks
{
    /// <summary>Elements of each of two vectors: 16 KiB, 512 KiB, 32 MiB.</summary>
    [Params(1 << 11, 1 << 16, 1 << 22)]
    public int Length;

    private AlignedBuffer<double> x = null!, y = null!;
    private readonly ExactSum sum = new();

    [GlobalSetup]
    public void Allocate()
    {
        (x, y) = (new(Length), new(Length));
        for (int i = 0; i < Length; i++)
            (x.Address[i], y.Address[i]) = (Math.Sin(i), Math.Cos(3.0 * i));
    }

    [Benchmark(Baseline = true)]
    public double Plain() => VectorKernels.Dot<double>(x.GetSpan(), y.GetSpan());

    [Benchmark]
    public double Exact()
    {
        sum.Clear();
        sum.AddProduct(x.GetSpan(), y.GetSpan());
        return sum.Value;
    }

    [Benchmark]
    public void Axpy() => VectorKernels.AddScaled(y.GetSpan(), 1e-9, x.GetSpan(), y.GetSpan());

    [GlobalCleanup]
    public void Free()
    {
        ((IDisposable)x).Dispose();
        ((IDisposable)y).Dispose();
    }
}
