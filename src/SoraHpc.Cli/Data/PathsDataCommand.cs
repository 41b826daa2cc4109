using System.CommandLine;
using SoraHpc.Cli.CommandLine;
using SoraHpc.Cli.Run;
using SoraHpc.Jobs.ShortestPaths;

namespace SoraHpc.Cli.Data;

/// <summary><c>sora data paths</c>.</summary>
internal sealed class PathsDataCommand : IDataCommand
{
    private readonly GraphOptions graph = new();
    private readonly Option<string?> output = CommandOptions.Text("--output", "HDF5 file to write. Default: graph.h5", "FILE");

    /// <inheritdoc/>
    public string Name => "paths";

    /// <inheritdoc/>
    public string Description => "A weighted graph in compressed rows.";

    /// <inheritdoc/>
    public string Example => "sora data paths --graph rmat --scale 16 --output graph.h5";

    /// <inheritdoc/>
    public IReadOnlyList<Option> Options => [.. graph.All, output];

    /// <inheritdoc/>
    public void Make(ParseResult parsed, TextWriter writer)
    {
        IGraph made = graph.Of(parsed);
        string path = parsed.GetValue(output) ?? "graph.h5";
        long arcs = GraphData.Write(path, made);
        writer.WriteLine($"{path}: {made}, {made.Vertices} vertices, {arcs} arcs");
    }
}
