using System.CommandLine;
using SoraHpc.Cli.CommandLine;
using SoraHpc.Jobs.Training;

namespace SoraHpc.Cli.Data;

/// <summary><c>sora data digits</c>.</summary>
internal sealed class DigitsDataCommand() : DataSetCommand("digits", "Images like handwritten digits, in the MNIST database's files.",
    "sora data digits --images 12000 --output digits", "digits")
{
    private readonly Option<int?> images = CommandOptions.Integer("--images", "Images to learn from. Default: 12000", least: 100, most: 1_000_000);
    private readonly Option<int?> testImages = CommandOptions.Integer("--test-images", "Images to be judged by. Default: 4000", least: 100, most: 1_000_000);

    /// <inheritdoc/>
    private protected override (string What, string Placeholder) Output => ("Folder for four files named as the MNIST database's", "FOLDER");

    /// <inheritdoc/>
    private protected override IReadOnlyList<Option> Options => [images, testImages];

    /// <inheritdoc/>
    private protected override string Make(ParseResult parsed, string path)
    {
        DigitsOptions defaults = new();
        int count = parsed.GetValue(images) ?? defaults.Images, testCount = parsed.GetValue(testImages) ?? defaults.TestImages;
        MnistFolder.Write(path, count, testCount);
        return $"{count} images to learn from, {testCount} to be judged by";
    }
}
