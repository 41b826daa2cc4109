using SoraHpc.Communication;

namespace SoraHpc.Jobs.Npb.Is;

/// <summary>The full check: the keys are put where their ranks say, and must then be in order.</summary>
internal static class IsSort
{
    /// <summary>Keys of all ranks that are not in order, or whose place is taken or does not exist; 0 when the ranks are right. Collective.</summary>
    /// <remarks>Rank p gets the values whose first place is in the p-th part of the sorted sequence.</remarks>
    internal static long Misplaced(Communicator world, IsProblem problem, ReadOnlySpan<int> keys, ReadOnlySpan<int> smaller)
    {
        int[] sendCounts = new int[world.Size], receiveCounts = new int[world.Size];
        int[] outgoing = ByOwner(world.Size, problem, keys, smaller, sendCounts);
        world.Alltoall<int>(sendCounts, receiveCounts);
        int[] received = new int[receiveCounts.Sum()];
        world.Alltoallv<int>(outgoing, sendCounts, received, receiveCounts);

        int before = world.Exscan(received.Length, ReduceOperation.Sum);
        long misplaced = Place(received, smaller, before, out int[] sorted);
        for (int i = 1; i < sorted.Length; i++)
            misplaced += sorted[i - 1] > sorted[i] ? 1 : 0;
        int largestBelow = world.Exscan(sorted.Length > 0 ? sorted[^1] : -1, ReduceOperation.Max);
        if (world.Rank > 0 && sorted.Length > 0 && largestBelow > sorted[0])
            misplaced++;
        return world.Allreduce(misplaced, ReduceOperation.Sum);
    }

    private static int[] ByOwner(int ranks, IsProblem problem, ReadOnlySpan<int> keys, ReadOnlySpan<int> smaller, int[] counts)
    {
        foreach (int key in keys)
            counts[Owner(ranks, problem, smaller[key])]++;
        int[] next = new int[ranks];
        for (int rank = 1; rank < ranks; rank++)
            next[rank] = next[rank - 1] + counts[rank - 1];
        int[] sorted = new int[keys.Length];
        foreach (int key in keys)
            sorted[next[Owner(ranks, problem, smaller[key])]++] = key;
        return sorted;
    }

    // A wrong table may hold anything: every key still has an owner, who then finds it misplaced.
    private static int Owner(int ranks, IsProblem problem, int place) => (int)Math.Clamp((long)place * ranks / problem.Keys, 0, ranks - 1);

    private static long Place(int[] keys, ReadOnlySpan<int> smaller, int before, out int[] sorted)
    {
        sorted = new int[keys.Length];
        bool[] taken = new bool[keys.Length];
        int[] next = smaller.ToArray();
        long misplaced = 0;
        foreach (int key in keys)
        {
            int place = next[key]++ - before;
            if ((uint)place >= (uint)sorted.Length || taken[place])
            {
                misplaced++;
                continue;
            }
            taken[place] = true;
            sorted[place] = key;
        }
        return misplaced;
    }
}
