using BenchmarkDotNet.Attributes;
using SoraHpc.Solvers.RandomNumbers;
using SoraHpc.Solvers.Sorting;

namespace SoraHpc.Benchmarks;

/// <summary>Random keys sorted by the runtime and by digits. Both copy the keys first.</summary>
[MemoryDiagnoser]
public class SortBenchmarks
{
    [Params(1 << 14, 1 << 20, 1 << 23)] public int Keys;         // 128 KiB, 8 MiB, 64 MiB: second level, third level, memory
    private double[] keys = [], sorted = [], scratch = [];

    [GlobalSetup]
    public void Allocate()
    {
        (keys, sorted, scratch) = (new double[Keys], new double[Keys], new double[Keys]);
        new RandomSequence(1).FillNormal(0, keys);
    }

    [Benchmark(Baseline = true)]
    public void Runtime()
    {
        keys.CopyTo(sorted, 0);
        Array.Sort(sorted);
    }

    [Benchmark]
    public void Digits()
    {
        keys.CopyTo(sorted, 0);
        RadixSort.Sort<double, FloatKey>(sorted, scratch);
    }
}
