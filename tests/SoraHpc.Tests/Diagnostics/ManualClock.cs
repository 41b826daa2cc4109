namespace SoraHpc.Tests.Diagnostics;

/// <summary>A clock that stands still until it is told otherwise.</summary>
internal sealed class ManualClock : TimeProvider
{
    private long ticks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => ticks;

    internal void Advance(double seconds) => ticks += TimeSpan.FromSeconds(seconds).Ticks;
}
