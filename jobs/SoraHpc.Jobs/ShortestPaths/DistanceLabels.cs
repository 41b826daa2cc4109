using SoraHpc.Runtime;

namespace SoraHpc.Jobs.ShortestPaths;

/// <summary>The tentative distances of one rank's vertices: they only ever fall, and end at the shortest. Common to both methods.</summary>
internal sealed unsafe class DistanceLabels
{
    private readonly double* distance;

    internal DistanceLabels(LocalGraph graph, Field<double> distances, int rank)
    {
        (Graph, Rank) = (graph, rank);
        distance = distances.Patches.Count > 0 ? distances.Patches[0].Origin : null;
        new Span<double>(distance, graph.Vertices).Fill(double.PositiveInfinity);
    }

    internal LocalGraph Graph { get; }

    internal int Rank { get; }

    /// <summary>Edges looked along: the work done.</summary>
    internal long Relaxations { get; set; }

    internal double this[int vertex] => distance[vertex];

    internal ReadOnlySpan<double> All => new(distance, Graph.Vertices);

    /// <summary>Takes a distance that is less than the present one.</summary>
    internal bool Improve(int vertex, double candidate)
    {
        if (!(candidate < distance[vertex]))
            return false;
        distance[vertex] = candidate;
        return true;
    }
}

/// <summary>What one rank tells another: a path of this length leads to your vertex.</summary>
/// <param name="Vertex">The receiver's number of it.</param>
internal readonly record struct Label(int Vertex, double Distance);
