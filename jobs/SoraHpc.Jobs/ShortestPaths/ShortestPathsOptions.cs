using SoraHpc.Diagnostics;
using SoraHpc.Runtime.Events;
using SoraHpc.Runtime.Synchronization;

namespace SoraHpc.Jobs.ShortestPaths;

/// <summary>What a run computes, and how.</summary>
public sealed record ShortestPathsOptions
{
    /// <summary>A graph that ranks make for themselves; null where one is read.</summary>
    public IGraph? Graph { get; init; }

    /// <summary>HDF5 file with a graph in compressed rows, as <see cref="GraphData"/> writes it; null where one is made.</summary>
    public string? DataFile { get; init; }

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

    /// <exception cref="UsageException">Neither or both of graph and file are given, or the source is no vertex of the graph; of a file's, only reading tells.</exception>
    public void CheckSource()
    {
        if (Graph is null == DataFile is null)
            throw new UsageException(Graph is null ? "no graph: give one, or a data file" : "a graph and a data file: give one of the two");
        if (Graph is not null)
            CheckSource(Graph.Vertices);
    }

    /// <exception cref="UsageException">The source is none of this many vertices.</exception>
    internal void CheckSource(long vertices)
    {
        if (Source < 0 || Source >= vertices)
            throw new UsageException($"source {Source} is no vertex: the graph has {vertices}, from 0 on");
    }
}
