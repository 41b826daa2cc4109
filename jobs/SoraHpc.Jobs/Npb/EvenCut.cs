namespace SoraHpc.Jobs.Npb;

/// <summary>Contiguous shares of a row of items that differ by at most one; the first ranks have the larger ones.</summary>
internal static class EvenCut
{
    /// <summary>The half-open range [Begin, End) of rank <paramref name="rank"/>.</summary>
    internal static (long Begin, long End) Of(long items, int ranks, int rank) => (Begin(items, ranks, rank), Begin(items, ranks, rank + 1));

    /// <summary>The length of every rank's range.</summary>
    internal static int[] Lengths(long items, int ranks) =>
        [.. Enumerable.Range(0, ranks).Select(rank => checked((int)(Begin(items, ranks, rank + 1) - Begin(items, ranks, rank))))];

    private static long Begin(long items, int ranks, int rank)
    {
        (long quotient, long remainder) = Math.DivRem(items, ranks);
        return rank * quotient + Math.Min(rank, remainder);
    }
}
