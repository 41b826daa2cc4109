using SoraHpc.Diagnostics;
using SoraHpc.Runtime.Elasticity;
using SoraHpc.Runtime.Stealing;

namespace SoraHpc.Jobs.Uts;

/// <summary>Which tree is searched, and how.</summary>
public sealed record UtsOptions
{
    /// <summary>The tree.</summary>
    public required UtsTree Tree { get; init; }

    /// <summary>Hashes computed side by side: 16, 8, 4 or 1; 0 for as many as the processor has lanes. No effect on what is found. Default: 0.</summary>
    public int Lanes { get; init => field = value is 0 or 1 or 4 or 8 or 16 ? value : throw new UsageException($"lanes are 1, 4, 8 or 16, not {value}"); }

    /// <summary>How tasks go from rank to rank. When it is disabled every rank gets an even part of the subtrees near the root.</summary>
    public StealingOptions Stealing { get; init; } = new();

    /// <summary>Where a rank without tasks looks for some. Default: null, <see cref="NearThenRandom"/> weighted by the capabilities given in <see cref="Stealing"/>.</summary>
    public VictimSelection? Victims { get; init; }

    /// <summary>How many ranks search, the first so many, asked every so many steps: a step is a batch of up to 64 tasks on every rank that has tasks. Where it is
    /// not all of them, tasks must be stolen. Default: all.</summary>
    public IElasticity Elasticity { get; init; } = new FixedSize();

    /// <summary>A rank that makes the children of every node <see cref="SlowFactor"/> times, as a slower processor would take; −1 for none. Default: −1.</summary>
    public int SlowRank { get; init; } = -1;

    /// <summary>Times that rank makes them, ≥ 1. Default: 4.</summary>
    public int SlowFactor { get; init => field = value >= 1 ? value : throw new UsageException($"a factor of {value} is no slowing down: give 1 or more"); } = 4;
}
