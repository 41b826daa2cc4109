namespace SoraHpc.Decomposition;

/// <summary>Divides whole things in proportion to weights.</summary>
public static class Apportionment
{
    /// <summary>
    /// Shares of <paramref name="items"/> in proportion to <paramref name="weights"/> by the method of largest remainders
    /// (Hamilton), each at least 1; ties go to the lower index. Equal weights give shares that differ by at most one.
    /// </summary>
    /// <param name="items">≥ the number of weights.</param>
    /// <param name="weights">Each > 0.</param>
    public static long[] LargestRemainder(long items, ReadOnlySpan<double> weights)
    {
        if (items < weights.Length)
            throw new PartitionException($"{items} pieces cannot be shared by {weights.Length} parts: use at most {items} parts");
        double total = 0;
        foreach (double weight in weights)
            total += weight > 0 && double.IsFinite(weight) ? weight
                : throw new PartitionException($"a capability of {weight} is not a positive number");
        long[] shares = new long[weights.Length];
        double[] remainders = new double[weights.Length];
        long given = 0;
        for (int i = 0; i < weights.Length; i++)
        {
            double quota = items * (weights[i] / total);
            shares[i] = Math.Max(1, (long)quota);
            remainders[i] = quota - shares[i];
            given += shares[i];
        }
        for (; given < items; given++)
            Move(+1, shares, remainders);
        for (; given > items; given--)          // minimum shares of 1 may have given away too much
            Move(-1, shares, remainders);
        return shares;
    }

    // One more to the largest remainder, or one back from the smallest among those that can spare it.
    private static void Move(int by, long[] shares, double[] remainders)
    {
        int chosen = -1;
        for (int i = 0; i < shares.Length; i++)
            if ((by > 0 || shares[i] > 1) && (chosen < 0 || by * remainders[i] > by * remainders[chosen]))
                chosen = i;
        shares[chosen] += by;
        remainders[chosen] -= by;
    }

    /// <summary>Where the shares begin and end: 0, s₀, s₀ + s₁, … times <paramref name="unit"/>, the last cut at <paramref name="length"/>.</summary>
    internal static long[] Cuts(ReadOnlySpan<long> shares, long unit, long length)
    {
        long[] cuts = new long[shares.Length + 1];
        for (int i = 0; i < shares.Length; i++)
            cuts[i + 1] = Math.Min(length, cuts[i] + shares[i] * unit);
        cuts[^1] = length;
        return cuts;
    }
}
