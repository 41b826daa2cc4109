using SoraHpc.Communication;

namespace SoraHpc.Runtime.Events;

/// <summary>Messages counted by one wave over all ranks.</summary>
internal readonly record struct WaveCount(long Sent, long Received);

/// <summary>
/// Knows when no rank has work and no message is under way: the four-counter method. Waves pass over the ranks one after the other;
/// each adds up the messages every rank has sent and received so far, taken while that rank is passive. The run has ended when the
/// messages received in one wave equal those sent in the next. A wave is an allreduce that does not block: it begins on a rank when
/// that rank has nothing to do, so a rank with work delays the wave, and events are handled all the while.
/// </summary>
/// <remarks>
/// Why it is right. Let t be when the last rank gives its counts to the first of two waves; each gives them to the second later than t,
/// because it must know the first wave's outcome. Counts only grow, and nothing is received before it is sent, so
/// received₁ ≤ received(t) ≤ sent(t) ≤ sent₂. If the ends are equal, all are: at t nothing is under way, and no rank has received
/// anything between giving its counts, passive, and t. A passive rank becomes active only by receiving, so at t all are passive.
/// One wave is not enough: where sent₁ = received₁, two messages may have crossed it, one counted only at its sender, the other
/// only at its receiver.
/// Source: F. Mattern, Algorithms for distributed termination detection, Distributed Computing 2 (1987) 161–175, "four counter method".
/// </remarks>
internal sealed unsafe class TerminationDetector(Communicator communicator, Func<WaveCount, WaveCount, bool> hasEnded) : IDisposable
{
    private static readonly WaveCount NoWave = new(-1, -1);

    private readonly AlignedBuffer<long> mine = new(2), sums = new(2);
    private WaveCount last = NoWave;
    private bool isJoined;

    /// <summary>Waves that have ended.</summary>
    internal long Waves { get; private set; }

    /// <summary>Complete when every rank has joined the wave this rank joined last.</summary>
    internal Request Wave { get; private set; }

    /// <summary>The four-counter rule.</summary>
    internal static bool FourCounter(WaveCount earlier, WaveCount later) => earlier.Received == later.Sent;

    /// <summary>Gives this rank's counts to the wave, once; this rank is passive. Collective, as all ranks join every wave.</summary>
    internal void Join(long sent, long received)
    {
        if (isJoined)
            return;
        (mine.Address[0], mine.Address[1]) = (sent, received);
        Wave = communicator.StartAllreduce<long>(mine.Memory, sums.Memory, ReduceOperation.Sum);
        isJoined = true;
    }

    /// <summary>Ends a wave that is complete; true when the run has ended, on all ranks in the same wave.</summary>
    internal bool End()
    {
        WaveCount now = new(sums.Address[0], sums.Address[1]), earlier = last;
        isJoined = false;
        Waves++;
        bool ended = hasEnded(earlier, now);
        last = ended ? NoWave : now;            // a further run starts with two waves of its own
        return ended;
    }

    /// <summary>No wave is under way.</summary>
    public void Dispose()
    {
        ((IDisposable)mine).Dispose();
        ((IDisposable)sums).Dispose();
    }
}
