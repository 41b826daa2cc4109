using System.CommandLine;
using SoraHpc.Cli.CommandLine;
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
    private const int DefaultScale = 14, DefaultRows = 300;

    private readonly Option<string?> graph = CommandOptions.Choice("--graph", "Streets in a grid, or a graph like social networks (R-MAT). Default: grid", "grid", "rmat");
    private readonly Option<int?> rows = CommandOptions.Integer("--rows", $"Rows and columns of the grid. Default: {DefaultRows}", least: 1, most: 40_000);
    private readonly Option<int?> scale = CommandOptions.Integer("--scale", $"R-MAT: 2 to this power are the vertices. Default: {DefaultScale}", least: 1, most: 30);
    private readonly Option<int?> edges = CommandOptions.Integer("--edges-per-vertex", "R-MAT: edges a vertex. Default: 16", least: 1, most: 1024);
    private readonly Option<int?> seed = CommandOptions.Integer("--seed", "Of the graph. Default: 1");
    private readonly Option<int?> source = CommandOptions.Integer("--source", "The vertex paths start at. Default: 0", least: 0);
    private readonly Option<string?> sync = CommandOptions.Choice("--sync", "By events as they arrive, or in rounds where all ranks meet. Default: events", "events", "global");
    private readonly Option<bool> verify = new("--verify") { Description = "Compare with Dijkstra's method on rank 0" };
    private readonly Option<string?> output = CommandOptions.Text("--output", "HDF5 file to write. Default: none", "FILE");

    /// <inheritdoc/>
    public string Name => "paths";

    /// <inheritdoc/>
    public string Description => "Shortest paths on a distributed graph, by events or by rounds.";

    /// <inheritdoc/>
    public string Example => "sora run paths --graph rmat --scale 16 --verify --ranks 4";

    /// <inheritdoc/>
    public IReadOnlyList<Option> Options => [graph, rows, scale, edges, seed, source, sync, verify, output];

    /// <inheritdoc/>
    public Func<Communicator, SoraOptions, RunResult> Bind(ParseResult parsed)
    {
        ShortestPathsOptions options = new()
        {
            Graph = GraphOf(parsed),
            Source = parsed.GetValue(source) ?? 0,
            Sync = parsed.GetValue(sync) == "global" ? new GlobalSync() : new EventSync(),
            Verify = parsed.GetValue(verify),
            Output = parsed.GetValue(output),
        };
        options.CheckSource();                              // before any rank starts
        return (communicator, run) => ShortestPathsJob.Run(communicator, options, run);
    }

    /// <inheritdoc/>
    public IReadOnlyList<(string Kind, string File)> Files(ParseResult parsed) => parsed.GetValue(output) is { } file ? [("result", file)] : [];

    private IGraph GraphOf(ParseResult parsed)
    {
        bool isRmat = parsed.GetValue(graph) == "rmat";
        if (isRmat && parsed.GetValue(rows) is not null)
            throw new UsageException("--rows belongs to --graph grid: leave out one of the two");
        if (!isRmat && (parsed.GetValue(scale) ?? parsed.GetValue(edges)) is not null)
            throw new UsageException("--scale and --edges-per-vertex belong to --graph rmat");
        int length = parsed.GetValue(rows) ?? DefaultRows, number = parsed.GetValue(seed) ?? 1;
        return isRmat
            ? new RmatGraph(parsed.GetValue(scale) ?? DefaultScale, parsed.GetValue(edges) ?? 16, number)
            : new GridGraph(length, length, number);
    }
}
