using System.Diagnostics;

namespace SoraHpc.Jobs.NBody;

/// <summary>Time spent waiting for other ranks, kept apart from the particle's, which counts steps alone: the first accelerations come before them.</summary>
internal sealed class WaitClock
{
    private long ticks;

    /// <summary>Adds the time since <paramref name="begun"/> (<see cref="Stopwatch.GetTimestamp"/>).</summary>
    internal void Count(long begun) => ticks += Stopwatch.GetTimestamp() - begun;

    /// <summary>What has been counted since the last call [ticks].</summary>
    internal long Take()
    {
        long taken = ticks;
        ticks = 0;
        return taken;
    }
}
