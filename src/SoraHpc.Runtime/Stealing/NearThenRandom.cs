namespace SoraHpc.Runtime.Stealing;

/// <summary>
/// The victim of the last success again; after a failure there the two neighbours in rank order on the same node, who share caches where
/// ranks are bound in order; after them, in turn, ranks of the node and ranks of any node at random, in proportion to their weights.
/// </summary>
public struct NearThenRandom : IVictimSelector
{
    private readonly int thief, ranks;
    private readonly double[] cumulative;
    private int[] mates;
    private uint random;
    private int next, previous, near, last, misses;

    /// <param name="thief">This rank.</param>
    /// <param name="ranks">Number of ranks, ≥ 1.</param>
    /// <param name="weights">How likely each rank is chosen at random (its speed: who computes faster makes more tasks), each > 0; empty for all alike.</param>
    /// <exception cref="ArgumentException">A weight that is not positive and finite, or not one a rank.</exception>
    public NearThenRandom(int thief, int ranks, ReadOnlySpan<double> weights = default)
    {
        if (weights.Length != 0 && weights.Length != ranks)
            throw new ArgumentException($"{weights.Length} weights are given for {ranks} ranks", nameof(weights));
        (this.thief, this.ranks) = (thief, ranks);
        (last, misses) = (thief, 1);
        (next, previous, near) = ((thief + 1) % ranks, (thief + ranks - 1) % ranks, ranks > 2 ? 2 : 1);
        mates = [];
        random = (uint)(thief + 1) * 2654435769;        // an odd multiplier (2³²/golden ratio): seeds differ and are never 0
        cumulative = new double[ranks];
        double sum = 0;
        for (int r = 0; r < ranks; r++)
        {
            double weight = weights.Length == 0 ? 1 : weights[r];
            if (!(weight > 0 && double.IsFinite(weight)))
                throw new ArgumentException($"the weight of rank {r} is {weight}, must be positive and finite", nameof(weights));
            cumulative[r] = sum += r == thief ? 0 : weight;
        }
    }

    /// <inheritdoc/>
    public void Settle(ReadOnlySpan<int> mates)
    {
        // With one node near and far are the same; without a mate nobody is near.
        if (mates.Length == ranks)
            return;
        int own = mates.IndexOf(thief), count = mates.Length;
        (next, previous, near) = (mates[(own + 1) % count], mates[(own + count - 1) % count], Math.Min(count - 1, 2));
        this.mates = count > 3 ? mates.ToArray() : [];
    }

    /// <inheritdoc/>
    public int Next()
    {
        if (misses == 0)
            return last;
        if (misses <= near)
            return misses == 1 ? next : previous;
        return mates.Length == 0 || misses % 2 == 0 ? Draw() : DrawMate();
    }

    /// <inheritdoc/>
    public void Report(int victim, bool found)
    {
        if (found)
            (last, misses) = (victim, 0);
        else
            misses = misses < 4 ? misses + 1 : 3;       // beyond the neighbours 3 and 4 take turns
    }

    private int DrawMate()
    {
        int drawn = mates[(int)(Step() % (uint)mates.Length)];
        return drawn != thief ? drawn : next;
    }

    // xorshift32 (Marsaglia 2003).
    private uint Step()
    {
        random ^= random << 13;
        random ^= random >> 17;
        random ^= random << 5;
        return random;
    }

    // The first rank whose cumulative weight lies above the number drawn. The thief adds no weight of its own: it could be met
    // only where rounding ends beyond the last rank.
    private int Draw()
    {
        double drawn = Step() * (1.0 / 4294967296.0) * cumulative[^1];
        int low = 0, high = ranks - 1;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (cumulative[middle] > drawn)
                high = middle;
            else
                low = middle + 1;
        }
        return low != thief ? low : (thief + 1) % ranks;
    }
}
