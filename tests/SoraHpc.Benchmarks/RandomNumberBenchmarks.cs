using BenchmarkDotNet.Attributes;
using SoraHpc.Solvers.RandomNumbers;

namespace SoraHpc.Benchmarks;

/// <summary>A million doubles: the runtime's own generator, which has a state and so an order, beside numbers found by their position.</summary>
[MemoryDiagnoser]
public class RandomNumberBenchmarks
{
    private readonly double[] values = new double[1 << 20];
    private readonly Random random = new();                     // without a seed: the faster of the runtime's two
    private readonly RandomSequence sequence = new(42);

    [Benchmark(Baseline = true)]
    public void Runtime()
    {
        for (int i = 0; i < values.Length; i++)
            values[i] = random.NextDouble();
    }

    [Benchmark]
    public void Uniform() => sequence.FillUniform(0, values);

    [Benchmark]
    public void Normal() => sequence.FillNormal(0, values);
}
