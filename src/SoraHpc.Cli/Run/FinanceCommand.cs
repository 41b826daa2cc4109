using System.CommandLine;
using SoraHpc.Cli.CommandLine;
using SoraHpc.Communication;
using SoraHpc.Jobs.Finance;
using SoraHpc.Runtime;

namespace SoraHpc.Cli.Run;

/// <summary><c>sora run finance</c>.</summary>
internal sealed class FinanceCommand : IJobCommand
{
    private readonly Option<string?> data = CommandOptions.Text("--data", "HDF5 file with a portfolio", "FILE");
    private readonly Option<int?> scenarios = CommandOptions.Integer("--scenarios", "Scenarios. Default: 1000000", least: 1);
    private readonly Option<double?> days = CommandOptions.Number("--days", "Trading days ahead. Default: 10", least: 1e-3, most: 1e5);
    private readonly Option<double?> level = CommandOptions.Number("--level", "Probability that the loss stays below the value at risk. Default: 0.99", least: 1e-6, most: 1 - 1e-6);
    private readonly Option<int?> seed = CommandOptions.Integer("--seed", "Which random numbers. Default: 1", least: 0);
    private readonly Option<string?> returns = CommandOptions.Choice("--returns", "How prices move; normal, without options, has an answer in closed form. Default: lognormal", "lognormal", "normal");
    private readonly Option<int?> steps = CommandOptions.Integer("--steps", "Steps the scenarios are computed in. Default: 20", least: 1);
    private readonly Option<string?> output = CommandOptions.Text("--output", "HDF5 file for the loss in every scenario. Default: none", "FILE");
    private readonly Option<string?> picture = CommandOptions.Text("--picture", "SVG file for the losses' distribution. Default: none", "FILE");
    private readonly ParallelOptions parallel = new();

    internal FinanceCommand() => data.Required = true;

    /// <inheritdoc/>
    public string Name => "finance";

    /// <inheritdoc/>
    public string Description => "Value at risk of a portfolio with options, by Monte Carlo.";

    /// <inheritdoc/>
    public string Example => "sora run finance --data portfolio.h5 --scenarios 1000000 --picture losses.svg --ranks 4";

    /// <inheritdoc/>
    public IReadOnlyList<Option> Options => [data, scenarios, days, level, seed, returns, steps, output, picture, .. parallel.All];

    /// <inheritdoc/>
    public Func<Communicator, SoraOptions, RunResult> Bind(ParseResult parsed)
    {
        FinanceOptions defaults = new() { DataFile = parsed.GetValue(data)! };
        FinanceOptions options = defaults with
        {
            Scenarios = parsed.GetValue(scenarios) ?? defaults.Scenarios,
            Days = parsed.GetValue(days) ?? defaults.Days,
            Level = parsed.GetValue(level) ?? defaults.Level,
            Seed = (ulong)(parsed.GetValue(seed) ?? (int)defaults.Seed),
            Returns = parsed.GetValue(returns) == "normal" ? ReturnModel.Normal : ReturnModel.Lognormal,
            Steps = parsed.GetValue(steps) ?? defaults.Steps,
            Output = parsed.GetValue(output),
            Picture = parsed.GetValue(picture),
        };
        options.CheckScenarios();                           // before any rank starts
        ParallelChoices choices = parallel.Of(parsed);
        return (communicator, run) => FinanceJob.Run(communicator,
            options with { Partition = choices.Partition(), Balancing = choices.Balancing(), Sync = choices.Sync() }, run);
    }

    /// <inheritdoc/>
    public IReadOnlyList<(string Kind, string File)> Files(ParseResult parsed) =>
    [
        .. parsed.GetValue(output) is { } file ? [("result", file)] : Array.Empty<(string, string)>(),
        .. parsed.GetValue(picture) is { } drawing ? [("picture", drawing)] : Array.Empty<(string, string)>(),
    ];
}
