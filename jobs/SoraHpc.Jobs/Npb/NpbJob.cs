using System.Diagnostics;
using SoraHpc.Communication;
using SoraHpc.Diagnostics;
using SoraHpc.Runtime;

namespace SoraHpc.Jobs.Npb;

/// <summary>The NAS Parallel Benchmarks on our own communicator. Read <see cref="Run"/>, then the kernel that interests you.</summary>
public static class NpbJob
{
    /// <summary>Runs the kernels one after the other on all ranks of <paramref name="world"/>. Collective.</summary>
    /// <param name="finished">Called on every rank after each kernel, verified or not.</param>
    /// <exception cref="UsageException">A kernel cannot be cut for so many ranks; nothing has run.</exception>
    /// <exception cref="SoraException">A kernel does not fit the memory (nothing has run), or its result is not the published one.</exception>
    public static RunResult Run(Communicator world, NpbOptions options, Action<NpbResult>? finished = null)
    {
        long begun = Stopwatch.GetTimestamp();
        CheckFits(world, options);
        Dictionary<string, double> observables = [];
        foreach (INpbKernel kernel in options.Kernels)
        {
            NpbResult result = kernel.Run(world, options.Class);
            finished?.Invoke(result);
            if (!result.IsVerified)
                throw new SoraException(Failure(result));
            observables[$"{result.Kernel} Mop/s"] = result.MopsTotal;
        }
        RankReport[] reports = [.. Enumerable.Range(0, world.IsRoot ? world.Size : 0).Select(rank => new RankReport(rank, 0, 0, 0, 0, 0, 0, double.NaN))];
        return new("npb", $"class {options.Class}; {string.Join(", ", options.Kernels.Select(kernel => kernel.Name))}", options.Kernels.Count,
            Stopwatch.GetElapsedTime(begun).TotalSeconds, observables, reports);
    }

    /// <summary>The one line of a result that is not the published one: how many quantities are wrong, and the worst.</summary>
    internal static string Failure(NpbResult result)
    {
        NpbQuantity[] wrong = [.. result.Quantities.Where(quantity => !quantity.Passes)];
        return $"npb {result.Kernel} class {result.Class} on {result.Ranks} ranks: verification failed, {wrong.Length} of {result.Quantities.Count} quantities; first {wrong.FirstOrDefault()}";
    }

    // Memory of all ranks that share this one's node, against what the operating system and the container allow.
    private static void CheckFits(Communicator world, NpbOptions options)
    {
        foreach (INpbKernel kernel in options.Kernels)
            if (kernel.Refusal(options.Class, world.Size) is { } refusal)
                throw new UsageException(refusal);
        long ranksHere = RanksHere(world), available = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        foreach (INpbKernel kernel in options.Kernels)
            if (kernel.BytesPerRank(options.Class, world.Size) * ranksHere is var needed && needed > available)
                throw new SoraException($"npb {kernel.Name} class {options.Class} needs {needed >> 20} MiB on this node, which has {available >> 20}: take a smaller class or more nodes");
    }

    private static int RanksHere(Communicator world)
    {
        using Communicator node = world.SplitShared();
        return node.Size;
    }
}
