using SoraHpc.Runtime;
using SoraHpc.Runtime.Stealing;

namespace SoraHpc.Jobs.Uts;

/// <summary>What a search came to.</summary>
/// <param name="Run">The run as every job reports it; a rank's work is the nodes it has made.</param>
/// <param name="Counts">Over all ranks; on every rank.</param>
/// <param name="SearchSeconds">From all ranks ready to all ranks done, the longest of the ranks; on every rank.</param>
/// <param name="Tasks">What every rank did in the pool; on the root, empty elsewhere.</param>
public sealed record UtsResult(RunResult Run, UtsCounts Counts, double SearchSeconds, IReadOnlyList<TaskStatistics> Tasks)
{
    /// <summary>Nodes found a second by all ranks together.</summary>
    public double NodesPerSecond => Counts.Nodes / SearchSeconds;
}
