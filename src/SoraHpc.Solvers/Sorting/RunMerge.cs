using System.Runtime.CompilerServices;

namespace SoraHpc.Solvers.Sorting;

/// <summary>Merges sorted runs that lie one after the other, neighbours pairwise until one is left; of equal keys those of earlier runs come first.</summary>
internal static class RunMerge
{
    /// <param name="scratch">As long as <paramref name="elements"/>.</param>
    /// <param name="lengths">Of the runs; their sum is the number of elements. Lost.</param>
    /// <returns>One of the two arrays, sorted.</returns>
    internal static T[] Merge<T, TKey>(T[] elements, T[] scratch, Span<int> lengths) where T : unmanaged where TKey : struct, IRadixKey<T>
    {
        (T[] from, T[] to) = (elements, scratch);
        for (int runs = lengths.Length; runs > 1; runs = (runs + 1) / 2)
        {
            for (int run = 0, at = 0; run < runs; run += 2)
            {
                int left = lengths[run], right = run + 1 < runs ? lengths[run + 1] : 0;
                Merge<T, TKey>(from.AsSpan(at, left), from.AsSpan(at + left, right), to.AsSpan(at, left + right));
                lengths[run / 2] = left + right;
                at += left + right;
            }
            (from, to) = (to, from);
        }
        return from;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Merge<T, TKey>(ReadOnlySpan<T> left, ReadOnlySpan<T> right, Span<T> merged) where T : unmanaged where TKey : struct, IRadixKey<T>
    {
        int i = 0, j = 0, k = 0;
        if (!left.IsEmpty && !right.IsEmpty && TKey.Of(in left[^1]) > TKey.Of(in right[0]))
            while (i < left.Length && j < right.Length)
                merged[k++] = TKey.Of(in right[j]) < TKey.Of(in left[i]) ? right[j++] : left[i++];
        left[i..].CopyTo(merged[k..]);
        right[j..].CopyTo(merged[(k + left.Length - i)..]);
    }
}
