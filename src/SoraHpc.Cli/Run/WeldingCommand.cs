using System.CommandLine;
using SoraHpc.Cli.CommandLine;
using SoraHpc.Communication;
using SoraHpc.Jobs.Welding;
using SoraHpc.Runtime;

namespace SoraHpc.Cli.Run;

/// <summary><c>sora run welding</c>.</summary>
internal sealed class WeldingCommand : IJobCommand
{
    private readonly Option<string?> data = CommandOptions.Text("--data", "HDF5 file with the starting temperature, of sora data heat", "FILE");
    private readonly Option<string?> dataset = CommandOptions.Text("--dataset", "Dataset of shape (rows, columns) in it. Default: temperature", "NAME");
    private readonly Option<string?> output = CommandOptions.Text("--output", "HDF5 file to write; replaced only by a run that succeeds", "FILE");
    private readonly WeldingPhysics physics = new();
    private readonly ParallelOptions parallel = new(resizes: true);

    internal WeldingCommand() => data.Required = output.Required = true;

    /// <inheritdoc/>
    public string Name => "welding";

    /// <inheritdoc/>
    public string Description => "A laser on a steel plate: the work moves with it, and blocks can move after it.";

    /// <inheritdoc/>
    public string Example => "sora run welding --data plate.h5 --output welded.h5 --ranks 2 --balance dynamic";

    /// <inheritdoc/>
    public IReadOnlyList<Option> Options => [data, dataset, output, .. physics.All, .. parallel.All];

    /// <inheritdoc/>
    public Func<Communicator, SoraOptions, RunResult> Bind(ParseResult parsed)
    {
        WeldingOptions options = physics.Of(parsed, new()
        {
            DataFile = parsed.GetValue(data)!,
            Dataset = parsed.GetValue(dataset) ?? "temperature",
            Output = parsed.GetValue(output)!,
        });
        ParallelChoices choices = parallel.Of(parsed);
        return (communicator, run) => WeldingJob.Run(communicator,
            options with { Partition = choices.Partition(), Balancing = choices.Balancing(), Sync = choices.Sync(), Elasticity = choices.Elasticity() }, run);
    }

    /// <inheritdoc/>
    public IReadOnlyList<(string Kind, string File)> Files(ParseResult parsed) => [("result", parsed.GetValue(output)!)];
}
