using SoraHpc.Communication;
using SoraHpc.Decomposition;
using SoraHpc.Diagnostics;
using SoraHpc.Runtime;

namespace SoraHpc.Jobs.ShortestPaths;

/// <summary>An edge as its first vertex's rank sees it: who owns the other end, and under which number there.</summary>
internal readonly record struct Arc(int Rank, int Vertex, double Weight);

/// <summary>The vertices of one rank and the edges that leave them, in compressed rows: those of local vertex v are
/// <see cref="Arcs"/>[<see cref="First"/>[v]] up to <see cref="First"/>[v + 1].</summary>
internal sealed class LocalGraph
{
    private const int ArcsAtATime = 1 << 20;        // 16 MiB of scratch while a file is read

    private readonly Partition partition;
    private readonly Placement placement;
    private readonly long begin;

    private LocalGraph(Particle particle)
    {
        (partition, placement) = (particle.Partition, particle.Placement);
        Block own = particle.Blocks.FirstOrDefault();
        begin = own.Begin.Column;
        Vertices = checked((int)own.Columns);
        First = new int[Vertices + 1];
        Arcs = [];
    }

    internal int Vertices { get; }

    internal int[] First { get; }

    internal Arc[] Arcs { get; private set; }

    internal ReadOnlySpan<Arc> ArcsOf(int vertex) => Arcs.AsSpan(First[vertex]..First[vertex + 1]);

    /// <summary>Every rank makes a share of the edge list, and sends every edge to the owners of both its ends. Collective.</summary>
    internal static LocalGraph Distribute(IGraph graph, Particle particle)
    {
        LocalGraph local = new(particle);
        Communicator ranks = particle.Communicator;
        int[] counts = new int[ranks.Size];
        local.VisitShare(graph, ranks, (edge, owner) => counts[owner] = checked(counts[owner] + 1));
        int[] arriving = new int[ranks.Size], next = new int[ranks.Size];
        ranks.Alltoall<int>(counts, arriving);
        for (int rank = 1; rank < ranks.Size; rank++)
            next[rank] = checked(next[rank - 1] + counts[rank - 1]);
        GraphEdge[] leaving = new GraphEdge[counts.Sum()], arrived = new GraphEdge[arriving.Sum()];
        local.VisitShare(graph, ranks, (edge, owner) => leaving[next[owner]++] = edge);
        ranks.Alltoallv<GraphEdge>(leaving, counts, arrived, arriving);
        local.Compress(arrived);
        return local;
    }

    /// <summary>Every rank reads the arcs of its own vertices: 16 B an arc from the file, in pieces. Local; the file is open on all ranks.</summary>
    /// <exception cref="SoraException">The file holds no graph, or a rank's share of it is more than an array holds.</exception>
    internal static LocalGraph Read(GraphFile file, Particle particle)
    {
        LocalGraph local = new(particle);
        if (local.Vertices == 0)
            return local;
        long[] offsets = file.ReadOffsets(local.begin, local.Vertices);
        long first = offsets[0], count = offsets[^1] - first;
        if (count > Array.MaxLength)
            throw new SoraException($"{count} arcs leave the vertices of one rank, at most {Array.MaxLength} can: use more ranks");
        for (int vertex = 0; vertex < offsets.Length; vertex++)
            local.First[vertex] = (int)(offsets[vertex] - first);
        local.Arcs = new Arc[count];
        long[] targets = new long[Math.Min(count, ArcsAtATime)];
        double[] weights = new double[targets.Length];
        for (int done = 0; done < local.Arcs.Length; done += ArcsAtATime)
        {
            int piece = Math.Min(ArcsAtATime, local.Arcs.Length - done);
            file.ReadArcs(first + done, targets.AsSpan(0, piece), weights.AsSpan(0, piece));
            for (int i = 0; i < piece; i++)
            {
                (int rank, int vertex) = local.Locate(targets[i]);
                local.Arcs[done + i] = new(rank, vertex, weights[i]);
            }
        }
        return local;
    }

    /// <summary>Owner and local number of a vertex.</summary>
    internal (int Rank, int Vertex) Locate(long vertex)
    {
        int part = partition.OwnerOf(new Cell(0, 0, vertex));
        return (placement.RankOf(part), (int)(vertex - partition.Blocks[part].Begin.Column));
    }

    private void VisitShare(IGraph graph, Communicator ranks, Action<GraphEdge, int> visit)
    {
        (long quotient, long rest) = Math.DivRem(graph.Edges, ranks.Size);
        long from = ranks.Rank * quotient + Math.Min(ranks.Rank, rest), to = from + quotient + (ranks.Rank < rest ? 1 : 0);
        for (long index = from; index < to; index++)
        {
            GraphEdge edge = graph.Edge(index);
            visit(edge, Locate(edge.From).Rank);
            visit(edge.Reversed, Locate(edge.To).Rank);
        }
    }

    // Edges come in the order of their index, whatever the number of ranks: shares are in rank order, and so are arrivals.
    private void Compress(GraphEdge[] edges)
    {
        foreach (ref readonly GraphEdge edge in edges.AsSpan())
            First[edge.From - begin + 1]++;
        for (int vertex = 0; vertex < Vertices; vertex++)
            First[vertex + 1] += First[vertex];
        int[] next = First[..Vertices];
        Arcs = new Arc[edges.Length];
        foreach (ref readonly GraphEdge edge in edges.AsSpan())
        {
            (int rank, int vertex) = Locate(edge.To);
            Arcs[next[edge.From - begin]++] = new(rank, vertex, edge.Weight);
        }
    }
}
