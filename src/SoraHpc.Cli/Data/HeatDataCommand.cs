using System.CommandLine;
using SoraHpc.Cli.CommandLine;
using SoraHpc.Jobs.Heat;

namespace SoraHpc.Cli.Data;

/// <summary><c>sora data heat</c>.</summary>
internal sealed class HeatDataCommand() : DataSetCommand("heat", "A plate whose cooling is known exactly.",
    "sora data heat --rows 1000 --columns 1000 --output plate.h5", "plate.h5")
{
    private readonly Option<int?> rows = CommandOptions.Integer("--rows", "Rows of the plate. Default: 500", least: 1, most: 1_000_000);
    private readonly Option<int?> columns = CommandOptions.Integer("--columns", "Columns of the plate. Default: as many as rows", least: 1, most: 1_000_000);

    /// <inheritdoc/>
    private protected override IReadOnlyList<Option> Options => [rows, columns];

    /// <inheritdoc/>
    private protected override string Make(ParseResult parsed, string path)
    {
        int height = parsed.GetValue(rows) ?? 500, width = parsed.GetValue(columns) ?? height;
        HeatData.Write(path, height, width);
        return $"temperature, {height} × {width}";
    }
}
