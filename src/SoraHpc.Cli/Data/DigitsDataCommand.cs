using System.CommandLine;
using SoraHpc.Cli.CommandLine;
using SoraHpc.Jobs.Training;

namespace SoraHpc.Cli.Data;

/// <summary><c>sora data digits</c>.</summary>
internal sealed class DigitsDataCommand : IDataCommand
{
    private readonly Option<int?> images = CommandOptions.Integer("--images", "Images to learn from. Default: 12000", least: 100, most: 1_000_000);
    private readonly Option<int?> testImages = CommandOptions.Integer("--test-images", "Images to be judged by. Default: 4000", least: 100, most: 1_000_000);
    private readonly Option<string?> output = CommandOptions.Text("--output", "Folder for four files named as the MNIST database's. Default: digits", "FOLDER");

    /// <inheritdoc/>
    public string Name => "digits";

    /// <inheritdoc/>
    public string Description => "Images like handwritten digits, in the MNIST database's files.";

    /// <inheritdoc/>
    public string Example => "sora data digits --images 12000 --output digits";

    /// <inheritdoc/>
    public IReadOnlyList<Option> Options => [images, testImages, output];

    /// <inheritdoc/>
    public void Make(ParseResult parsed, TextWriter writer)
    {
        DigitsOptions defaults = new();
        int count = parsed.GetValue(images) ?? defaults.Images, testCount = parsed.GetValue(testImages) ?? defaults.TestImages;
        string folder = parsed.GetValue(output) ?? "digits";
        MnistFolder.Write(folder, count, testCount);
        writer.WriteLine($"{folder}: {count} images to learn from, {testCount} to be judged by");
    }
}
