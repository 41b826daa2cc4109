using System.Text;
using SoraHpc.Solvers.RandomNumbers;

namespace SoraHpc.Jobs.Training;

/// <summary>
/// Texts that are made: four topics, two subjects with two stances each. A subject shows in how often words occur, anywhere in the text. A stance shows only in
/// which of two words stands before the other, somewhere in the second half: both occur equally often in both. Every text is found by its index.
/// </summary>
public static class TextCorpus
{
    /// <summary>Words of a text.</summary>
    public const int Words = 24;

    private const int Topics = 4, Vocabulary = 400, SubjectWords = 40;

    // Of a text: its topic, its places of the two words, then two numbers a word.
    private const int PerText = 128, WordsFrom = 16;

    // How often a word is one of its subject's; how often text and label do not belong together.
    private const double SubjectShare = 0.18, WrongLabels = 0.02;

    /// <summary>Labels of the topics.</summary>
    public static IReadOnlyList<string> Labels { get; } = ["garden-for", "garden-against", "harbour-for", "harbour-against"];

    /// <summary>A text and its label.</summary>
    public static (string Label, string Text) Make(long index, ulong seed)
    {
        double[] random = new double[PerText];
        new RandomSequence(seed, 0x7E47).FillUniform(index * PerText, random);
        int topic = (int)(random[0] * Topics), half = Words / 2, pair = half + (int)(random[1] * (half - 1));
        StringBuilder text = new();
        for (int i = 0; i < Words; i++)
            text.Append(i > 0 ? " " : "").Append(i == pair ? Stance(topic % 2) : i == pair + 1 ? Stance(1 - topic % 2) : Word(topic / 2, random[WordsFrom + 2 * i], random[WordsFrom + 2 * i + 1]));
        int label = random[2] < WrongLabels ? (int)(random[3] * Topics) : topic;
        return (Labels[label], text.ToString());
    }

    private static string Stance(int which) => which == 0 ? "surely" : "hardly";

    // Words are the rarer the higher their number: squares of even random numbers.
    private static string Word(int subject, double kind, double which) =>
        kind < SubjectShare ? $"{(subject == 0 ? "leaf" : "mast")}{(int)(which * which * SubjectWords)}" : $"word{(int)(which * which * Vocabulary)}";
}
