using SoraHpc.Communication;

namespace SoraHpc.Solvers.Sorting;

/// <summary>
/// Sorts what all ranks hold together. The ranks' results, one after the other, are the sorted whole: the same on any number of ranks, and
/// stable, so equal keys stay in the order of rank and place they came in.
/// </summary>
/// <remarks>
/// The relative of sample sort that needs no sample: every rank sorts its own, all find the exact keys at the cuts (<see cref="Selection"/>),
/// elements change ranks once, and every rank merges what came. So no rank ever holds more than its share, however keys are distributed.
/// </remarks>
public static class DistributedSort
{
    /// <summary>Sorts; every rank gets as many elements as it gave, so that shares keep their sizes. Collective.</summary>
    /// <param name="own">This rank's elements, possibly none.</param>
    /// <returns>This rank's part of the sorted whole.</returns>
    public static T[] Sort<T, TKey>(Communicator communicator, ReadOnlySpan<T> own) where T : unmanaged where TKey : struct, IRadixKey<T>
    {
        T[] sorted = own.ToArray(), received = new T[own.Length];
        RadixSort.Sort<T, TKey>(sorted, received);
        if (communicator.Size == 1)
            return sorted;
        long[] ends = communicator.Allgather((long)own.Length);
        for (int rank = 1; rank < ends.Length; rank++)
            ends[rank] += ends[rank - 1];
        int[] cuts = Selection.Cut<T, TKey>(communicator, sorted, ends.AsSpan(0, ends.Length - 1));
        int[] sends = new int[communicator.Size], receives = new int[communicator.Size];
        for (int rank = 0; rank < sends.Length; rank++)
            sends[rank] = (rank + 1 < sends.Length ? cuts[rank] : sorted.Length) - (rank > 0 ? cuts[rank - 1] : 0);
        communicator.Alltoall<int>(sends, receives);
        communicator.Alltoallv<T>(sorted, sends, received, receives);
        return RunMerge.Merge<T, TKey>(received, sorted, receives);
    }
}
