using System.Globalization;
using SoraHpc.Cli.CommandLine;
using SoraHpc.Diagnostics;
using SoraHpc.Learning.Training;

namespace SoraHpc.Cli.Run;

/// <summary>An augmentation as the command line spells it: shift=2,turn=0.2,noise=0.05.</summary>
internal static class AugmentationText
{
    private static readonly string[] Words = ["shift", "turn", "stretch", "slant", "noise", "mix"];

    /// <exception cref="UsageException">A word or a number that is none.</exception>
    internal static Augmentation? Parse(string? text)
    {
        if (text is null)
            return null;
        Augmentation augmentation = new();
        foreach (string each in text.Split(','))
        {
            if (each.Split('=') is not [var word, var number] || !double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out double value))
                throw new UsageException($"--augment: '{each}' is not like shift=2");
            augmentation = word switch
            {
                "shift" => augmentation with { Shift = value },
                "turn" => augmentation with { Turn = value },
                "stretch" => augmentation with { Stretch = value },
                "slant" => augmentation with { Slant = value },
                "noise" => augmentation with { Noise = value },
                "mix" => augmentation with { Mix = value },
                _ => throw new UsageException($"--augment takes {string.Join(", ", Words)}, not '{word}'{Suggestion.For(word, Words)}"),
            };
        }
        return augmentation;
    }
}
