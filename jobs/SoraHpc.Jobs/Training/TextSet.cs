using SoraHpc.Diagnostics;
using SoraHpc.Learning.Blocks;
using SoraHpc.Learning.Training;
using SoraHpc.Solvers.RandomNumbers;

namespace SoraHpc.Jobs.Training;

/// <summary>Labelled texts, those to learn from and those to be judged by: made, or from a file with a line <c>label TAB text</c> each, in UTF-8.</summary>
public sealed class TextSet
{
    private const double JudgedShare = 0.25;

    private readonly Func<long, (string Label, string Text)> training, judged;

    private TextSet(Func<long, (string, string)> training, long count, Func<long, (string, string)> judged, long judgedCount, IReadOnlyList<string> labels, string name) =>
        (this.training, Count, this.judged, JudgedCount, Labels, Name) = (training, count, judged, judgedCount, labels, name);

    /// <summary>Texts to learn from.</summary>
    public long Count { get; }

    /// <summary>Texts to be judged by.</summary>
    public long JudgedCount { get; }

    /// <summary>All labels; a target is a place in it.</summary>
    public IReadOnlyList<string> Labels { get; }

    /// <summary>For reports.</summary>
    public string Name { get; }

    /// <summary>Texts of <see cref="TextCorpus"/>; every rank makes its own.</summary>
    public static TextSet Made(long count, long judgedCount) =>
        new(index => TextCorpus.Make(index, 1), count, index => TextCorpus.Make(index, 2), judgedCount, TextCorpus.Labels, $"{count} made texts, {judgedCount} to be judged by");

    /// <summary>Reads a file. A quarter of the lines, chosen by their number, is to be judged by. Every rank reads the whole file: texts are small.</summary>
    /// <exception cref="SoraException">It cannot be read, a line has no label or no text, or there are fewer than two labels; the line is named.</exception>
    public static TextSet Of(string path)
    {
        List<(string, string)>[] sets = [[], []];
        SortedSet<string> labels = new(StringComparer.Ordinal);
        RandomSequence random = new(1, 0x7E48);
        int number = 0;
        try
        {
            foreach (string line in File.ReadLines(path))
            {
                number++;
                if (line.Length == 0)
                    continue;
                int tab = line.IndexOf('\t');
                if (tab < 1 || string.IsNullOrWhiteSpace(line[(tab + 1)..]))
                    throw new SoraException($"{path}, line {number}: give a label, a tab and a text");
                labels.Add(line[..tab]);
                sets[random.UniformAt(number) < JudgedShare ? 1 : 0].Add((line[..tab], line[(tab + 1)..]));
            }
        }
        catch (Exception reason) when (reason is IOException or UnauthorizedAccessException)
        {
            throw new SoraException($"{path}: the texts cannot be read: {reason.Message}", reason);
        }
        if (labels.Count < 2)
            throw new SoraException($"{path}: {labels.Count} label{(labels.Count == 1 ? "" : "s")} in {number} lines: there must be two or more to tell apart");
        return new(index => sets[0][(int)index], sets[0].Count, index => sets[1][(int)index], sets[1].Count, [.. labels], $"{Path.GetFileName(path)}: {sets[0].Count} texts, {sets[1].Count} to be judged by");
    }

    /// <summary>Texts to learn from, of a rank's strata.</summary>
    public SampleTable<float> Training(HashingTokeniser tokeniser, long begin, long end) => Table(training, Count, tokeniser, begin, end);

    /// <summary>Texts to be judged by, of a rank's strata.</summary>
    public SampleTable<float> Judged(HashingTokeniser tokeniser, long begin, long end) => Table(judged, JudgedCount, tokeniser, begin, end);

    private SampleTable<float> Table(Func<long, (string Label, string Text)> texts, long count, HashingTokeniser tokeniser, long begin, long end)
    {
        float[] rows = new float[(end - begin) * tokeniser.Length], labels = new float[end - begin];
        for (long index = begin; index < end; index++)
        {
            (string label, string text) = texts(index);
            tokeniser.Read(text, rows.AsSpan((int)(index - begin) * tokeniser.Length, tokeniser.Length));
            labels[index - begin] = Enumerable.Range(0, Labels.Count).First(i => Labels[i] == label);
        }
        return new(new Shape(tokeniser.Length), rows, labels, begin, count);
    }
}
