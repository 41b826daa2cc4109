using System.Runtime.InteropServices;
using BenchmarkDotNet.Attributes;
using SoraHpc.Communication;

namespace SoraHpc.Benchmarks;

/// <summary>Memory for a field, zeroed, made and freed: by the C library, and as a buffer whose pages are kept.</summary>
[MemoryDiagnoser]
public unsafe class BufferBenchmarks
{
    /// <summary>64 KiB, 8 MiB and 64 MiB.</summary>
    [Params(1 << 16, 1 << 23, 1 << 26)]
    public int Bytes;

    [Benchmark(Baseline = true)]
    public void CLibrary()
    {
        void* memory = NativeMemory.AlignedAlloc((nuint)Bytes, 4096);
        NativeMemory.Clear(memory, (nuint)Bytes);
        NativeMemory.AlignedFree(memory);
    }

    [Benchmark]
    public void Buffer() => ((IDisposable)new AlignedBuffer<byte>(Bytes)).Dispose();
}
