using SoraHpc.Diagnostics;

namespace SoraHpc.Learning.Compression;

/// <summary>
/// The shortest prefix code of symbols that occur with known counts, no code word longer than <see cref="LongestWord"/> bits. Words of the same length
/// are consecutive numbers in the order of their symbols (canonical), so that the lengths alone describe the code.
/// </summary>
/// <remarks>Source: Larmore and Hirschberg, A fast algorithm for optimal length-limited Huffman codes (1990): package-merge.</remarks>
internal sealed class HuffmanCode
{
    /// <summary>Bits of the longest word: lengths fit in four bits.</summary>
    internal const int LongestWord = 15;

    private readonly int[] lengths, countOf = new int[LongestWord + 1], ordered;
    private readonly uint[] words;

    /// <param name="lengths">Bits of every symbol's word, 0 for symbols that do not occur.</param>
    /// <exception cref="SoraException">No code has such words.</exception>
    internal HuffmanCode(int[] lengths)
    {
        this.lengths = lengths;
        words = new uint[lengths.Length];
        ordered = [.. Enumerable.Range(0, lengths.Length).Where(symbol => lengths[symbol] > 0).OrderBy(symbol => lengths[symbol])];
        uint next = 0;
        int before = 0;
        foreach (int symbol in ordered)
        {
            next <<= lengths[symbol] - before;
            before = lengths[symbol];
            if (next >> before != 0)
                throw new SoraException("the lengths of a code's words do not fit each other: the file is damaged");
            words[symbol] = next++;
            countOf[before]++;
        }
    }

    /// <summary>Bits of every symbol's word.</summary>
    internal ReadOnlySpan<int> Lengths => lengths;

    /// <summary>The shortest code.</summary>
    /// <param name="counts">How often every symbol occurs, at most 2¹⁵ symbols.</param>
    internal static HuffmanCode Of(ReadOnlySpan<int> counts)
    {
        int[] occurring = [.. Enumerable.Range(0, counts.Length).Where(Occurs(counts.ToArray()))];
        int[] lengths = new int[counts.Length];
        if (occurring.Length == 1)
            lengths[occurring[0]] = 1;
        if (occurring.Length < 2)
            return new(lengths);
        (long Weight, int[] Symbols)[] coins = [.. occurring.Zip(counts.ToArray().Where(count => count > 0), (symbol, count) => ((long)count, (int[])[symbol])).OrderBy(coin => coin.Item1)];
        (long Weight, int[] Symbols)[] row = coins;
        for (int level = 1; level < LongestWord; level++)
            row = [.. coins.Concat(row.Chunk(2).Where(pair => pair.Length == 2).Select(pair => (pair[0].Weight + pair[1].Weight, (int[])[.. pair[0].Symbols, .. pair[1].Symbols]))).OrderBy(coin => coin.Item1)];
        foreach (int symbol in row.Take(2 * occurring.Length - 2).SelectMany(coin => coin.Symbols))
            lengths[symbol]++;
        return new(lengths);
    }

    /// <summary>Bits of all symbols together.</summary>
    internal long BitsOf(ReadOnlySpan<int> counts)
    {
        long bits = 0;
        for (int symbol = 0; symbol < counts.Length; symbol++)
            bits += (long)counts[symbol] * lengths[symbol];
        return bits;
    }

    internal void Write(BitWriter writer, int symbol) => writer.Write(words[symbol], lengths[symbol]);

    /// <exception cref="SoraException">No word of the code comes next.</exception>
    internal int Read(BitReader reader)
    {
        int word = 0, first = 0, place = 0;
        for (int length = 1; length <= LongestWord; length++)
        {
            word = word << 1 | (int)reader.Read(1);
            first <<= 1;
            if (word - first < countOf[length])
                return ordered[place + word - first];
            place += countOf[length];
            first += countOf[length];
        }
        throw new SoraException("a word is not of its code: the file is damaged");
    }

    private static Func<int, bool> Occurs(int[] counts) => symbol => counts[symbol] > 0;
}
