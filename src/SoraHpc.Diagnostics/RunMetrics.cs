using System.Diagnostics.Metrics;
using SoraHpc.Diagnostics.Tracing;

namespace SoraHpc.Diagnostics;

/// <summary>
/// A rank's counters as metrics of the meter "SoraHpc", for whoever collects them (OpenTelemetry, dotnet-counters): read from the tracer when
/// they are asked for, so that counting costs nothing more. Every measurement has the tag "rank".
/// </summary>
public sealed class RunMetrics : IDisposable
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "SoraHpc";

    private readonly Meter meter = new(MeterName);
    private readonly KeyValuePair<string, object?> rank;

    /// <param name="tracer">The rank's, with timing on for seconds and spans; valid until this is disposed.</param>
    public RunMetrics(Tracer tracer)
    {
        rank = new("rank", tracer.Rank);
        Count("sora.steps", "{step}", "Steps done", () => tracer.Step);
        Count("sora.cells", "{cell}", "Cells updated", () => tracer.Work);
        Count("sora.bytes.sent", "By", "Bytes sent to other ranks by messages between two", () => tracer.BytesSent);
        Count("sora.bytes.read", "By", "Bytes read from files", () => tracer.Bytes(RankActivity.Read));
        Count("sora.bytes.written", "By", "Bytes written to files", () => tracer.Bytes(RankActivity.Write));
        Count("sora.checkpoints", "{checkpoint}", "Times the run stood still for a checkpoint", () => tracer.Calls(RankActivity.Checkpoint));
        Count("sora.steals", "{steal}", "Steals that brought tasks", () => tracer.Steals);
        Seconds("sora.compute.time", "Time computing", ActivityKind.Compute);
        Seconds("sora.wait.time", "Time waiting for transfers or tasks", ActivityKind.Wait);
        Seconds("sora.collective.time", "Time in collective calls", ActivityKind.Collective);
        if (tracer.Imbalance is { } loads)
            meter.CreateObservableGauge("sora.load.imbalance", () => double.IsNaN(loads.Latest) ? [] : (Measurement<double>[])[new(loads.Latest)],
                "1", "λ max/mean of the newest step");

        void Count(string name, string unit, string what, Func<long> value) =>
            meter.CreateObservableCounter(name, () => new Measurement<long>(value(), rank), unit, what);

        void Seconds(string name, string what, ActivityKind kind) =>
            meter.CreateObservableCounter(name, () => new Measurement<double>(tracer.Seconds(kind), rank), "s", what);
    }

    /// <summary>Ends the meter: nothing is reported any more.</summary>
    public void Dispose() => meter.Dispose();
}
