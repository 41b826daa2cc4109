using SoraHpc.Solvers.Operators;

namespace SoraHpc.Learning.Graph;

/// <summary>Which particles of a model have to do with each other: an undirected graph without loops, rows of neighbours in ascending order one after the
/// other. Local.</summary>
public sealed class ParticleGraph
{
    private readonly int[] starts, neighbours;
    private readonly double[] weights;

    /// <param name="particles">Particles, ≥ 1.</param>
    /// <param name="edges">Pairs in any order, each weight > 0; weights of a pair that comes twice are added.</param>
    /// <exception cref="ArgumentException">A pair of one and the same, or of one that is not there, or a weight that is not positive.</exception>
    public ParticleGraph(int particles, IEnumerable<(int First, int Second, double Weight)> edges)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(particles, 1);
        SortedDictionary<int, double>[] rows = [.. Enumerable.Range(0, particles).Select(_ => new SortedDictionary<int, double>())];
        foreach ((int first, int second, double weight) in edges)
        {
            if ((uint)first >= (uint)particles || (uint)second >= (uint)particles || first == second || !(weight > 0))
                throw new ArgumentException(FormattableString.Invariant($"particles {first} and {second} with weight {weight}: no edge between two of {particles} particles"), nameof(edges));
            rows[first][second] = rows[first].GetValueOrDefault(second) + weight;
            rows[second][first] = rows[second].GetValueOrDefault(first) + weight;
        }
        starts = new int[particles + 1];
        for (int i = 0; i < particles; i++)
            starts[i + 1] = checked(starts[i] + rows[i].Count);
        (neighbours, weights) = ([.. rows.SelectMany(row => row.Keys)], [.. rows.SelectMany(row => row.Values)]);
    }

    /// <summary>Particles.</summary>
    public int Count => starts.Length - 1;

    /// <summary>Pairs that have to do with each other.</summary>
    public int Edges => neighbours.Length / 2;

    /// <summary>A particle's neighbours, ascending.</summary>
    public ReadOnlySpan<int> NeighboursOf(int particle) => neighbours.AsSpan(starts[particle]..starts[particle + 1]);

    /// <summary>The weights of <see cref="NeighboursOf"/>.</summary>
    public ReadOnlySpan<double> WeightsOf(int particle) => weights.AsSpan(starts[particle]..starts[particle + 1]);

    /// <summary>How many neighbours a particle has.</summary>
    public int DegreeOf(int particle) => starts[particle + 1] - starts[particle];

    /// <summary>Edges on the shortest way from one particle to every other; −1 where there is none.</summary>
    public int[] DistancesFrom(int particle)
    {
        int[] distances = new int[Count], queue = new int[Count];
        Array.Fill(distances, -1);
        (distances[particle], queue[0]) = (0, particle);
        for (int head = 0, tail = 1; head < tail; head++)
            foreach (int neighbour in NeighboursOf(queue[head]))
                if (distances[neighbour] < 0)
                {
                    distances[neighbour] = distances[queue[head]] + 1;
                    queue[tail++] = neighbour;
                }
        return distances;
    }

    /// <summary>The mean length of the shortest ways between pairs that have one, and the longest; NaN and 0 where there are no edges.</summary>
    /// <param name="sources">Particles to start from, evenly spread; Count or more: all, and the answer is exact.</param>
    public (double Mean, int Longest) PathLengths(int sources = int.MaxValue)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(sources, 1);
        int taken = Math.Min(sources, Count), longest = 0;
        long sum = 0, pairs = 0;
        for (int i = 0; i < taken; i++)
            foreach (int distance in DistancesFrom((int)((long)i * Count / taken)))
                if (distance > 0)
                {
                    (sum, pairs) = (sum + distance, pairs + 1);
                    longest = Math.Max(longest, distance);
                }
        return ((double)sum / pairs, longest);
    }

    /// <summary>Entries of rows [begin, end) of L = D − A, each edge counting 1.</summary>
    public IEnumerable<Triplet> Laplacian(int begin, int end)
    {
        for (int row = begin; row < end; row++)
        {
            yield return new(row, row, DegreeOf(row));
            for (int i = starts[row]; i < starts[row + 1]; i++)
                yield return new(row, neighbours[i], -1);
        }
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Count} particles, {Edges} edges";
}
