using System.Diagnostics;
using System.Diagnostics.Metrics;
using NUnit.Framework;
using SoraHpc.Diagnostics;
using SoraHpc.Diagnostics.Tracing;

namespace SoraHpc.Tests.Tracing;

public sealed unsafe class TracerTests
{
    [Test]
    public void Times_without_what_is_nested_add_up_to_all_there_is()
    {
        using Tracer tracer = new(0, 1, 100, TimeSpan.Zero);
        TraceMark step = tracer.Begin(RankActivity.Compute);
        Spin(0.002);
        TraceMark wait = tracer.Begin(RankActivity.Wait, 0);
        Spin(0.003);
        tracer.End(wait, RankActivity.Wait, 0, 24);
        tracer.End(step, RankActivity.Compute);

        RankTrace trace = tracer.Collect("here", ClockAlignment.Same(tracer.Started), 100);

        TraceEvent outer = trace.Spans[0], inner = trace.Spans[1];
        Assert.Multiple(() =>
        {
            Assert.That((outer.Activity, inner.Activity, inner.Bytes, inner.Peer), Is.EqualTo((RankActivity.Compute, RankActivity.Wait, 24L, 0)));
            Assert.That(trace.Seconds[(int)RankActivity.Compute] * 1e9, Is.EqualTo(outer.Length - inner.Length).Within(2));
            Assert.That(trace.Seconds[(int)RankActivity.Wait] * 1e9, Is.EqualTo(inner.Length).Within(2));
            Assert.That(trace.Profile.Sum(seconds => (double)seconds), Is.EqualTo(trace.Seconds.Sum()).Within(1e-6));
        });
    }

    [Test]
    public void Span_that_an_exception_leaves_open_ends_with_the_one_around_it()
    {
        RankState state = default;
        using Tracer tracer = new(0, 1, 0, TimeSpan.Zero, &state);
        TraceMark around = tracer.Begin(RankActivity.Compute);
        tracer.Begin(RankActivity.Receive, 3);
        Assert.That((state.Read().Activity, state.Read().Peer), Is.EqualTo((RankActivity.Receive, 3)));

        tracer.End(around, RankActivity.Compute);

        Assert.That((state.Read().Activity, state.Read().Peer), Is.EqualTo((RankActivity.Other, TraceEvent.NoPeer)));
    }

    [Test]
    public void Deep_nesting_and_other_threads_are_left_out()
    {
        using Tracer tracer = new(0, 1, 100, TimeSpan.Zero);
        Nest(40);
        var other = new Thread(() => tracer.End(tracer.Begin(RankActivity.Wait), RankActivity.Wait));
        other.Start();
        other.Join();

        Assert.That(tracer.Calls(RankActivity.Compute), Is.EqualTo(16));
        Assert.That(tracer.Calls(RankActivity.Wait), Is.Zero);

        void Nest(int depth)
        {
            TraceMark mark = tracer.Begin(RankActivity.Compute);
            if (depth > 1)
                Nest(depth - 1);
            tracer.End(mark, RankActivity.Compute);
        }
    }

    [Test]
    public void Recording_allocates_nothing([Values(0, 64)] int spans)
    {
        using Tracer tracer = new(0, 2, spans, TimeSpan.FromMicroseconds(1)) { Imbalance = new LoadSeries() };
        Record();
        long before = GC.GetAllocatedBytesForCurrentThread();
        Record();
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);

        void Record()
        {
            for (int i = 0; i < 5000; i++)
            {
                using TraceScope span = TraceScope.Of(tracer, RankActivity.Compute);
                tracer.End(tracer.Begin(RankActivity.Send, 1), RankActivity.Send, 1, 8);
                tracer.CountMessage(1, 8);
                tracer.Imbalance!.Add(i, i, 2, 1);
            }
        }
    }

    [Test]
    public void Metrics_are_what_the_tracer_counted()
    {
        using Tracer tracer = new(3, 4, 10, TimeSpan.Zero) { Imbalance = new LoadSeries() };
        using RunMetrics metrics = new(tracer);
        Dictionary<string, double> seen = [];
        using MeterListener listener = new();
        listener.InstrumentPublished = (instrument, listening) =>
        {
            if (instrument.Meter.Name == RunMetrics.MeterName)
                listening.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Take(instrument.Name, value, tags));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Take(instrument.Name, value, tags));
        listener.Start();
        tracer.Step = 7;
        tracer.CountWork(700);
        tracer.CountMessage(0, 80);
        tracer.CountSteal(1, 5);
        tracer.Imbalance.Add(7, 0, 3, 2);
        tracer.End(tracer.Begin(RankActivity.Checkpoint), RankActivity.Checkpoint);
        TraceMark wait = tracer.Begin(RankActivity.Wait);
        Spin(0.001);
        tracer.End(wait, RankActivity.Wait);

        listener.RecordObservableInstruments();

        Assert.Multiple(() =>
        {
            Assert.That(seen["sora.steps"], Is.EqualTo(7));
            Assert.That(seen["sora.cells"], Is.EqualTo(700));
            Assert.That(seen["sora.bytes.sent"], Is.EqualTo(80));
            Assert.That(seen["sora.steals"], Is.EqualTo(1));
            Assert.That(seen["sora.checkpoints"], Is.EqualTo(1));
            Assert.That(seen["sora.load.imbalance"], Is.EqualTo(1.5));
            Assert.That(seen["sora.wait.time"], Is.GreaterThanOrEqualTo(0.001));
        });

        // Other tests may have meters of the same name at the same time.
        void Take(string name, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            if (tags.Length == 0 || tags[0].Value is 3)
                seen[name] = value;
        }
    }

    [Test]
    public void Loads_of_many_steps_are_halved_and_none_is_lost()
    {
        var series = new LoadSeries { Bound = 1.5 };
        for (int step = 1; step <= 10_000; step++)
            series.Add(step, step, step <= 5000 ? 1 : 3, 1);

        LoadPoint[] points = series.ToArray(ClockAlignment.Same(0));

        Assert.That(points, Has.Length.InRange(LoadSeries.Most / 2, LoadSeries.Most));
        Assert.That((points[0].Ratio, points[^1].Ratio, points[^1].Step), Is.EqualTo((1.0, 3.0, 10_000L)));
        Assert.That(series.StepsAbove, Is.EqualTo(5000));
    }

    [Test]
    public void Clocks_that_drift_evenly_are_aligned_to_the_nanosecond()
    {
        // A clock that is 1000 s behind and loses 10 µs a second.
        static double Reference(long ticks) => ticks * (1 + 1e-5) + 1000.0 * Stopwatch.Frequency;
        ClockOffset Offset(long at) => new(at, Reference(at) - at, 500);
        long begin = 5 * Stopwatch.Frequency, end = 25 * Stopwatch.Frequency, zero = (long)Reference(begin);
        var clock = new ClockAlignment(zero, Offset(begin), Offset(end));

        foreach (long at in (long[])[begin, (begin + end) / 2, end, end + Stopwatch.Frequency])
            Assert.That(clock.ToReference(at), Is.EqualTo((Reference(at) - zero) * 1e9 / Stopwatch.Frequency).Within(1));
        Assert.That(clock.Error, Is.EqualTo(500.0 / Stopwatch.Frequency));
    }

    private static void Spin(double seconds)
    {
        long begun = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(begun).TotalSeconds < seconds)
            Thread.SpinWait(10);
    }
}
