using System.CommandLine;
using SoraHpc.Cli.CommandLine;
using SoraHpc.Communication;
using SoraHpc.Diagnostics;
using SoraHpc.Jobs.Weather;
using SoraHpc.Runtime;

namespace SoraHpc.Cli.Run;

/// <summary><c>sora run weather</c>.</summary>
internal sealed class WeatherCommand : IJobCommand
{
    private readonly Option<int?> testCase = CommandOptions.Integer("--case", "Case of the standard test set to start from: 1, 2, 5 or 6 (instead of --data)");
    private readonly Option<double?> angle = CommandOptions.Number("--angle", "Degrees between flow and equator in cases 1 and 2. Default: 45 in case 1, 0 in case 2");
    private readonly Option<string?> data = CommandOptions.Text("--data", "Latitude–longitude file to start from: of sora data weather, or an analysis with z, u and v", "FILE");
    private readonly Option<double?> level = CommandOptions.Number("--level", "Level to take where the file has several [hPa]. Default: 500");
    private readonly Option<double?> month = CommandOptions.Number("--month", "Month to take where the file has several. Default: the first");
    private readonly Option<double?> hours = CommandOptions.Number("--hours", "Hours of model time. Default: as the test set says for a case, else 24", least: 0);
    private readonly Option<int?> elements = CommandOptions.Integer("--elements", "Elements along each side of a panel of the cubed sphere, 4 × 4 nodes each. Default: 16", least: 1, most: 4096);
    private readonly Option<double?> timeStep = CommandOptions.Number("--time-step", "Longest time step [s]. Default: four fifths of the stability limit");
    private readonly Option<double?> filterHours = CommandOptions.Number("--filter-hours", "Hours over which a start from an analysis is filtered; 0: not at all. Default: 3", least: 0, most: 48);
    private readonly Option<bool> physics = new("--physics") { Description = "Let columns of air with sunlight, longwave radiation and convection act on the flow" };
    private readonly Option<int?> physicsEvery = CommandOptions.Integer("--physics-every", "Steps of the flow between two of the columns. Default: 10", least: 1);
    private readonly Option<int?> layers = CommandOptions.Integer("--layers", "Layers of a column. Default: 32", least: 4, most: Column.MostLayers);
    private readonly Option<string?> date = CommandOptions.Text("--date", "Date and time of the start, for the sun. Default: 2024-03-20T12:00Z", "DATE");
    private readonly Option<string?> output = CommandOptions.Text("--output", "CF file to write; replaced only by a run that succeeds. Default: forecast.h5", "FILE");
    private readonly Option<double?> outputEvery = CommandOptions.Number("--output-every", "Model hours from one written state to the next. Default: 6");
    private readonly Option<int?> outputRows = CommandOptions.Integer("--output-rows", "Rows of the written grid; it has twice as many columns. Default: 180, one degree", least: 4, most: 20000);
    private readonly Option<string?> picture = CommandOptions.Text("--picture", "SVG map of the last state. Default: beside the output, with .svg", "FILE");
    private readonly ParallelOptions parallel = new(resizes: true);

    /// <inheritdoc/>
    public string Name => "weather";

    /// <inheritdoc/>
    public string Description => "Shallow-water forecast on the sphere, from a standard case or a real analysis.";

    /// <inheritdoc/>
    public string Example => "sora run weather --case 5 --hours 24 --output forecast.h5 --ranks 4";

    /// <inheritdoc/>
    public IReadOnlyList<Option> Options =>
        [testCase, angle, data, level, month, hours, elements, timeStep, filterHours, physics, physicsEvery, layers, date, output, outputEvery, outputRows, picture, .. parallel.All];

    /// <inheritdoc/>
    public Func<Communicator, SoraOptions, RunResult> Bind(ParseResult parsed)
    {
        var defaults = new WeatherOptions();
        int? number = parsed.GetValue(testCase);
        if (number is null == parsed.GetValue(data) is null)
            throw new UsageException(number is null ? "give --case 1, 2, 5 or 6, or --data FILE to start from" : "--case and --data: give one of the two");
        if (number is { } chosen)
            _ = WilliamsonCase.Create(chosen, 0);       // says which cases there are, before any rank starts
        WeatherOptions options = new()
        {
            Case = number,
            Angle = parsed.GetValue(angle),
            DataFile = parsed.GetValue(data),
            Level = parsed.GetValue(level) ?? defaults.Level,
            Month = parsed.GetValue(month),
            Hours = parsed.GetValue(hours),
            Elements = parsed.GetValue(elements) ?? defaults.Elements,
            TimeStep = parsed.GetValue(timeStep),
            FilterHours = parsed.GetValue(filterHours) ?? defaults.FilterHours,
            Physics = PhysicsOf(parsed),
            Output = OutputOf(parsed),
            OutputEvery = parsed.GetValue(outputEvery) ?? defaults.OutputEvery,
            OutputRows = parsed.GetValue(outputRows) ?? defaults.OutputRows,
            Picture = PictureOf(parsed),
        };
        ParallelChoices choices = parallel.Of(parsed);
        return (communicator, run) => WeatherJob.Run(communicator,
            options with { Partition = choices.Partition(), Balancing = choices.Balancing(), Sync = choices.Sync(), Elasticity = choices.Elasticity() }, run);
    }

    /// <inheritdoc/>
    public IReadOnlyList<(string Kind, string File)> Files(ParseResult parsed) => [("result", OutputOf(parsed)), ("picture", PictureOf(parsed))];

    private PhysicsOptions? PhysicsOf(ParseResult parsed)
    {
        (int? every, int? count, string? start) = (parsed.GetValue(physicsEvery), parsed.GetValue(layers), parsed.GetValue(date));
        if (!parsed.GetValue(physics))
            return every is null && count is null && start is null ? null : throw new UsageException("--physics-every, --layers and --date are about columns: give --physics too");
        var defaults = new PhysicsOptions();
        return new()
        {
            Every = every ?? defaults.Every,
            Layers = count ?? defaults.Layers,
            Date = start is null ? defaults.Date : PhysicsOptions.ParseDate(start),
        };
    }

    private string OutputOf(ParseResult parsed) => parsed.GetValue(output) ?? "forecast.h5";

    private string PictureOf(ParseResult parsed) => parsed.GetValue(picture) ?? Path.ChangeExtension(OutputOf(parsed), ".svg");
}
