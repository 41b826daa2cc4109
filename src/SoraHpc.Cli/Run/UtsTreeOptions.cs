using System.CommandLine;
using SoraHpc.Cli.CommandLine;
using SoraHpc.Communication;
using SoraHpc.Diagnostics;
using SoraHpc.Jobs.Uts;

namespace SoraHpc.Cli.Run;

/// <summary>Which tree is searched and how, the same for the run and the measurement.</summary>
internal sealed class UtsTreeOptions
{
    private readonly string defaultTree;
    private readonly Option<string?> tree;
    private readonly Option<int?> lanes = CommandOptions.Integer("--lanes", "Hashes computed side by side: 16, 8, 4 or 1. Default: as many as the processor has lanes", least: 1, most: 16);
    private readonly Option<int?> slowRank = CommandOptions.Integer("--slow-rank", "A rank that does all its work several times, to be as slow as a slower processor. Default: none", least: 0);
    private readonly Option<int?> slowFactor = CommandOptions.Integer("--slow-factor", "Times it does. Default: 4", least: 1, most: 1000);

    internal UtsTreeOptions(string defaultTree)
    {
        this.defaultTree = defaultTree;
        tree = CommandOptions.Choice("--tree", $"A sample tree of the benchmark; its published counts are checked. Default: {defaultTree}", [.. SampleTrees.All.Select(sample => sample.Name)]);
    }

    internal IReadOnlyList<Option> All => [tree, lanes, slowRank, slowFactor];

    /// <exception cref="UsageException">A factor without a rank, or lanes there are not.</exception>
    internal UtsOptions Of(ParseResult parsed)
    {
        int? rank = parsed.GetValue(slowRank), factor = parsed.GetValue(slowFactor);
        if (rank is null && factor is not null)
            throw new UsageException("--slow-factor says how slow, --slow-rank which rank: give both, or --slow-rank alone for 4");
        return new UtsOptions
        {
            Tree = SampleTrees.Named(parsed.GetValue(tree) ?? defaultTree),
            Lanes = parsed.GetValue(lanes) ?? 0,
            SlowRank = rank ?? -1,
            SlowFactor = factor ?? 4,
        };
    }
}
