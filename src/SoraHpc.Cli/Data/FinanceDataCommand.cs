using System.CommandLine;
using SoraHpc.Cli.Run;
using SoraHpc.Jobs.Finance;

namespace SoraHpc.Cli.Data;

/// <summary><c>sora data finance</c>.</summary>
internal sealed class FinanceDataCommand() : DataSetCommand("finance", "A portfolio of correlated shares and options on them.",
    "sora data finance --factors 20 --options 200 --output portfolio.h5", "portfolio.h5")
{
    private readonly PortfolioOptions portfolio = new();

    /// <inheritdoc/>
    private protected override IReadOnlyList<Option> Options => portfolio.All;

    /// <inheritdoc/>
    private protected override string Make(ParseResult parsed, string path)
    {
        Portfolio made = portfolio.Of(parsed);
        PortfolioFile.Write(path, made);
        return $"{made.Factors} factors, {made.Options.Length} options";
    }
}
