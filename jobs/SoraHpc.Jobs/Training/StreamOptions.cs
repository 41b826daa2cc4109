using SoraHpc.Diagnostics;
using SoraHpc.Learning.Streams;
using SoraHpc.Learning.Training;

namespace SoraHpc.Jobs.Training;

/// <summary>Which stream is learnt from, window by window, and what watches it.</summary>
public sealed record StreamOptions
{
    /// <summary>An HDF5 file of a table with labels, whose rows come one after the other, or <see cref="BehaviourOptions.Made"/>: visits to a shop that are made. Default: made.</summary>
    public string Data { get; init; } = BehaviourOptions.Made;

    /// <summary>Visits where they are made, ≥ 100. Default: 20000.</summary>
    public long Rows { get; init => field = value >= 100 ? value : throw new UsageException($"{value} visits: give 100 or more"); } = 20_000;

    /// <summary>The visit from which on behaviour is the opposite where it is made; default: never.</summary>
    public long DriftAt { get; init => field = value >= 0 ? value : throw new UsageException($"behaviour that changes at visit {value}: give 0 or more"); } = long.MaxValue;

    /// <summary>Rows of a window that is learnt at once, at least as many as strata. Default: 1000.</summary>
    public int Window { get; init; } = 1000;

    /// <summary>Rows of windows in which the accuracy is told beside it. Default: none.</summary>
    public IReadOnlyList<int> Spans { get; init; } = [];

    /// <summary>Makes what watches whether predictions are wrong. Default: <see cref="Adwin"/>.</summary>
    public Func<IDriftDetector> Detector { get; init; } = () => new Adwin();

    /// <summary>How windows are learnt.</summary>
    public OnlineOptions Online { get; init; } = new();

    /// <summary>The library of dense algebra, as <see cref="LinearAlgebra.BlasOptions.Library"/>. Default: auto, as rank 0 finds it.</summary>
    public string Library { get; init; } = "auto";

    /// <summary>HDF5 file for the model after the last window; null for none.</summary>
    public string? Output { get; init; }
}
