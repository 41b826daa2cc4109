using System.CommandLine;
using SoraHpc.Cli.CommandLine;
using SoraHpc.Diagnostics;
using SoraHpc.Jobs.ShortestPaths;

namespace SoraHpc.Cli.Run;

/// <summary>Which graph is made, the same for the run and for the file.</summary>
internal sealed class GraphOptions
{
    private const int DefaultScale = 14, DefaultRows = 300;

    private readonly Option<string?> graph = CommandOptions.Choice("--graph", "Streets in a grid, or a graph like social networks (R-MAT). Default: grid", "grid", "rmat");
    private readonly Option<int?> rows = CommandOptions.Integer("--rows", $"Rows and columns of the grid. Default: {DefaultRows}", least: 1, most: 40_000);
    private readonly Option<int?> scale = CommandOptions.Integer("--scale", $"R-MAT: 2 to this power are the vertices. Default: {DefaultScale}", least: 1, most: 30);
    private readonly Option<int?> edges = CommandOptions.Integer("--edges-per-vertex", "R-MAT: edges a vertex. Default: 16", least: 1, most: 1024);
    private readonly Option<int?> seed = CommandOptions.Integer("--seed", "Of the graph. Default: 1");

    internal IReadOnlyList<Option> All => [graph, rows, scale, edges, seed];

    /// <summary>Whether any of them is given.</summary>
    internal bool AreGiven(ParseResult parsed) => All.Any(option => parsed.GetResult(option) is { Implicit: false });

    /// <exception cref="UsageException">Options of one graph with another.</exception>
    internal IGraph Of(ParseResult parsed)
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
