using System.Globalization;
using System.Numerics;
using System.Runtime;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using SoraHpc.Cli.Launching;
using SoraHpc.Communication;

namespace SoraHpc.Cli.Doctor;

/// <summary>Cores, memory, .NET and SIMD width of this machine against the ranks asked for.</summary>
internal static class MachineCheck
{
    /// <param name="host">The ranks on this machine.</param>
    internal static IEnumerable<Finding> Run(Communicator host)
    {
        // A launcher binds each of its ranks to a core of its own, so one rank alone does not see them all.
        bool launched = host.Transport == Transport.Mpi;
        yield return Cores(launched ? Machine.CoresOfAllRanks() : Machine.Cores(), Environment.ProcessorCount, host.Size);
        yield return Memory(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes, GCSettings.IsServerGC);
        yield return new(Severity.Ok, ".NET", $"{RuntimeInformation.FrameworkDescription} on {RuntimeInformation.OSDescription} ({RuntimeInformation.ProcessArchitecture})");
        yield return Simd(8 * Vector<byte>.Count, Vector512.IsHardwareAccelerated, Vector.IsHardwareAccelerated);
    }

    internal static Finding Cores(int cores, int usable, int ranks)
    {
        string text = $"{cores} for {ranks} rank{(ranks == 1 ? "" : "s")} on this machine, {usable} hardware thread{(usable == 1 ? "" : "s")} usable by this process";
        return ranks > cores
            ? new(Severity.Warning, "cores", text, $"right results, but slower than {cores} rank{(cores == 1 ? "" : "s")}: ranks take turns")
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
