namespace SoraHpc.Storage.Checkpoints;

/// <summary>
/// Who keeps whose copy: all ranks in a row, node after node, and every copy goes as many places on as the largest node has ranks. With nodes
/// alike that is the rank of the same place on the next node. Every rank keeps one copy. Pure arithmetic.
/// </summary>
/// <remarks>A node's ranks follow each other in the row and are no more than the distance, so a copy stays on its node only where it comes
/// around: where one node has more than half of all ranks, and then as seldom as can be.</remarks>
internal sealed class BuddyRing
{
    private readonly int[] holders, kept;

    /// <param name="nodes">A number for every rank's node.</param>
    internal BuddyRing(ReadOnlySpan<long> nodes)
    {
        long[] nodeOf = nodes.ToArray();
        int[][] together = [.. Enumerable.Range(0, nodeOf.Length).GroupBy(rank => nodeOf[rank]).Select(node => node.ToArray())];
        int[] row = [.. together.SelectMany(node => node)];
        int distance = together.Length == 1 ? 1 : together.Max(node => node.Length);
        (holders, kept) = (new int[row.Length], new int[row.Length]);
        for (int place = 0; place < row.Length; place++)
        {
            int holder = row[(place + distance) % row.Length];
            (holders[row[place]], kept[holder]) = (holder, row[place]);
        }
        AtHome = holders.Where((holder, rank) => nodeOf[holder] == nodeOf[rank]).Count();
    }

    /// <summary>Copies that are on the node of what they are copies of.</summary>
    internal int AtHome { get; }

    /// <summary>The rank that keeps this rank's copy; itself where it is alone.</summary>
    internal int HolderOf(int rank) => holders[rank];

    /// <summary>The rank whose copy this one keeps.</summary>
    internal int KeptBy(int rank) => kept[rank];
}
