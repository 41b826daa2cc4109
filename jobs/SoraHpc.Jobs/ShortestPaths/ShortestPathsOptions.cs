using SoraHpc.Diagnostics;
using SoraHpc.Runtime.Events;
using SoraHpc.Runtime.Synchronization;

namespace SoraHpc.Jobs.ShortestPaths;

/// <summary>What a run computes, and how.</summary>
public sealed record ShortestPathsOptions
{
    /// <summary>The graph.</summary>
    public required IGraph Graph { get; init; }

    /// <summary>The vertex all paths start at, in [0, vertices).</summary>
    public long Source { get; init; }

    /// <summary><see cref="EventSync"/>: labels travel as events, until all is quiet. Any other protocol: rounds. Default: events.</summary>
    public ISyncProtocol Sync { get; init; } = new EventSync();

    /// <summary>HDF5 file to write; null for none.</summary>
    public string? Output { get; init; }

    /// <summary>Rank 0 compares all distances with Dijkstra's, computed on it alone; for graphs that fit its memory.</summary>
    public bool Verify { get; init; }

    /// <summary>Capabilities P_i of the ranks; empty for equal ranks.</summary>
    public double[] Capabilities { get; init; } = [];

    /// <exception cref="UsageException">The source is no vertex of the graph.</exception>
    public void CheckSource()
    {
        if (Source < 0 || Source >= Graph.Vertices)
            throw new UsageException($"source {Source} is no vertex: the graph has {Graph.Vertices}, from 0 on");
    }
}
