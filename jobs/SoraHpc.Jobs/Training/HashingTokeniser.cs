using System.Text;
using SoraHpc.Diagnostics;

namespace SoraHpc.Jobs.Training;

/// <summary>Texts as rows of word numbers without a dictionary: a word's number is its hash, so that every rank finds the same one by itself. Two words may
/// share a number.</summary>
/// <param name="words">Numbers there are, ≥ 2; 0 stands where a text has ended.</param>
/// <param name="length">Words of a row, ≥ 1; what comes after them is not read.</param>
public sealed class HashingTokeniser(int words, int length)
{
    /// <summary>Numbers there are.</summary>
    public int Words { get; } = words >= 2 ? words : throw new UsageException($"{words} word numbers: give 2 or more");

    /// <summary>Words of a row.</summary>
    public int Length { get; } = length >= 1 ? length : throw new UsageException($"texts of {length} words: give 1 or more");

    /// <summary>Writes a text's row. A word is a run of letters and digits; capitals do not count.</summary>
    public void Read(string text, Span<float> row)
    {
        row.Clear();
        int place = 0;
        for (int begin = 0; begin < text.Length && place < row.Length;)
        {
            int end = begin;
            while (end < text.Length && char.IsLetterOrDigit(text[end]))
                end++;
            if (end > begin)
                row[place++] = NumberOf(text.AsSpan(begin, end - begin));
            begin = end + 1;
        }
    }

    // Fowler, Noll and Vo's hash 1a of the bytes of UTF-8, 64 bits; its constants are the authors'.
    private int NumberOf(ReadOnlySpan<char> word)
    {
        ulong hash = 0xCBF29CE484222325;
        foreach (byte each in Encoding.UTF8.GetBytes(word.ToString().ToLowerInvariant()))
            hash = (hash ^ each) * 0x100000001B3;
        return 1 + (int)(hash % (ulong)(Words - 1));
    }
}
