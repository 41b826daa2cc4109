namespace SoraHpc.Jobs.ShortestPaths;

/// <summary>The plain definition, on one rank: every vertex is settled once, nearest first.</summary>
/// <remarks>Source: E. W. Dijkstra, A note on two problems in connexion with graphs, Numerische Mathematik 1 (1959).</remarks>
public static class DijkstraReference
{
    /// <summary>Distance of every vertex from <paramref name="source"/>; +∞ where no path leads.</summary>
    public static double[] Distances(IGraph graph, long source) => Distances(AdjacencyOf(graph), source);

    internal static double[] Distances(List<(long To, double Weight)>[] edges, long source)
    {
        double[] distance = new double[edges.Length];
        Array.Fill(distance, double.PositiveInfinity);
        bool[] isSettled = new bool[edges.Length];
        PriorityQueue<long, double> nearest = new();
        distance[source] = 0;
        nearest.Enqueue(source, 0);
        while (nearest.TryDequeue(out long vertex, out _))
        {
            if (isSettled[vertex])
                continue;
            isSettled[vertex] = true;
            foreach ((long to, double weight) in edges[vertex])
                if (distance[vertex] + weight < distance[to])
                    nearest.Enqueue(to, distance[to] = distance[vertex] + weight);
        }
        return distance;
    }

    /// <summary>For every vertex where its edges lead, and how far that is.</summary>
    internal static List<(long To, double Weight)>[] AdjacencyOf(IGraph graph)
    {
        List<(long To, double Weight)>[] edges = [.. Enumerable.Range(0, checked((int)graph.Vertices)).Select(_ => new List<(long, double)>())];
        for (long index = 0; index < graph.Edges; index++)
        {
            GraphEdge edge = graph.Edge(index);
            edges[edge.From].Add((edge.To, edge.Weight));
            edges[edge.To].Add((edge.From, edge.Weight));
        }
        return edges;
    }
}
