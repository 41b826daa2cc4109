using SoraHpc.Communication;
using SoraHpc.Runtime.Synchronization;

namespace WeatherStrategies;

/// <summary>
/// All ranks meet every <paramref name="interval"/> steps while the weather is the same work everywhere, and four times as often from a
/// meeting that found λ max/mean above <paramref name="limit"/> until one that does not: a front or a day side that makes some ranks slow is
/// followed closely, calm costs little.
/// </summary>
/// <param name="interval">Steps from meeting to meeting, ≥ 1.</param>
/// <param name="limit">λ max/mean, ≥ 1, above which the meetings come closer.</param>
public sealed class WeatherSync(int interval = 100, double limit = 1.5) : ISyncProtocol
{
    private const int Closer = 4;

    private readonly int interval = interval >= 1 ? interval : throw new ArgumentException($"the interval is 1 step or more, not {interval}");
    private readonly double limit = limit >= 1 ? limit : throw new ArgumentException($"a limit of λ max/mean is 1 or more, not {limit}");

    /// <inheritdoc/>
    public void AfterStep(SyncPoint point)
    {
        long step = point.Particle.Step;
        if (step < Math.Max(interval, point.NextMeeting))
            return;
        point.Combine();
        int wanted = point.Imbalance > limit ? Math.Max(1, interval / Closer) : interval;
        // Every rank says when it wants to meet again, and the earliest holds for all. Were each to go by its own measurement, one would
        // wait in a meeting that another does not come to.
        point.NextMeeting = point.Particle.Communicator.Allreduce(step + wanted, ReduceOperation.Min);
    }

    /// <inheritdoc/>
    public override string ToString() => $"weather, every {interval} steps, {Math.Max(1, interval / Closer)} above λ max/mean {limit}";
}
