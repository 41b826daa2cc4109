using SoraHpc.Communication;
using SoraHpc.Decomposition;
using SoraHpc.Runtime;

namespace SoraHpc.Jobs.ShortestPaths;

/// <summary>The vertices are the cells, in one row; edges are made and sent to their owners.</summary>
internal sealed class GraphSource(IGraph graph) : IDataSource
{
    /// <summary>This rank's share, after loading.</summary>
    internal LocalGraph Local { get; private set; } = null!;

    /// <inheritdoc/>
    public Grid Open(Communicator world) => new(new Extent(1, 1, graph.Vertices), PeriodicBoundary.Walls);

    /// <inheritdoc/>
    public void Load(Particle particle) => Local = LocalGraph.Distribute(graph, particle);
}
