using SoraHpc.Diagnostics;

namespace SoraHpc.Runtime.Resilience;

/// <summary>How often a run looks whether its numbers can be right.</summary>
public sealed record IntegrityOptions
{
    /// <summary>Steps from one look to the next, ≥ 1; what is saved is looked at besides. Default: 10.</summary>
    public int Every { get; init => field = value >= 1 ? value : throw new UsageException($"the steps between checks must be 1 or more, not {value}"); } = 10;
}

/// <summary>What looking at its numbers came to for a run.</summary>
/// <param name="Looks">How often they were looked at.</param>
/// <param name="WentBack">What was found and was gone when the steps were repeated, one line each.</param>
public sealed record IntegrityReport(long Looks, IReadOnlyList<string> WentBack);
