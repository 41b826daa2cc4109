using System.Diagnostics;
using SoraHpc.Communication;

namespace SoraHpc.Jobs.Npb;

/// <summary>Times a section from all ranks ready to the last one done.</summary>
internal readonly struct NpbClock
{
    private readonly Communicator world;
    private readonly long begun;

    private NpbClock(Communicator world) => (this.world, begun) = (world, Stopwatch.GetTimestamp());

    /// <summary>Waits for all ranks and starts. Collective.</summary>
    internal static NpbClock Start(Communicator world)
    {
        world.Barrier();
        return new(world);
    }

    /// <summary>Seconds since then, the longest of the ranks; on every rank. Collective.</summary>
    internal double Stop() => world.Allreduce(Stopwatch.GetElapsedTime(begun).TotalSeconds, ReduceOperation.Max);
}
