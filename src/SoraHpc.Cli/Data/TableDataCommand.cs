using System.CommandLine;
using SoraHpc.Cli.CommandLine;
using SoraHpc.Learning.Data;

namespace SoraHpc.Cli.Data;

/// <summary><c>sora data table</c>.</summary>
internal sealed class TableDataCommand : IDataCommand
{
    private readonly Option<int?> rows = CommandOptions.Integer("--rows", "Rows. Default: 10000", least: 1);
    private readonly Option<int?> columns = CommandOptions.Integer("--columns", "Columns of features. Default: 8", least: BehaviourTable.LeastColumns, most: 4096);
    private readonly Option<string?> kind = CommandOptions.Choice("--kind", "How features lie in the file. Default: matrix", "matrix", "columns", "sparse");
    private readonly Option<double?> missing = CommandOptions.Number("--missing", "Share of numbers that are missing. Default: 0", least: 0, most: 1);
    private readonly Option<int?> seed = CommandOptions.Integer("--seed", "Of the numbers. Default: 1", least: 0);
    private readonly Option<string?> output = CommandOptions.Text("--output", "HDF5 file to write. Default: table.h5", "FILE");

    /// <inheritdoc/>
    public string Name => "table";

    /// <inheritdoc/>
    public string Description => "A table of what visitors of a shop did, and whether they bought.";

    /// <inheritdoc/>
    public string Example => "sora data table --rows 100000 --columns 12 --kind matrix --output table.h5";

    /// <inheritdoc/>
    public IReadOnlyList<Option> Options => [rows, columns, kind, missing, seed, output];

    /// <inheritdoc/>
    public void Make(ParseResult parsed, TextWriter writer)
    {
        BehaviourTable table = new() { Columns = parsed.GetValue(columns) ?? 8, Missing = parsed.GetValue(missing) ?? 0, Seed = (ulong)(parsed.GetValue(seed) ?? 1) };
        DataParticle made = table.Rows(0, parsed.GetValue(rows) ?? 10_000);
        string path = parsed.GetValue(output) ?? "table.h5";
        TableLayout layout = parsed.GetValue(kind) switch { "columns" => TableLayout.Columns, "sparse" => TableLayout.Sparse, _ => TableLayout.Matrix };
        TableFile.Write(path, made, layout);
        writer.WriteLine($"{path}: {made.Count} rows of {made.Columns.Count} columns, labels 0 and 1");
    }
}
