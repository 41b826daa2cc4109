using System.CommandLine;
using SoraHpc.Cli.CommandLine;
using SoraHpc.Learning.Data;

namespace SoraHpc.Cli.Data;

/// <summary><c>sora data table</c>.</summary>
internal sealed class TableDataCommand() : DataSetCommand("table", "A table of what visitors of a shop did, and whether they bought.",
    "sora data table --rows 100000 --columns 12 --kind matrix --output table.h5", "table.h5")
{
    private readonly Option<int?> rows = CommandOptions.Integer("--rows", "Rows. Default: 10000", least: 1);
    private readonly Option<int?> columns = CommandOptions.Integer("--columns", "Columns of features. Default: 8", least: BehaviourTable.LeastColumns, most: 4096);
    private readonly Option<string?> kind = CommandOptions.Choice("--kind", "How features lie in the file. Default: matrix", "matrix", "columns", "sparse");
    private readonly Option<double?> missing = CommandOptions.Number("--missing", "Share of numbers that are missing. Default: 0", least: 0, most: 1);
    private readonly Option<int?> seed = CommandOptions.Integer("--seed", "Of the numbers. Default: 1", least: 0);

    /// <inheritdoc/>
    private protected override IReadOnlyList<Option> Options => [rows, columns, kind, missing, seed];

    /// <inheritdoc/>
    private protected override string Make(ParseResult parsed, string path)
    {
        BehaviourTable table = new() { Columns = parsed.GetValue(columns) ?? 8, Missing = parsed.GetValue(missing) ?? 0, Seed = (ulong)(parsed.GetValue(seed) ?? 1) };
        DataParticle made = table.Rows(0, parsed.GetValue(rows) ?? 10_000);
        TableLayout layout = parsed.GetValue(kind) switch { "columns" => TableLayout.Columns, "sparse" => TableLayout.Sparse, _ => TableLayout.Matrix };
        TableFile.Write(path, made, layout);
        return $"{made.Count} rows of {made.Columns.Count} columns, labels 0 and 1";
    }
}
