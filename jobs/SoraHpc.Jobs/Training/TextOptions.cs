using SoraHpc.Diagnostics;

namespace SoraHpc.Jobs.Training;

/// <summary>Which texts are told apart, and how.</summary>
public sealed record TextOptions : NetworkOptions
{
    /// <summary>What <see cref="Data"/> says for texts that are made.</summary>
    public const string Made = "text";

    /// <summary>By default, the largest rate is 0.005.</summary>
    public TextOptions() => Training = Training with { Rate = Training.Rate with { Base = 5e-3 } };

    /// <summary>A file with a line "label TAB text" each, or <see cref="Made"/>. Default: made.</summary>
    public string Data { get; init; } = Made;

    /// <summary>Texts to learn from where they are made, ≥ 100. Default: 6000.</summary>
    public int Texts { get; init => field = value >= 100 ? value : throw new UsageException($"{value} texts to learn from: give 100 or more"); } = 6_000;

    /// <summary>Texts to be judged by where they are made, ≥ 100. Default: 2000.</summary>
    public int TestTexts { get; init => field = value >= 100 ? value : throw new UsageException($"{value} texts to be judged by: give 100 or more"); } = 2_000;

    /// <summary>Words that are read of a text, even and ≥ 2. Default: 24, all of a made one.</summary>
    public int Words { get; init => field = value >= 2 && value % 2 == 0 ? value : throw new UsageException($"texts of {value} words: give an even number, 2 or more"); } = TextCorpus.Words;

    /// <summary>Size of the vocabulary, ≥ 2. Default: 2048.</summary>
    public int Vocabulary { get; init => field = value >= 2 ? value : throw new UsageException($"a vocabulary of {value} words: give 2 or more"); } = 2048;

    /// <summary>SVG file with the contributions of all sub-models; null for none.</summary>
    public string? Picture { get; init; }

    /// <summary>Folder for pictures and tables that explain the models; null for none.</summary>
    public string? Explain { get; init; }
}
