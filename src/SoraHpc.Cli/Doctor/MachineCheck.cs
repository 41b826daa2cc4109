using System.Globalization;
using System.Numerics;
using System.Runtime;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using SoraHpc.Cli.Launching;

namespace SoraHpc.Cli.Doctor;

/// <summary>Cores, memory, .NET and SIMD width of this machine against the ranks asked for.</summary>
internal static class MachineCheck
{
    internal static IEnumerable<Finding> Run(int ranks)
    {
        int cores = Machine.Cores(), threads = Environment.ProcessorCount;
        yield return Cores(cores, threads, ranks);
        yield return Memory(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes, GCSettings.IsServerGC);
        yield return new(Severity.Ok, ".NET", $"{RuntimeInformation.FrameworkDescription} on {RuntimeInformation.OSDescription} ({RuntimeInformation.ProcessArchitecture})");
        yield return Simd(8 * Vector<byte>.Count, Vector512.IsHardwareAccelerated, Vector.IsHardwareAccelerated);
    }

    internal static Finding Cores(int cores, int threads, int ranks)
    {
        string text = $"{cores} core{(cores == 1 ? "" : "s")}, {threads} hardware thread{(threads == 1 ? "" : "s")} usable by this process";
        return ranks > cores
            ? new(Severity.Warning, "cores", text, $"{ranks} ranks share them: correct, but slower than {cores}; MPICH's waiting ranks spin, Open MPI's yield")
            : new(Severity.Ok, "cores", text);
    }

    internal static Finding Memory(long bytes, bool serverGarbageCollector)
    {
        string text = string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:0.0} GB usable by this process");
        return serverGarbageCollector
            ? new(Severity.Warning, "memory", text + ", server garbage collector on", "each rank then keeps a heap per core: unset DOTNET_gcServer")
            : new(Severity.Ok, "memory", text);
    }

    internal static Finding Simd(int bits, bool has512, bool accelerated) => !accelerated
        ? new(Severity.Warning, "SIMD", "not used: kernels run one number at a time", "unset DOTNET_EnableHWIntrinsic")
        : new(Severity.Ok, "SIMD", $"kernels use {bits}-bit vectors{(has512 && bits < 512 ? "; the processor has 512, which .NET's Vector<T> leaves unused" : "")}");
}
