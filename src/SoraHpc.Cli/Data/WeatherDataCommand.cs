using System.CommandLine;
using SoraHpc.Cli.CommandLine;
using SoraHpc.Jobs.Weather;

namespace SoraHpc.Cli.Data;

/// <summary><c>sora data weather</c>.</summary>
internal sealed class WeatherDataCommand : IDataCommand
{
    private const int DefaultRows = 360;

    private readonly Option<int?> testCase = CommandOptions.Integer("--case", "Case of the standard test set (Williamson et al. 1992): 1, 2, 5 or 6");
    private readonly Option<double?> angle = CommandOptions.Number("--angle", "Degrees between flow and equator in cases 1 and 2. Default: 45 in case 1, 0 in case 2");
    private readonly Option<int?> rows = CommandOptions.Integer("--rows", $"Rows over the globe; twice as many columns. Default: {DefaultRows}, half a degree", least: 4, most: 20000);
    private readonly Option<string?> output = CommandOptions.Text("--output", "CF file to write. Default: case and its number, case5.h5", "FILE");

    internal WeatherDataCommand() => testCase.Required = true;

    /// <inheritdoc/>
    public string Name => "weather";

    /// <inheritdoc/>
    public string Description => "The initial state of a case of the standard shallow-water test set.";

    /// <inheritdoc/>
    public string Example => "sora data weather --case 5 --output case5.h5";

    /// <inheritdoc/>
    public IReadOnlyList<Option> Options => [testCase, angle, rows, output];

    /// <inheritdoc/>
    public void Make(ParseResult parsed, TextWriter writer)
    {
        int number = parsed.GetValue(testCase)!.Value, height = parsed.GetValue(rows) ?? DefaultRows;
        string path = parsed.GetValue(output) ?? $"case{number}.h5";
        double degrees = parsed.GetValue(angle) ?? (number == 1 ? 45 : 0);
        WilliamsonCase test = WilliamsonCase.Create(number, degrees * (Math.PI / 180));
        WeatherData.Write(path, test, height);
        writer.WriteLine($"{path}: case {number}, {test.Title}, {height} × {2 * height}");
    }
}
