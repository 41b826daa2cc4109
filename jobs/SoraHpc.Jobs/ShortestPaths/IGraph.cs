namespace SoraHpc.Jobs.ShortestPaths;

/// <summary>An undirected graph as a list of weighted edges, every one of which any rank can make for itself: pure arithmetic on its index.</summary>
public interface IGraph
{
    /// <summary>Number of vertices, ≥ 1.</summary>
    long Vertices { get; }

    /// <summary>Number of edges, ≥ 0; loops and parallel edges count.</summary>
    long Edges { get; }

    /// <summary>An edge, the same on every rank.</summary>
    /// <param name="index">In [0, <see cref="Edges"/>).</param>
    GraphEdge Edge(long index);
}

/// <summary>An edge between two vertices that may be gone along both ways.</summary>
/// <param name="Weight">Length, ≥ 0 and finite.</param>
public readonly record struct GraphEdge(long From, long To, double Weight)
{
    /// <summary>The same edge, seen from its other end.</summary>
    public GraphEdge Reversed => new(To, From, Weight);
}
