namespace SoraHpc.Tests.Contracts;

/// <summary>Managed memory that a step allocates on the rank that takes it.</summary>
internal static class Allocations
{
    private const int Measurements = 5;

    /// <summary>
    /// The bytes of the best of a few measurements, after one that fills pools and compiles methods. A pool may still grow when ranks are
    /// scheduled as they never were before, and the runtime makes objects of its own, at the first lock that is fought over for
    /// instance: a step that allocates by itself does so in all of them.
    /// </summary>
    internal static long Least(Action step, int steps = 1)
    {
        long least = long.MaxValue;
        for (int measurement = 0; measurement <= Measurements; measurement++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < steps; i++)
                step();
            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            if (measurement > 0)
                least = Math.Min(least, allocated);
        }
        return least;
    }
}
