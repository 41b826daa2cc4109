using System.CommandLine;
using SoraHpc.Cli.Run;
using SoraHpc.Jobs.ShortestPaths;

namespace SoraHpc.Cli.Data;

/// <summary><c>sora data paths</c>.</summary>
internal sealed class PathsDataCommand() : DataSetCommand("paths", "A weighted graph in compressed rows.",
    "sora data paths --graph rmat --scale 16 --output graph.h5", "graph.h5")
{
    private readonly GraphOptions graph = new();

    /// <inheritdoc/>
    private protected override IReadOnlyList<Option> Options => graph.All;

    /// <inheritdoc/>
    private protected override string Make(ParseResult parsed, string path)
    {
        IGraph made = graph.Of(parsed);
        long arcs = GraphData.Write(path, made);
        return $"{made}, {made.Vertices} vertices, {arcs} arcs";
    }
}
