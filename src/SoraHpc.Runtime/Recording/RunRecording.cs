using System.Diagnostics;
using SoraHpc.Communication;
using SoraHpc.Diagnostics;
using SoraHpc.Diagnostics.Energy;
using SoraHpc.Diagnostics.Tracing;

namespace SoraHpc.Runtime.Recording;

/// <summary>
/// Records all ranks of a communicator between its making and <see cref="Finish"/>: where their time goes and whom they exchange what with, by
/// a <see cref="Tracer"/> on each; and watches over them while they run. Whatever runs in between needs to know nothing of it.
/// </summary>
public sealed unsafe class RunRecording : IDisposable
{
    private readonly RecordingOptions options;
    private readonly Communicator communicator;
    private readonly Tracer tracer;
    private readonly NodeStates node;
    private readonly PowercapEnergy? energy;
    private readonly RankWatch? watch;
    private readonly RunMetrics? metrics;
    private readonly string[] hosts;
    private readonly ClockOffset first;
    private readonly long zero;

    /// <summary>Begins to record. Collective.</summary>
    /// <param name="world">All ranks of the run.</param>
    /// <exception cref="UsageException">The ranks are being recorded already, or they are not the whole world.</exception>
    public RunRecording(Communicator world, RecordingOptions options)
    {
        if (world.Tracer is not null)
            throw new UsageException("the run is recorded already: finish the first recording before the next begins");
        if (world.Rank != world.WorldRank)
            throw new UsageException("a recording is of the whole world: give it the world's communicator");
        this.options = options;
        communicator = world.Duplicate();
        hosts = HostNames.Gather(communicator);
        node = new(communicator, options.Alarms?.RanksPerNode ?? 0);
        energy = node.IsFirst ? PowercapEnergy.Open() : null;
        first = ClockMeasurement.Measure(communicator);
        LoadSeries? loads = communicator.IsRoot ? new() { Bound = options.Alarms?.Imbalance ?? double.PositiveInfinity } : null;
        tracer = new(world.Rank, world.Size, options.Spans, options.Resolution, node.Own) { Imbalance = loads };
        zero = communicator.Broadcast(tracer.Started);
        communicator.Barrier();                             // every state says something before the first look
        watch = options.Alarms is { } alarms ? new(communicator, alarms, node, hosts, loads, energy) : null;
        metrics = options.Metrics ? new(tracer) : null;
        world.Tracer = tracer;
    }

    /// <summary>What the machines' processors used, in words; on rank 0 once it is finished.</summary>
    public string Energy { get; private set; } = "";

    /// <summary>Ends the recording and gathers it. Collective.</summary>
    /// <param name="title">What ran, in a few words.</param>
    /// <param name="facts">What a reader wants to know of it.</param>
    /// <returns>The whole on rank 0, null elsewhere; and null where no times were recorded.</returns>
    public RunTrace? Finish(string title, IReadOnlyList<KeyValuePair<string, string>> facts)
    {
        Stop();
        double seconds = Stopwatch.GetElapsedTime(tracer.Started).TotalSeconds, joules = Joules();
        Energy = EnergyText.Of(joules, seconds);
        ClockAlignment clock = new(zero, first, ClockMeasurement.Measure(communicator));
        RankTrace[] ranks = tracer.IsTimed
            ? TraceGather.Gather(communicator, tracer.Collect(hosts[communicator.Rank], clock, options.SpansInReport / communicator.Size)) : [];
        LoadPoint[] loads = tracer.Imbalance?.ToArray(clock) ?? [];
        node.Dispose();
        tracer.Dispose();
        bool isRoot = communicator.IsRoot;
        communicator.Dispose();
        return !isRoot || ranks.Length == 0 ? null
            : new() { Title = title, Facts = facts, Ranks = ranks, Imbalance = loads, Joules = joules, Seconds = seconds };
    }

    /// <summary>Ends the recording where it was not finished, because the run failed: it is lost. Local.</summary>
    public void Dispose() => Stop();

    private void Stop()
    {
        communicator.Tracer = null;
        metrics?.Dispose();
        watch?.Dispose();
        energy?.Update();
    }

    // Of all machines, or of none.
    private double Joules()
    {
        double silent = communicator.Allreduce(node.IsFirst && energy is null ? 1.0 : 0, ReduceOperation.Max);
        double sum = communicator.Allreduce(energy?.Joules ?? 0, ReduceOperation.Sum);
        return silent > 0 ? double.NaN : sum;
    }
}
