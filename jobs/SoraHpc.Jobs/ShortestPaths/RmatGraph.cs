namespace SoraHpc.Jobs.ShortestPaths;

/// <summary>A graph like those people make: a few vertices with very many edges, most with few, any two a few edges apart. An edge falls
/// into one quarter of the adjacency matrix, of that into one quarter again, and so on. Edges have random lengths in [0, 1).</summary>
/// <remarks>Source: Chakrabarti, Zhan and Faloutsos, R-MAT: a recursive model for graph mining, SDM 2004; probabilities of the Graph500 benchmark.</remarks>
public sealed class RmatGraph : IGraph
{
    private const double TopLeft = 0.57, TopRight = 0.19, BottomLeft = 0.19;
    private const int LargestScale = 40;
    private const int DrawsPerEdge = 64;                    // one for each level, the last for the weight

    private readonly int scale;
    private readonly IndexedRandom random;

    /// <param name="scale">2 to this power are the vertices; in [1, 40].</param>
    /// <param name="edgesPerVertex">≥ 1. Graph500: 16.</param>
    public RmatGraph(int scale, int edgesPerVertex = 16, long seed = 1)
    {
        if (scale is < 1 or > LargestScale)
            throw new ArgumentOutOfRangeException(nameof(scale), scale, $"the scale is in [1, {LargestScale}]");
        ArgumentOutOfRangeException.ThrowIfLessThan(edgesPerVertex, 1);
        this.scale = scale;
        random = new IndexedRandom(seed);
        Edges = edgesPerVertex * Vertices;
    }

    /// <inheritdoc/>
    public long Vertices => 1L << scale;

    /// <inheritdoc/>
    public long Edges { get; }

    /// <inheritdoc/>
    public GraphEdge Edge(long index)
    {
        long from = 0, to = 0, draw = index * DrawsPerEdge;
        for (int level = 0; level < scale; level++)
        {
            double u = random.Uniform(draw + level);
            int down = u >= TopLeft + TopRight ? 1 : 0;
            int right = u >= TopLeft && u < TopLeft + TopRight || u >= TopLeft + TopRight + BottomLeft ? 1 : 0;
            (from, to) = (2 * from + down, 2 * to + right);
        }
        return new(Scatter(from), Scatter(to), random.Uniform(draw + DrawsPerEdge - 1));
    }

    /// <inheritdoc/>
    public override string ToString() => $"R-MAT of 2^{scale} vertices, {Edges / Vertices} edges a vertex";

    // The vertices with the most edges have the fewest bits set; a one-to-one mixing of the numbers spreads them over the ranks.
    private long Scatter(long vertex)
    {
        ulong mask = (1UL << scale) - 1, v = (ulong)vertex;
        for (int round = 0; round < 2; round++)
        {
            v = v * 0x9E3779B97F4A7C15 + 0x632BE59BD9B4E019 & mask;      // odd factor: one-to-one modulo 2^scale
            v ^= v >> (scale + 1) / 2;
        }
        return (long)v;
    }
}
