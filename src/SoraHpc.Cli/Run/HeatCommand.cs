using System.CommandLine;
using SoraHpc.Cli.CommandLine;
using SoraHpc.Communication;
using SoraHpc.Jobs.Heat;
using SoraHpc.Runtime;

namespace SoraHpc.Cli.Run;

/// <summary><c>sora run heat</c>.</summary>
internal sealed class HeatCommand : IJobCommand
{
    private readonly Option<string?> data = CommandOptions.Text("--data", "HDF5 file with the starting temperature", "FILE");
    private readonly Option<string?> dataset = CommandOptions.Text("--dataset", "Dataset of shape (rows, columns) in it. Default: temperature", "NAME");
    private readonly Option<string?> output = CommandOptions.Text("--output", "HDF5 file to write; replaced only by a run that succeeds", "FILE");
    private readonly Option<int?> steps = CommandOptions.Integer("--steps", "Explicit steps. Default: 1000", least: 0);
    private readonly Option<double?> diffusion = CommandOptions.Number("--diffusion", "α·Δt/Δx²; stable up to 0.25. Default: 0.25");
    private readonly ParallelOptions parallel = new(resizes: true);

    internal HeatCommand() => data.Required = output.Required = true;

    /// <inheritdoc/>
    public string Name => "heat";

    /// <inheritdoc/>
    public string Description => "Heat spreading in a plate: the smallest whole job.";

    /// <inheritdoc/>
    public string Example => "sora run heat --data plate.h5 --output cooled.h5 --ranks 4";

    /// <inheritdoc/>
    public IReadOnlyList<Option> Options => [data, dataset, output, steps, diffusion, .. parallel.All];

    /// <inheritdoc/>
    public Func<Communicator, SoraOptions, RunResult> Bind(ParseResult parsed)
    {
        var defaults = new HeatOptions { DataFile = parsed.GetValue(data)!, Output = parsed.GetValue(output)! };
        HeatOptions options = defaults with
        {
            Dataset = parsed.GetValue(dataset) ?? defaults.Dataset,
            Steps = parsed.GetValue(steps) ?? defaults.Steps,
            DiffusionNumber = parsed.GetValue(diffusion) ?? defaults.DiffusionNumber,
        };
        ParallelChoices choices = parallel.Of(parsed);
        return (communicator, run) => HeatJob.Run(communicator,
            options with { Partition = choices.Partition(), Balancing = choices.Balancing(), Sync = choices.Sync(), Elasticity = choices.Elasticity() }, run);
    }

    /// <inheritdoc/>
    public IReadOnlyList<(string Kind, string File)> Files(ParseResult parsed) => [("result", parsed.GetValue(output)!)];
}
