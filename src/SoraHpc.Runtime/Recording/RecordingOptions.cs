using Microsoft.Extensions.Logging;

namespace SoraHpc.Runtime.Recording;

/// <summary>What is recorded of a run while it goes on.</summary>
public sealed record RecordingOptions
{
    /// <summary>Newest spans that each rank keeps, 32 B each; 0: no times at all. Default: 65,536.</summary>
    public int Spans { get; init => field = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(Spans)); } = 1 << 16;

    /// <summary>Spans shorter than this that follow each other are merged. Default: 10 µs.</summary>
    public TimeSpan Resolution { get; init => field = value >= TimeSpan.Zero ? value : throw new ArgumentOutOfRangeException(nameof(Resolution)); } = TimeSpan.FromMicroseconds(10);

    /// <summary>Spans of all ranks together that the root takes in at the end: the longest of each rank. Default: 400,000.</summary>
    public int SpansInReport { get; init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(SpansInReport)); } = 400_000;

    /// <summary>When something is wrong with the run, and who is told; null: nobody watches.</summary>
    public AlarmOptions? Alarms { get; init; }

    /// <summary>Whether counters are offered as metrics of the meter "SoraHpc".</summary>
    public bool Metrics { get; init; }
}

/// <summary>When rank 0 says that something is wrong with a run. The run goes on.</summary>
public sealed record AlarmOptions
{
    /// <summary>A rank that waits in one call for so long, or whose process has not run for half of it, is a stall, ≥ 100 ms. Default: 10 s.</summary>
    public TimeSpan Stall
    {
        get;
        init => field = value >= TimeSpan.FromMilliseconds(100) ? value : throw new ArgumentOutOfRangeException(nameof(Stall), value, "at least 100 ms");
    } = TimeSpan.FromSeconds(10);

    /// <summary>λ max/mean above which a step counts as out of balance, > 1. Default: 2.</summary>
    public double Imbalance { get; init => field = value > 1 ? value : throw new ArgumentOutOfRangeException(nameof(Imbalance)); } = 2;

    /// <summary>So many such steps in a row are told, ≥ 1. Default: 100.</summary>
    public long ImbalancedSteps { get; init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(ImbalancedSteps)); } = 100;

    /// <summary>For trying on one machine: so many ranks form a node and share no memory with the others; 0: those that do share it.</summary>
    public int RanksPerNode { get; init => field = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(RanksPerNode)); }

    /// <summary>Gets the lines, on rank 0, from a thread of its own.</summary>
    public Action<string> Tell { get; init; } = line => Console.Error.WriteLine(line);

    /// <summary>Gets them too, as warnings; null: nobody else.</summary>
    public ILogger? Logger { get; init; }
}
