namespace SoraHpc.Communication;

/// <summary>Who a rank's neighbours are. Neighbourhood collectives receive from <see cref="Sources"/> and send to
/// <see cref="Destinations"/>, in these orders.</summary>
public class Topology(IReadOnlyList<int> sources, IReadOnlyList<int> destinations)
{
    /// <summary>Ranks this rank receives from; <see cref="Communicator.ProcessNull"/> past a wall.</summary>
    public IReadOnlyList<int> Sources { get; } = sources;

    /// <summary>Ranks this rank sends to; <see cref="Communicator.ProcessNull"/> past a wall.</summary>
    public IReadOnlyList<int> Destinations { get; } = destinations;
}

/// <summary>A grid of ranks, the last dimension running fastest. Neighbours are ordered −, + per dimension, as in the standard.</summary>
public sealed class CartesianTopology : Topology
{
    private readonly int[] dimensions;
    private readonly bool[] periodic;

    /// <param name="dimensions">Ranks along each dimension, each ≥ 1; their product is the communicator's size.</param>
    /// <param name="periodic">Whether each dimension wraps around.</param>
    /// <param name="rank">The rank whose neighbours are listed.</param>
    public CartesianTopology(ReadOnlySpan<int> dimensions, ReadOnlySpan<bool> periodic, int rank)
        : base(Neighbours(dimensions, periodic, rank), Neighbours(dimensions, periodic, rank)) =>
        (this.dimensions, this.periodic, Rank) = (dimensions.ToArray(), periodic.ToArray(), rank);

    /// <summary>Ranks along each dimension.</summary>
    public ReadOnlySpan<int> Dimensions => dimensions;

    /// <summary>Whether each dimension wraps around.</summary>
    public ReadOnlySpan<bool> Periodic => periodic;

    /// <summary>The rank described.</summary>
    public int Rank { get; }

    /// <summary>The rank's place in the grid.</summary>
    public int[] Coordinates => CoordinatesOf(dimensions, Rank);

    /// <summary>Neighbours a distance away: where this rank receives from and sends to in a shift; ProcessNull past a wall.</summary>
    /// <param name="dimension">In [0, number of dimensions).</param>
    /// <param name="distance">In ranks; negative: the other way.</param>
    public (int Source, int Destination) Shift(int dimension, int distance) =>
        (Along(dimensions, periodic, Rank, dimension, -distance), Along(dimensions, periodic, Rank, dimension, distance));

    /// <summary>The rank at these coordinates, one a dimension; a periodic coordinate wraps, any other outside gives ProcessNull.</summary>
    public int RankOf(ReadOnlySpan<int> coordinates) => RankOf(dimensions, periodic, coordinates);

    /// <summary>Splits <paramref name="ranks"/> over the zero entries of <paramref name="dimensions"/>, as squarely as possible, largest first. Pure arithmetic.</summary>
    /// <param name="ranks">≥ 1.</param>
    /// <param name="dimensions">In and out: entries above 0 are given and stay.</param>
    /// <exception cref="ArgumentException">The given entries do not divide <paramref name="ranks"/>, or leave nothing to fill and do not multiply to it.</exception>
    public static void Balance(int ranks, Span<int> dimensions)
    {
        int rest = ranks;
        foreach (int given in dimensions)
            if (given > 0)
                rest = rest % given == 0 ? rest / given : throw new ArgumentException($"{ranks} ranks cannot be laid out with {given} along one dimension");
        int open = dimensions.Count(0);
        if (open == 0 && rest != 1)
            throw new ArgumentException($"the given dimensions do not multiply to {ranks} ranks");
        for (int d = 0; d < dimensions.Length; d++)
        {
            if (dimensions[d] > 0)
                continue;
            // The smallest divisor at or above the open-th root leaves the rest as square as it can be.
            int side = rest;
            for (int divisor = 1; divisor <= rest; divisor++)
                if (rest % divisor == 0 && Math.Pow(divisor, open) >= rest - 0.5)
                {
                    side = divisor;
                    break;
                }
            dimensions[d] = side;
            rest /= side;
            open--;
        }
    }

    private static int[] CoordinatesOf(ReadOnlySpan<int> dimensions, int rank)
    {
        int[] coordinates = new int[dimensions.Length];
        for (int d = dimensions.Length - 1; d >= 0; d--)
            (rank, coordinates[d]) = Math.DivRem(rank, dimensions[d]);
        return coordinates;
    }

    private static int RankOf(ReadOnlySpan<int> dimensions, ReadOnlySpan<bool> periodic, ReadOnlySpan<int> coordinates)
    {
        int rank = 0;
        for (int d = 0; d < dimensions.Length; d++)
        {
            int at = coordinates[d], size = dimensions[d];
            if (periodic[d])
                at = (at % size + size) % size;
            else if (at < 0 || at >= size)
                return Communicator.ProcessNull;
            rank = rank * size + at;
        }
        return rank;
    }

    private static int Along(ReadOnlySpan<int> dimensions, ReadOnlySpan<bool> periodic, int rank, int dimension, int distance)
    {
        int[] coordinates = CoordinatesOf(dimensions, rank);
        coordinates[dimension] += distance;
        return RankOf(dimensions, periodic, coordinates);
    }

    private static int[] Neighbours(ReadOnlySpan<int> dimensions, ReadOnlySpan<bool> periodic, int rank)
    {
        int[] neighbours = new int[2 * dimensions.Length];
        for (int d = 0; d < dimensions.Length; d++)
        {
            neighbours[2 * d] = Along(dimensions, periodic, rank, d, -1);
            neighbours[2 * d + 1] = Along(dimensions, periodic, rank, d, 1);
        }
        return neighbours;
    }
}
