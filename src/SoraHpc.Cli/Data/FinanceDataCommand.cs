using System.CommandLine;
using SoraHpc.Cli.CommandLine;
using SoraHpc.Cli.Run;
using SoraHpc.Jobs.Finance;

namespace SoraHpc.Cli.Data;

/// <summary><c>sora data finance</c>.</summary>
internal sealed class FinanceDataCommand : IDataCommand
{
    private readonly PortfolioOptions portfolio = new();
    private readonly Option<string?> output = CommandOptions.Text("--output", "HDF5 file to write. Default: portfolio.h5", "FILE");

    /// <inheritdoc/>
    public string Name => "finance";

    /// <inheritdoc/>
    public string Description => "A portfolio of correlated shares and options on them.";

    /// <inheritdoc/>
    public string Example => "sora data finance --factors 20 --options 200 --output portfolio.h5";

    /// <inheritdoc/>
    public IReadOnlyList<Option> Options => [.. portfolio.All, output];

    /// <inheritdoc/>
    public void Make(ParseResult parsed, TextWriter writer)
    {
        Portfolio made = portfolio.Of(parsed);
        string path = parsed.GetValue(output) ?? "portfolio.h5";
        PortfolioFile.Write(path, made);
        writer.WriteLine($"{path}: {made.Factors} factors, {made.Options.Length} options");
    }
}
