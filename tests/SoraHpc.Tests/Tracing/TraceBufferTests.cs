using NUnit.Framework;
using SoraHpc.Diagnostics.Tracing;

namespace SoraHpc.Tests.Tracing;

public sealed class TraceBufferTests
{
    private const long Resolution = 100;

    [Test]
    public unsafe void Span_takes_32_bytes() => Assert.That(sizeof(TraceEvent), Is.EqualTo(32));

    [Test]
    public void Full_ring_keeps_the_newest_and_counts_the_others()
    {
        var buffer = new TraceBuffer(capacity: 4, Resolution);
        for (int i = 0; i < 10; i++)
            buffer.Add(RankActivity.Compute, 1000 * i, 1000 * i + 500, -1, 0);

        TraceEvent[] spans = buffer.ToArray();

        Assert.That(spans.Select(span => span.Begin), Is.EqualTo(new long[] { 5000, 6000, 7000, 8000, 9000 }));     // the ring's four and the newest
        Assert.That(buffer.Lost, Is.EqualTo(5));
    }

    [Test]
    public void Short_spans_of_activities_in_turn_merge_into_counts()
    {
        var buffer = new TraceBuffer(capacity: 16, Resolution);
        for (int i = 0; i < 1000; i++)
        {
            buffer.Add(RankActivity.Compute, 100 * i, 100 * i + 60, -1, 0);
            buffer.Add(RankActivity.Wait, 100 * i + 60, 100 * i + 90, i % 2, 8);
        }

        Assert.That(buffer.ToArray(), Is.EqualTo(new TraceEvent[]
        {
            new(0, 99_960, 0, -1, 1000, RankActivity.Compute),
            new(60, 99_990, 8000, TraceEvent.NoPeer, 1000, RankActivity.Wait),
        }));
    }

    [Test]
    public void Long_span_far_span_and_full_count_are_not_merged()
    {
        var buffer = new TraceBuffer(capacity: 16, Resolution);
        buffer.Add(RankActivity.Send, 0, 10, 1, 1);
        buffer.Add(RankActivity.Send, 10, 110, 1, 1);           // as long as the resolution
        buffer.Add(RankActivity.Send, 110, 120, 1, 1);          // after one that is long
        buffer.Add(RankActivity.Send, 220, 230, 1, 1);          // as far away as the resolution

        Assert.That(buffer.ToArray().Select(span => span.Count), Is.EqualTo(new ushort[] { 1, 1, 1, 1 }));

        for (int i = 0; i < ushort.MaxValue + 5; i++)
            buffer.Add(RankActivity.Receive, i, i + 1, 1, 1);
        Assert.That(buffer.ToArray().Where(span => span.Activity == RankActivity.Receive).Select(span => (int)span.Count), Is.EqualTo(new[] { ushort.MaxValue, 5 }));
    }
}
