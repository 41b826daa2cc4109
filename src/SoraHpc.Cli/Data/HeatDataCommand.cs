using System.CommandLine;
using SoraHpc.Cli.CommandLine;
using SoraHpc.Jobs.Heat;

namespace SoraHpc.Cli.Data;

/// <summary><c>sora data heat</c>.</summary>
internal sealed class HeatDataCommand : IDataCommand
{
    private readonly Option<int?> rows = CommandOptions.Integer("--rows", "Rows of the plate. Default: 1000", least: 1);
    private readonly Option<int?> columns = CommandOptions.Integer("--columns", "Columns of the plate. Default: 1000", least: 1);
    private readonly Option<string?> path = CommandOptions.Text("--output", "HDF5 file to write. Default: plate.h5", "FILE");

    public string Name => "heat";

    public string Description => "A plate to cool down.";

    public string Example => "sora data heat --rows 1000 --columns 1000 --output plate.h5";

    public IReadOnlyList<Option> Options => [rows, columns, path];

    public void Make(ParseResult parsed, TextWriter output)
    {
        (int height, int width, string file) = (parsed.GetValue(rows) ?? 1000, parsed.GetValue(columns) ?? 1000, parsed.GetValue(path) ?? "plate.h5");
        HeatData.Write(file, height, width);
        output.WriteLine($"{file}: temperature ({height}, {width}) [K]");
    }
}
