using System.CommandLine;
using SoraHpc.Cli.CommandLine;
using SoraHpc.Communication;
using SoraHpc.Jobs.Heat;
using SoraHpc.Runtime;

namespace SoraHpc.Cli.Run;

/// <summary><c>sora run heat</c>.</summary>
internal sealed class HeatCommand : IJobCommand
{
    private readonly Option<string?> data = CommandOptions.Text("--data", "HDF5 file with the plate to start from (sora data heat makes one)", "FILE");
    private readonly Option<string?> dataset = CommandOptions.Text("--dataset", "Dataset in it. Default: temperature", "NAME");
    private readonly Option<string?> output = CommandOptions.Text("--output", "HDF5 file to write. Default: heat.h5", "FILE");
    private readonly Option<int?> steps = CommandOptions.Integer("--steps", "Explicit steps. Default: 1000", least: 0);
    private readonly Option<double?> diffusion = CommandOptions.Number("--diffusion", "Diffusion number α·Δt/Δx². Default: 0.25", least: 0);
    private readonly SharingOptions sharing = new();

    public string Name => "heat";

    public string Description => "Heat spreading in a plate: the smallest whole job.";

    public string Example => "sora run heat --data plate.h5 --output cooled.h5 --ranks 4";

    public IReadOnlyList<Option> Options => [data, dataset, output, steps, diffusion, .. sharing.All];

    public Func<Communicator, SoraOptions, RunResult> Bind(ParseResult parsed)
    {
        HeatOptions options = new()
        {
            DataFile = parsed.GetValue(data) ?? throw new Diagnostics.UsageException("run heat needs --data FILE; sora data heat makes one"),
            Output = parsed.GetValue(output) ?? "heat.h5",
            Dataset = parsed.GetValue(dataset) ?? "temperature",
            Steps = parsed.GetValue(steps) ?? 1000,
            DiffusionNumber = parsed.GetValue(diffusion) ?? 0.25,
            Partition = sharing.Partitioner(parsed),
            Capabilities = sharing.Capabilities(parsed),
            Sync = sharing.Sync(parsed, defaultInterval: 100),
        };
        return (communicator, sora) => HeatJob.Run(communicator, options, sora);
    }
}
