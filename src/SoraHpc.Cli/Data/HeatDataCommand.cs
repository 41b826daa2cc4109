using System.CommandLine;
using SoraHpc.Cli.CommandLine;
using SoraHpc.Jobs.Heat;

namespace SoraHpc.Cli.Data;

/// <summary><c>sora data heat</c>.</summary>
internal sealed class HeatDataCommand : IDataCommand
{
    private readonly Option<int?> rows = CommandOptions.Integer("--rows", "Rows of the plate. Default: 500", least: 1, most: 1_000_000);
    private readonly Option<int?> columns = CommandOptions.Integer("--columns", "Columns of the plate. Default: as many as rows", least: 1, most: 1_000_000);
    private readonly Option<string?> output = CommandOptions.Text("--output", "HDF5 file to write. Default: plate.h5", "FILE");

    /// <inheritdoc/>
    public string Name => "heat";

    /// <inheritdoc/>
    public string Description => "A plate whose cooling is known exactly.";

    /// <inheritdoc/>
    public string Example => "sora data heat --rows 1000 --columns 1000 --output plate.h5";

    /// <inheritdoc/>
    public IReadOnlyList<Option> Options => [rows, columns, output];

    /// <inheritdoc/>
    public void Make(ParseResult parsed, TextWriter writer)
    {
        int height = parsed.GetValue(rows) ?? 500, width = parsed.GetValue(columns) ?? height;
        string path = parsed.GetValue(output) ?? "plate.h5";
        HeatData.Write(path, height, width);
        writer.WriteLine($"{path}: temperature, {height} × {width}");
    }
}
