using System.CommandLine;
using SoraHpc.Cli.CommandLine;
using SoraHpc.Jobs.Weather;

namespace SoraHpc.Cli.Data;

/// <summary><c>sora data weather</c>.</summary>
internal sealed class WeatherDataCommand : DataSetCommand
{
    private const int DefaultRows = 360;

    private readonly Option<int?> testCase = CommandOptions.Integer("--case", "Case of the standard test set (Williamson et al. 1992): 1, 2, 5 or 6");
    private readonly Option<double?> angle = CommandOptions.Number("--angle", "Degrees between flow and equator in cases 1 and 2. Default: 45 in case 1, 0 in case 2");
    private readonly Option<int?> rows = CommandOptions.Integer("--rows", $"Rows over the globe; twice as many columns. Default: {DefaultRows}, half a degree", least: 4, most: 20000);

    internal WeatherDataCommand()
        : base("weather", "The initial state of a case of the standard shallow-water test set.", "sora data weather --case 5 --output case5.h5", "case and its number, case5.h5") =>
        testCase.Required = true;

    /// <inheritdoc/>
    private protected override (string What, string Placeholder) Output => ("CF file to write", "FILE");

    /// <inheritdoc/>
    private protected override IReadOnlyList<Option> Options => [testCase, angle, rows];

    /// <inheritdoc/>
    private protected override string StandardFor(ParseResult parsed) => $"case{parsed.GetValue(testCase)}.h5";

    /// <inheritdoc/>
    private protected override string Make(ParseResult parsed, string path)
    {
        int number = parsed.GetValue(testCase)!.Value, height = parsed.GetValue(rows) ?? DefaultRows;
        double degrees = parsed.GetValue(angle) ?? (number == 1 ? 45 : 0);
        WilliamsonCase test = WilliamsonCase.Create(number, degrees * (Math.PI / 180));
        WeatherData.Write(path, test, height);
        return $"case {number}, {test.Title}, {height} × {2 * height}";
    }
}
