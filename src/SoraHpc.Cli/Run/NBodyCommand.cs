using System.CommandLine;
using SoraHpc.Cli.CommandLine;
using SoraHpc.Communication;
using SoraHpc.Diagnostics;
using SoraHpc.Jobs.NBody;
using SoraHpc.Runtime;
using SoraHpc.Runtime.Balancing;

namespace SoraHpc.Cli.Run;

/// <summary><c>sora run nbody</c>.</summary>
internal sealed class NBodyCommand : IJobCommand
{
    private readonly Option<string?> data = CommandOptions.Text("--data", "HDF5 file with bodies, instead of ones that are made", "FILE");
    private readonly PlummerOptions model = new();
    private readonly NBodyPhysics physics = new(defaultSteps: 100);
    private readonly Option<string?> deal = CommandOptions.Choice("--deal", "What ranks get equal amounts of: measured cost, or bodies. Default: cost", "cost", "count");
    private readonly Option<string?> balance = CommandOptions.Choice("--balance", "Capability of ranks: equal, or found by a trial of the kernel. Default: static", "static", "measured");
    private readonly Option<int?> samples = CommandOptions.Integer("--samples", "Bodies whose acceleration is compared with the sum over all others at the end. Default: 0", least: 0, most: 1_000_000);
    private readonly Option<string?> output = CommandOptions.Text("--output", "HDF5 file to write; it can be --data of another run. Default: none", "FILE");

    /// <inheritdoc/>
    public string Name => "nbody";

    /// <inheritdoc/>
    public string Description => "Bodies under gravity, by a tree; dealt to ranks by measured cost.";

    /// <inheritdoc/>
    public string Example => "sora run nbody --bodies 100000 --steps 100 --output cluster.h5 --ranks 2";

    /// <inheritdoc/>
    public IReadOnlyList<Option> Options => [data, .. model.All, .. physics.All, deal, balance, samples, output];

    /// <inheritdoc/>
    public Func<Communicator, SoraOptions, RunResult> Bind(ParseResult parsed)
    {
        if (parsed.GetValue(data) is not null && model.AreGiven(parsed))
            throw new UsageException("--data reads bodies, --bodies, --spheres and --seed make them: give one of the two");
        NBodyOptions options = physics.Of(parsed, new()
        {
            Model = model.Of(parsed),
            DataFile = parsed.GetValue(data),
            Output = parsed.GetValue(output),
            Samples = parsed.GetValue(samples) ?? 0,
            DealBy = parsed.GetValue(deal) == "count" ? DealBy.Count : DealBy.Cost,
        });
        bool isMeasured = parsed.GetValue(balance) == "measured";
        return (communicator, run) => NBodyJob.Run(communicator, options with { Balancing = isMeasured ? new MeasuredBalancer() : new StaticBalancer() }, run);
    }

    /// <inheritdoc/>
    public IReadOnlyList<(string Kind, string File)> Files(ParseResult parsed) => parsed.GetValue(output) is { } file ? [("result", file)] : [];
}
