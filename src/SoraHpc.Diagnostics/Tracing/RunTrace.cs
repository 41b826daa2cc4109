using SoraHpc.Diagnostics.Energy;

namespace SoraHpc.Diagnostics.Tracing;

/// <summary>What was recorded of a run: what reports and pictures are made from.</summary>
public sealed record RunTrace
{
    /// <summary>What ran, in a few words.</summary>
    public required string Title { get; init; }

    /// <summary>What a reader wants to know of it, in order: command, choices, versions, machine.</summary>
    public required IReadOnlyList<KeyValuePair<string, string>> Facts { get; init; }

    /// <summary>One entry a rank, by rank.</summary>
    public required IReadOnlyList<RankTrace> Ranks { get; init; }

    /// <summary>λ max/mean over the steps; empty where it was not measured.</summary>
    public required IReadOnlyList<LoadPoint> Imbalance { get; init; }

    /// <summary>Energy the machines' processors used [J]; NaN where they do not report it.</summary>
    public required double Joules { get; init; }

    /// <summary>Wall time recorded [s].</summary>
    public required double Seconds { get; init; }

    /// <summary>"energy: 123 J, 45 W on average", or that it is not reported.</summary>
    public string Energy => EnergyText.Of(Joules, Seconds);
}

/// <summary>λ max/mean of some steps.</summary>
/// <param name="Step">The last of them.</param>
/// <param name="At">When rank 0 knew of them [ns since the run began].</param>
/// <param name="Ratio">Σ λ max / Σ λ mean over them, ≥ 1.</param>
public readonly record struct LoadPoint(long Step, long At, double Ratio);
