using System.CommandLine;
using SoraHpc.Cli.CommandLine;
using SoraHpc.Jobs.Finance;

namespace SoraHpc.Cli.Run;

/// <summary>Which portfolio is made, the same for the file and for the measurement.</summary>
internal sealed class PortfolioOptions
{
    private const int DefaultFactors = 20, DefaultOptions = 200;

    private readonly Option<int?> factors = CommandOptions.Integer("--factors", $"Risk factors. Default: {DefaultFactors}", least: 1, most: 1000);
    private readonly Option<int?> options = CommandOptions.Integer("--options", $"Options on them. Default: {DefaultOptions}", least: 0, most: 1_000_000);
    private readonly Option<int?> seed = CommandOptions.Integer("--portfolio-seed", "Which portfolio. Default: 1", least: 0);

    internal IReadOnlyList<Option> All => [factors, options, seed];

    internal Portfolio Of(ParseResult parsed) =>
        PortfolioData.Make(parsed.GetValue(factors) ?? DefaultFactors, parsed.GetValue(options) ?? DefaultOptions, (ulong)(parsed.GetValue(seed) ?? 1));
}
