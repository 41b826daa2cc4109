namespace SoraHpc.Decomposition;

/// <summary>Which rank holds which part. Balancing changes only this, or only the partition.</summary>
public sealed class Placement
{
    private readonly int[] rankOf;

    /// <param name="rankOf">The rank of every part, each in [0, <paramref name="ranks"/>).</param>
    public Placement(ReadOnlySpan<int> rankOf, int ranks)
    {
        this.rankOf = rankOf.ToArray();
        Ranks = ranks;
        foreach (int rank in rankOf)
            if ((uint)rank >= (uint)ranks)
                throw new PartitionException($"rank {rank} is not in [0, {ranks})");
    }

    /// <summary>Part i on rank i; ranks past the last part hold none.</summary>
    public static Placement OneEach(int parts, int ranks) => new(Enumerable.Range(0, parts).ToArray(), ranks);

    /// <summary>Number of ranks.</summary>
    public int Ranks { get; }

    /// <summary>Number of parts.</summary>
    public int Parts => rankOf.Length;

    /// <summary>A number that placements of the same parts on the same ranks share, on any machine; others hardly ever.</summary>
    public ulong Fingerprint
    {
        get
        {
            Fingerprint print = new();
            print.Add(Ranks);
            foreach (int rank in rankOf)
                print.Add(rank);
            return print.Value;
        }
    }

    /// <summary>The rank that holds a part.</summary>
    public int RankOf(int part) => rankOf[part];

    /// <summary>The parts a rank holds, ascending; none for a rank without work.</summary>
    public IEnumerable<int> PartsOf(int rank) => Enumerable.Range(0, rankOf.Length).Where(part => rankOf[part] == rank);
}
