using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SoraHpc.Solvers.Sorting;

/// <summary>Stable sort of one rank's elements by the digits of their keys, the least significant first.</summary>
public static class RadixSort
{
    // 64 bits take six passes. Digits of eight bits, whose buckets' ends fit the first-level cache, take eight, and longer.
    private const int DigitBits = 11, Buckets = 1 << DigitBits, Passes = (64 + DigitBits - 1) / DigitBits;

    /// <summary>Sorts <paramref name="elements"/>; equal keys keep their order.</summary>
    /// <param name="scratch">As long as <paramref name="elements"/>; its contents are lost.</param>
    // Traffic: one reading to count all digits, then a reading and a writing for every digit in which keys differ.
    [SkipLocalsInit]
    public static void Sort<T, TKey>(Span<T> elements, Span<T> scratch) where T : unmanaged where TKey : struct, IRadixKey<T>
    {
        if (scratch.Length != elements.Length)
            throw new ArgumentException($"scratch holds {scratch.Length} elements, {elements.Length} are to be sorted", nameof(scratch));
        Span<int> counts = stackalloc int[Passes * Buckets];
        Count<T, TKey>(elements, counts);
        Span<T> from = elements, to = scratch;
        for (int pass = 0; pass < Passes; pass++)
        {
            Span<int> places = counts.Slice(pass * Buckets, Buckets);
            if (!ToPlaces(places, elements.Length))
                continue;
            Deal<T, TKey>(from, to, places, pass * DigitBits);
            Span<T> dealt = to;
            to = from;
            from = dealt;
        }
        if (from != elements)
            from.CopyTo(elements);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Count<T, TKey>(ReadOnlySpan<T> elements, Span<int> counts) where T : unmanaged where TKey : struct, IRadixKey<T>
    {
        counts.Clear();
        ref int count = ref MemoryMarshal.GetReference(counts);
        foreach (ref readonly T element in elements)
        {
            ulong key = TKey.Of(in element);
            for (int pass = 0; pass < Passes; pass++)
                Unsafe.Add(ref count, pass * Buckets + (int)(key >> pass * DigitBits & Buckets - 1))++;
        }
    }

    // Counts become first places; false when all elements have the same digit, and the pass would change nothing.
    private static bool ToPlaces(Span<int> counts, int elements)
    {
        int place = 0;
        foreach (ref int count in counts)
        {
            if (count == elements)
                return false;
            (count, place) = (place, place + count);
        }
        return true;
    }

    // Unchecked, because the places were counted from the same keys.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Deal<T, TKey>(ReadOnlySpan<T> from, Span<T> to, Span<int> places, int shift) where T : unmanaged where TKey : struct, IRadixKey<T>
    {
        ref T target = ref MemoryMarshal.GetReference(to);
        ref int place = ref MemoryMarshal.GetReference(places);
        foreach (ref readonly T element in from)
            Unsafe.Add(ref target, Unsafe.Add(ref place, (int)(TKey.Of(in element) >> shift & Buckets - 1))++) = element;
    }
}
