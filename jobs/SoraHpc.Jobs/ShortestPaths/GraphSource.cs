using SoraHpc.Communication;
using SoraHpc.Decomposition;
using SoraHpc.Runtime;

namespace SoraHpc.Jobs.ShortestPaths;

/// <summary>Where a graph comes from. The vertices are the cells, in one row; after loading, every rank has its own with the arcs that leave them.</summary>
internal abstract class GraphSource : IDataSource
{
    /// <summary>This rank's share, after loading.</summary>
    internal LocalGraph Local { get; private protected set; } = null!;

    /// <inheritdoc/>
    public abstract Grid Open(Communicator world);

    /// <inheritdoc/>
    public abstract void Load(Particle particle);

    /// <summary>The whole graph on one rank, for the plain method: for every vertex where its arcs lead, and how far that is. Local.</summary>
    internal abstract List<(long To, double Weight)>[] Adjacency();

    private protected static Grid GridOf(long vertices) => new(new Extent(1, 1, vertices), PeriodicBoundary.Walls);
}

/// <summary>Edges are made by arithmetic and sent to their owners.</summary>
internal sealed class GeneratedGraphSource(IGraph graph) : GraphSource
{
    /// <inheritdoc/>
    public override Grid Open(Communicator world) => GridOf(graph.Vertices);

    /// <inheritdoc/>
    public override void Load(Particle particle) => Local = LocalGraph.Distribute(graph, particle);

    /// <inheritdoc/>
    internal override List<(long To, double Weight)>[] Adjacency() => DijkstraReference.AdjacencyOf(graph);

    /// <inheritdoc/>
    public override string ToString() => graph.ToString()!;
}

/// <summary>Every rank reads the arcs of its own vertices from one file.</summary>
internal sealed class GraphFileSource(ShortestPathsOptions options) : GraphSource
{
    private readonly string path = options.DataFile!;

    /// <inheritdoc/>
    public override Grid Open(Communicator world)
    {
        using GraphFile file = new(path, world);
        options.CheckSource(file.Vertices);
        return GridOf(file.Vertices);
    }

    /// <inheritdoc/>
    public override void Load(Particle particle)
    {
        using GraphFile file = new(path, particle.Communicator);
        Local = LocalGraph.Read(file, particle);
    }

    /// <inheritdoc/>
    internal override List<(long To, double Weight)>[] Adjacency()
    {
        using GraphFile file = new(path);
        return file.Adjacency();
    }

    /// <inheritdoc/>
    public override string ToString() => path;
}
