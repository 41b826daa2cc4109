using System.CommandLine;
using SoraHpc.Cli.CommandLine;
using SoraHpc.Cli.Plugins;
using SoraHpc.Communication;
using SoraHpc.Diagnostics;
using SoraHpc.Jobs.ShortestPaths;
using SoraHpc.Runtime;
using SoraHpc.Runtime.Events;
using SoraHpc.Runtime.Synchronization;

namespace SoraHpc.Cli.Run;

/// <summary><c>sora run paths</c>.</summary>
internal sealed class ShortestPathsCommand : IJobCommand
{
    private readonly Option<string?> data = CommandOptions.Text("--data", "HDF5 file with a graph, instead of one that is made", "FILE");
    private readonly GraphOptions graph = new();
    private readonly Option<int?> source = CommandOptions.Integer("--source", "The vertex paths start at. Default: 0", least: 0);
    private readonly PluginOption plugin = new();
    private readonly StrategyOption sync;
    private readonly Option<bool> verify = new("--verify") { Description = "Compare with Dijkstra's method on rank 0" };
    private readonly Option<string?> output = CommandOptions.Text("--output", "HDF5 file to write. Default: none", "FILE");

    internal ShortestPathsCommand() => sync = new(plugin, "--sync",
        "By events as they arrive, or in rounds where all ranks meet, or in rounds and a protocol of your own. Default: events", typeof(ISyncProtocol), ["events", "global"]);

    /// <inheritdoc/>
    public string Name => "paths";

    /// <inheritdoc/>
    public string Description => "Shortest paths on a distributed graph, by events or by rounds.";

    /// <inheritdoc/>
    public string Example => "sora run paths --graph rmat --scale 16 --verify --ranks 4";

    /// <inheritdoc/>
    public IReadOnlyList<Option> Options => [data, .. graph.All, source, sync.Option, plugin.Option, verify, output];

    /// <inheritdoc/>
    public Func<Communicator, SoraOptions, RunResult> Bind(ParseResult parsed)
    {
        string? file = parsed.GetValue(data);
        if (file is not null && graph.AreGiven(parsed))
            throw new UsageException("--data reads a graph, --graph and what belongs to it make one: give one of the two");
        ShortestPathsOptions options = new()
        {
            Graph = file is null ? graph.Of(parsed) : null,
            DataFile = file,
            Source = parsed.GetValue(source) ?? 0,
            Verify = parsed.GetValue(verify),
            Output = parsed.GetValue(output),
        };
        options.CheckSource();                              // before any rank starts
        Func<ISyncProtocol> protocol = sync.Factory<ISyncProtocol>(parsed) ?? (() => parsed.GetValue(sync.Option) == "global" ? new GlobalSync() : new EventSync());
        return (communicator, run) => ShortestPathsJob.Run(communicator, options with { Sync = protocol() }, run);
    }

    /// <inheritdoc/>
    public IReadOnlyList<(string Kind, string File)> Files(ParseResult parsed) => parsed.GetValue(output) is { } file ? [("result", file)] : [];
}
