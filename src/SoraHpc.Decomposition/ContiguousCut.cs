namespace SoraHpc.Decomposition;

/// <summary>
/// Cuts a chain of items into contiguous shares for ranks in a fixed order so that the slowest rank finishes as early as any cut
/// allows: chains-on-chains partitioning on unequal processors by exact bisection on the makespan (Pınar and Aykanat,
/// J. Parallel Distrib. Comput. 64 (2004) 974–996).
/// </summary>
public static class ContiguousCut
{
    /// <summary>
    /// Share i is items [cuts[i], cuts[i + 1]); max over i of (weight of share i) / P_i is the least possible. Among the cuts that reach
    /// it, every one is as near as goes to proportional shares, with no share empty where that costs nothing.
    /// </summary>
    /// <param name="weights">Work of every item along the chain, each > 0.</param>
    /// <param name="capabilities">P_i, each > 0; at most as many as items.</param>
    public static int[] Optimal(ReadOnlySpan<double> weights, ReadOnlySpan<double> capabilities)
    {
        double[] before = Summed(weights, capabilities);
        int[] ideal = Proportional(before, capabilities);
        return Settle(before, capabilities, ideal, LeastMakespan(before, capabilities, ideal));
    }

    /// <summary>
    /// The cuts nearest to <paramref name="current"/> with which the slowest rank takes at most 1 + <paramref name="slack"/> times the least
    /// possible: the more slack, the fewer items change their rank.
    /// </summary>
    /// <param name="weights">Work of every item along the chain, each > 0.</param>
    /// <param name="capabilities">P_i, each > 0; at most as many as items.</param>
    /// <param name="current">Where the cuts are now: 0, …, the number of items, ascending; one more than ranks.</param>
    /// <param name="slack">≥ 0.</param>
    public static int[] Nearest(ReadOnlySpan<double> weights, ReadOnlySpan<double> capabilities, ReadOnlySpan<int> current, double slack)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(slack);
        double[] before = Summed(weights, capabilities);
        if (current.Length != capabilities.Length + 1 || current[0] != 0 || current[^1] != weights.Length)
            throw new PartitionException($"cuts of {weights.Length} items for {capabilities.Length} ranks are {capabilities.Length + 1} numbers from 0 to {weights.Length}");
        return Settle(before, capabilities, current.ToArray(), (1 + slack) * LeastMakespan(before, capabilities, Proportional(before, capabilities)));
    }

    // Work before every item, and all of it.
    private static double[] Summed(ReadOnlySpan<double> weights, ReadOnlySpan<double> capabilities)
    {
        PartitionInput.CheckCapabilities(capabilities);
        if (capabilities.Length > weights.Length)
            throw new PartitionException($"{weights.Length} pieces cannot be shared by {capabilities.Length} ranks: use at most {weights.Length} ranks");
        double[] before = new double[weights.Length + 1];
        for (int i = 0; i < weights.Length; i++)
            before[i + 1] = before[i] + weights[i];
        return before;
    }

    // Either a trial bound is reachable, and the makespan reached is a new upper bound; or it is not, and the least bound at which
    // any rank could have taken one item more is a new lower bound. Both are values of real cuts, so the bounds meet exactly.
    private static double LeastMakespan(double[] before, ReadOnlySpan<double> capabilities, int[] ideal)
    {
        double low = before[^1] / capabilities.ToArray().Sum() * (1 - 1e-12), high = Makespan(before, capabilities, ideal);
        while (low < high)
        {
            double trial = low + (high - low) / 2;
            if (trial >= high)
                trial = low;
            (double reached, double refused) = Fill(before, capabilities, trial);
            if (reached <= trial)
                high = reached;
            else
                low = refused;
        }
        return high;
    }

    // From the left every rank takes all it can finish in time; the last takes what is left.
    private static (double Reached, double Refused) Fill(double[] before, ReadOnlySpan<double> capabilities, double time)
    {
        double reached = 0, refused = double.PositiveInfinity;
        int at = 0;
        foreach (double capability in capabilities)
        {
            int end = Reach(before, at, capability, time);
            reached = Math.Max(reached, (before[end] - before[at]) / capability);
            if (end < before.Length - 1)
                refused = Math.Min(refused, (before[end + 1] - before[at]) / capability);
            at = end;
        }
        return (at == before.Length - 1 ? reached : double.PositiveInfinity, refused);
    }

    // The furthest end of a share that begins at an item and is finished in time.
    private static int Reach(double[] before, int begin, double capability, double time)
    {
        int inside = begin, outside = before.Length;
        while (outside - inside > 1)
        {
            int middle = inside + (outside - inside) / 2;
            if ((before[middle] - before[begin]) / capability <= time)
                inside = middle;
            else
                outside = middle;
        }
        return inside;
    }

    // A cut may not lie so early that the ranks behind it cannot finish in time (floor), nor so late that the one before cannot.
    private static int[] Settle(double[] before, ReadOnlySpan<double> capabilities, int[] ideal, double time)
    {
        int[] floor = new int[ideal.Length], cuts = new int[ideal.Length];
        floor[^1] = before.Length - 1;
        for (int i = capabilities.Length - 1; i > 0; i--)
            while (floor[i] < floor[i + 1] && (before[floor[i + 1]] - before[floor[i]]) / capabilities[i] > time)
                floor[i]++;
        for (int i = 0; i < capabilities.Length; i++)
            cuts[i + 1] = Math.Clamp(ideal[i + 1], Math.Max(cuts[i], floor[i + 1]), Reach(before, cuts[i], capabilities[i], time));
        return cuts;
    }

    // The item boundaries nearest to ΣP_left / ΣP of the work, at least one item a share.
    private static int[] Proportional(double[] before, ReadOnlySpan<double> capabilities)
    {
        int items = before.Length - 1, ranks = capabilities.Length;
        int[] cuts = new int[ranks + 1];
        double total = capabilities.ToArray().Sum(), left = 0;
        for (int i = 1; i < ranks; i++)
        {
            left += capabilities[i - 1];
            double wanted = before[^1] * (left / total);
            int cut = cuts[i - 1];
            while (cut < items && Math.Abs(before[cut + 1] - wanted) < Math.Abs(before[cut] - wanted))
                cut++;
            cuts[i] = Math.Clamp(cut, cuts[i - 1] + 1, items - (ranks - i));
        }
        cuts[ranks] = items;
        return cuts;
    }

    private static double Makespan(double[] before, ReadOnlySpan<double> capabilities, int[] cuts)
    {
        double longest = 0;
        for (int i = 0; i < capabilities.Length; i++)
            longest = Math.Max(longest, (before[cuts[i + 1]] - before[cuts[i]]) / capabilities[i]);
        return longest;
    }
}
