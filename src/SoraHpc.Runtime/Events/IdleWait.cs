using System.Diagnostics;
using SoraHpc.Communication;

namespace SoraHpc.Runtime.Events;

/// <summary>
/// How a rank waits with nothing to do. Ranks that are threads sleep until they are woken. MPI's own wait keeps its core busy, so
/// ranks of MPI ask, give the core to whoever wants it in between, and after a while sleep in short naps.
/// </summary>
/// <param name="longestNap">Naps grow to this [ms], to an eighth of the time waited so far.</param>
internal sealed class IdleWait(Communicator communicator, int longestNap = IdleWait.ShortestNap)
{
    private const int EagerPolls = 100;

    /// <summary>Yielding gives way where there are more ranks than cores and costs no latency where there are not; a rank idle
    /// for longer than this [ms] waits for a slow one, and a nap of about a millisecond is nothing to it.</summary>
    private const double YieldMilliseconds = 2;

    private const int ShortestNap = 1;

    private readonly bool isWoken = communicator.Transport == Transport.Threads;

    /// <summary>Time spent here.</summary>
    internal long Ticks { get; private set; }

    /// <summary>Index of the first request that is complete.</summary>
    internal int WaitAny(ReadOnlySpan<Request> requests, out Status status)
    {
        long begun = Stopwatch.GetTimestamp();
        int index;
        if (isWoken)
            index = Request.WaitAny(requests, out status);
        else
            for (int polls = 0; !Request.TestAny(requests, out index, out status); polls++)
                GiveWay(polls, begun);
        Ticks += Stopwatch.GetTimestamp() - begun;
        return index;
    }

    private void GiveWay(int polls, long begun)
    {
        double waited = Stopwatch.GetElapsedTime(begun).TotalMilliseconds;
        if (polls < EagerPolls)
            Thread.SpinWait(1);
        else if (waited < YieldMilliseconds)
            Thread.Yield();
        else
            Thread.Sleep((int)Math.Clamp(waited / 8, ShortestNap, longestNap));
    }
}
