using System.Numerics;
using SoraHpc.Communication;

namespace SoraHpc.Solvers.Sorting;

/// <summary>Finds elements of all ranks by their place in the sorted whole, without moving any.</summary>
public static class Selection
{
    // Four bits of every key are found in a round: 15 trial keys each, at most 16 rounds of one allreduce.
    private const int DigitBits = 4, Trials = (1 << DigitBits) - 1;

    /// <summary>The keys at <paramref name="places"/> of the sorted whole; the same on every rank. Collective.</summary>
    /// <param name="sorted">This rank's elements, ascending by key.</param>
    /// <param name="places">Each in [0, number of elements on all ranks); the same on every rank.</param>
    public static ulong[] KeysAt<T, TKey>(Communicator communicator, ReadOnlySpan<T> sorted, ReadOnlySpan<long> places) where T : unmanaged where TKey : struct, IRadixKey<T>
    {
        // The largest and, as its complement, the smallest key: what leading digits they share need no round.
        Span<ulong> extremes = sorted.IsEmpty ? [0, 0] : [TKey.Of(in sorted[^1]), ~TKey.Of(in sorted[0])];
        communicator.Allreduce(extremes, ReduceOperation.Max);
        ulong[] keys = new ulong[places.Length];
        if (extremes[0] < ~extremes[1])
            return keys;                                                            // no element anywhere
        int shift = (64 - BitOperations.LeadingZeroCount(extremes[0] ^ ~extremes[1]) + DigitBits - 1) / DigitBits * DigitBits;
        Array.Fill(keys, shift == 64 ? 0 : extremes[0] >> shift << shift);
        long[] below = new long[places.Length * Trials];
        while ((shift -= DigitBits) >= 0)
        {
            for (int i = 0; i < below.Length; i++)
                below[i] = FirstNotBelow<T, TKey>(sorted, keys[i / Trials] | (ulong)(i % Trials + 1) << shift);
            communicator.Allreduce<long>(below, ReduceOperation.Sum);
            for (int i = 0; i < keys.Length; i++)
                keys[i] |= (ulong)DigitAt(below.AsSpan(i * Trials, Trials), places[i]) << shift;
        }
        return keys;
    }

    /// <summary>
    /// Where to cut this rank's elements so that <paramref name="ends"/>[i] elements of all ranks lie before cut i; of equal keys those of lower
    /// ranks come first. Collective.
    /// </summary>
    /// <param name="sorted">This rank's elements, ascending by key.</param>
    /// <param name="ends">Ascending, each in [0, number of elements on all ranks]; the same on every rank.</param>
    public static int[] Cut<T, TKey>(Communicator communicator, ReadOnlySpan<T> sorted, ReadOnlySpan<long> ends) where T : unmanaged where TKey : struct, IRadixKey<T>
    {
        long total = communicator.Allreduce((long)sorted.Length, ReduceOperation.Sum);
        long[] places = new long[ends.Length];
        for (int i = 0; i < places.Length; i++)
            places[i] = Math.Clamp(ends[i], 0, Math.Max(0, total - 1));
        ulong[] keys = KeysAt<T, TKey>(communicator, sorted, places);
        long[] below = new long[ends.Length], equal = new long[ends.Length];
        for (int i = 0; i < keys.Length; i++)
        {
            below[i] = FirstNotBelow<T, TKey>(sorted, keys[i]);
            equal[i] = (keys[i] == ulong.MaxValue ? sorted.Length : FirstNotBelow<T, TKey>(sorted, keys[i] + 1)) - below[i];
        }
        long[] allBelow = [.. below], equalBefore = new long[ends.Length];
        communicator.Allreduce<long>(allBelow, ReduceOperation.Sum);
        communicator.Exscan<long>(equal, equalBefore, ReduceOperation.Sum);
        if (communicator.Rank == 0)
            Array.Clear(equalBefore);                                               // an exclusive scan leaves rank 0 undefined
        int[] cuts = new int[ends.Length];
        for (int i = 0; i < cuts.Length; i++)
            cuts[i] = (int)(below[i] + Math.Clamp(ends[i] - allBelow[i] - equalBefore[i], 0, equal[i]));
        return cuts;
    }

    // The largest digit with no more elements below it than there are before the place.
    private static int DigitAt(ReadOnlySpan<long> below, long place)
    {
        int digit = 0;
        while (digit < below.Length && below[digit] <= place)
            digit++;
        return digit;
    }

    private static int FirstNotBelow<T, TKey>(ReadOnlySpan<T> sorted, ulong key) where T : unmanaged where TKey : struct, IRadixKey<T>
    {
        int low = 0, high = sorted.Length;
        while (low < high)
        {
            int middle = (int)((uint)(low + high) / 2);
            if (TKey.Of(in sorted[middle]) < key)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }
}
