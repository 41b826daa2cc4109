using SoraHpc.Diagnostics;
using SoraHpc.Storage;

namespace SoraHpc.Jobs.ShortestPaths;

/// <summary>Makes a file with a graph to start from.</summary>
public static class GraphData
{
    /// <summary>
    /// Writes an undirected graph in compressed rows, every edge as two arcs: datasets <c>offsets</c> (vertices + 1), <c>targets</c> and
    /// <c>weights</c> (arcs). The arcs of a vertex come in the order of their edges.
    /// </summary>
    /// <returns>Number of arcs.</returns>
    /// <exception cref="SoraException">More arcs or vertices than an array of this process holds, or the file cannot be written.</exception>
    /// <remarks>Needs 16 B an arc and 16 B a vertex of memory. Local.</remarks>
    public static long Write(string path, IGraph graph)
    {
        if (graph.Vertices >= Array.MaxLength || graph.Edges > Array.MaxLength / 2)
            throw new SoraException($"{graph} has {graph.Vertices} vertices and {graph.Edges} edges: one process makes at most {Array.MaxLength} and {Array.MaxLength / 2}");
        long[] offsets = new long[graph.Vertices + 1], targets = new long[2 * graph.Edges];
        double[] weights = new double[2 * graph.Edges];
        foreach (GraphEdge arc in Arcs(graph))
            offsets[arc.From + 1]++;
        for (long vertex = 0; vertex < graph.Vertices; vertex++)
            offsets[vertex + 1] += offsets[vertex];
        long[] next = offsets[..^1];
        foreach (GraphEdge arc in Arcs(graph))
        {
            long at = next[arc.From]++;
            (targets[at], weights[at]) = (arc.To, arc.Weight);
        }
        using Hdf5File file = Hdf5File.Create(path);
        file.Attributes.WriteString("graph", graph.ToString()!);
        Write<long>(file, "offsets", offsets);
        Write<long>(file, "targets", targets);
        Write<double>(file, "weights", weights);
        file.Commit();
        return targets.LongLength;
    }

    private static void Write<T>(Hdf5File file, string name, T[] values) where T : unmanaged
    {
        using Hdf5Dataset dataset = file.CreateDataset<T>(name, [values.LongLength], new DatasetLayout { EveryElementIsWritten = true });
        dataset.Write<T>(dataset.Whole, values);
    }

    private static IEnumerable<GraphEdge> Arcs(IGraph graph)
    {
        for (long index = 0; index < graph.Edges; index++)
        {
            GraphEdge edge = graph.Edge(index);
            yield return edge;
            yield return edge.Reversed;
        }
    }
}
