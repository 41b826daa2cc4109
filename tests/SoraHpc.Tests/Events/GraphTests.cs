using NUnit.Framework;
using SoraHpc.Communication.Threads;
using SoraHpc.Diagnostics;
using SoraHpc.Jobs.ShortestPaths;
using SoraHpc.Runtime;
using SoraHpc.Runtime.Events;
using SoraHpc.Runtime.Synchronization;
using SoraHpc.Storage;
using SoraHpc.Tests.Threads;

namespace SoraHpc.Tests.Events;

public sealed class GraphTests
{
    [Test]
    public void Grid_joins_every_vertex_with_those_beside_it()
    {
        GridGraph grid = new(3, 4);
        (long, long)[] edges = [.. Enumerable.Range(0, (int)grid.Edges).Select(i => grid.Edge(i)).Select(e => (e.From, e.To))];

        Assert.That((grid.Vertices, grid.Edges), Is.EqualTo((12L, 17L)));
        Assert.That(edges, Is.Unique);
        Assert.That(edges, Is.All.Matches<(long From, long To)>(e => e.To == e.From + 4 || e.To == e.From + 1 && e.To % 4 != 0));
    }

    [Test]
    public void Rmat_vertices_are_in_range_and_few_have_many_edges()
    {
        RmatGraph graph = new(10, 16);
        int[] degree = new int[graph.Vertices];
        for (long i = 0; i < graph.Edges; i++)
        {
            GraphEdge edge = graph.Edge(i);
            Assert.That(edge.Weight, Is.InRange(0.0, 1.0));
            degree[edge.From]++;
            degree[edge.To]++;
        }

        int[] falling = [.. degree.OrderDescending()];
        Assert.That(falling.Sum(), Is.EqualTo(2 * graph.Edges));
        Assert.That(falling.Take(102).Sum(), Is.GreaterThan(graph.Edges), "a tenth of the vertices has half of the edges' ends");
        Assert.That(degree.Take(512).Sum() / (double)falling.Sum(), Is.InRange(0.4, 0.6), "spread over the numbers, so over the ranks");
    }

    [Test]
    public void Reference_finds_the_distances_of_a_graph_done_by_hand() =>
        Assert.That(DijkstraReference.Distances(new ByHand(), 0), Is.EqualTo(new[] { 0, 3, 1, 4, double.PositiveInfinity }).AsCollection);

    [Test]
    public void Distances_are_written_by_all_ranks_into_one_file([Values] bool byEvents)
    {
        string path = Path.Combine(Path.GetTempPath(), $"paths-{Guid.NewGuid():N}.h5");
        try
        {
            GridGraph graph = new(13, 11);
            ThreadWorld.Run(3, world => ShortestPathsJob.Run(world, new ShortestPathsOptions
            {
                Graph = graph,
                Output = path,
                Sync = byEvents ? new EventSync() : new GlobalSync(),
            }));
            using Hdf5File file = Hdf5File.Open(path);
            Assert.That(file.Dataset("distance").Read<double>(), Is.EqualTo(DijkstraReference.Distances(graph, 0)).AsCollection);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Test]
    public void Work_of_all_ranks_is_reported()
    {
        RunResult result = OnThreads.RootOf(3, world => ShortestPathsJob.Run(world, new ShortestPathsOptions { Graph = new GridGraph(20, 20) }));

        Assert.That(result.Steps, Is.EqualTo(1));
        Assert.That(result.TotalWork, Is.GreaterThanOrEqualTo(2 * new GridGraph(20, 20).Edges), "every edge from both ends, at least once");
        Assert.That(result.Choices, Does.Contain("sync by events"));
    }

    [TestCase(-1)]
    [TestCase(9)]
    public void Source_that_is_no_vertex_is_refused(long source) => Assert.That(
        Assert.Throws<UsageException>(() => new ShortestPathsOptions { Graph = new GridGraph(3, 3), Source = source }.CheckSource())!.Message,
        Is.EqualTo($"source {source} is no vertex: the graph has 9, from 0 on"));

    /// <summary>0 –1– 2 –2– 1 –1– 3, 0 –5– 1, and 4 alone.</summary>
    private sealed class ByHand : IGraph
    {
        private static readonly GraphEdge[] All = [new(0, 2, 1), new(2, 1, 2), new(1, 3, 1), new(0, 1, 5)];

        public long Vertices => 5;

        public long Edges => All.Length;

        public GraphEdge Edge(long index) => All[index];
    }
}
