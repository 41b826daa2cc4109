using System.CommandLine;
using SoraHpc.Cli.CommandLine;
using SoraHpc.Communication;
using SoraHpc.Diagnostics;
using SoraHpc.Jobs.Uts;
using SoraHpc.Runtime.Stealing;

namespace SoraHpc.Cli.Run;

/// <summary>Which tree is searched and how, the same for the run and the measurement.</summary>
internal sealed class UtsTreeOptions
{
    private static readonly Dictionary<string, StealTransport> Transports = new()
    {
        ["measured"] = StealTransport.Measured, ["rma"] = StealTransport.Rma, ["polled"] = StealTransport.PolledRma, ["messages"] = StealTransport.Messages,
    };

    private readonly string defaultTree;
    private readonly Option<string?> tree;
    private readonly Option<int?> lanes = CommandOptions.Integer("--lanes", "Hashes computed side by side: 16, 8, 4 or 1. Default: as many as the processor has lanes", least: 1, most: 16);
    private readonly Option<int?> slowRank = CommandOptions.Integer("--slow-rank", "A rank that does all its work several times, to be as slow as a slower processor. Default: none", least: 0);
    private readonly Option<int?> slowFactor = CommandOptions.Integer("--slow-factor", "Times it does. Default: 4", least: 1, most: 1000);

    private readonly Option<string?> betweenNodes = CommandOptions.Choice("--between-nodes", "How tasks go from node to node. Default: as measured at the start", [.. Transports.Keys]);
    private readonly Option<int?> ranksPerNode = CommandOptions.Integer("--ranks-per-node", "For trying on one machine: so many ranks form a node and share no memory with the others. Default: the ranks that do share it", least: 1);

    internal UtsTreeOptions(string defaultTree)
    {
        this.defaultTree = defaultTree;
        tree = CommandOptions.Choice("--tree", $"A sample tree of the benchmark; its published counts are checked. Default: {defaultTree}", [.. SampleTrees.All.Select(sample => sample.Name)]);
    }

    internal IReadOnlyList<Option> All => [tree, lanes, slowRank, slowFactor, betweenNodes, ranksPerNode];

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
            Stealing = new() { BetweenNodes = Transports[parsed.GetValue(betweenNodes) ?? "measured"], RanksPerNode = parsed.GetValue(ranksPerNode) ?? 0 },
        };
    }
}
