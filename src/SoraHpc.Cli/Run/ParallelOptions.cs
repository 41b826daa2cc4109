using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using SoraHpc.Cli.CommandLine;
using SoraHpc.Cli.Plugins;
using SoraHpc.Decomposition;
using SoraHpc.Diagnostics;
using SoraHpc.Runtime.Balancing;
using SoraHpc.Runtime.Elasticity;
using SoraHpc.Runtime.Synchronization;

namespace SoraHpc.Cli.Run;

/// <summary>How a run is cut, weighted, synchronised and resized; the same for every job that runs on <see cref="Runtime.Sora"/>, and without effect on its numbers.</summary>
internal sealed class ParallelOptions
{
    private const int DefaultInterval = 100, DefaultBlocks = 16;

    private readonly PluginOption plugin = new();
    private readonly StrategyOption partition, balance, sync;
    private readonly ElasticOption? elastic;
    private readonly Option<int?> syncEvery = CommandOptions.Integer("--sync-every", $"Steps from one global meeting to the next. Default: {DefaultInterval}", least: 1);
    private readonly Option<string?> capabilities = CommandOptions.Text("--capabilities", "Relative speed of every rank; shares of the grid follow it. Default: equal", "P0,P1,…");
    private readonly Option<int?> blocks = CommandOptions.Integer("--blocks", $"Blocks a rank where they move, as with --balance dynamic. Default: {DefaultBlocks}", least: 2, most: 1024);

    /// <param name="resizes">The job can hand its state to other ranks.</param>
    internal ParallelOptions(bool resizes = false)
    {
        partition = new(plugin, "--partition", "How the grid is cut. Default: cartesian; hilbert where blocks move",
            typeof(IPartitioner), ["slab", "cartesian", "cyclic", "hilbert", "bisection", "graph"]);
        balance = new(plugin, "--balance", "How shares follow capability: cut once; cut once by a trial of the kernel; or blocks that move between steps. Default: static",
            typeof(IBalancer), ["static", "measured", "dynamic"]);
        sync = new(plugin, "--sync", "Who meets between steps: all ranks or neighbours only. Default: global", typeof(ISyncProtocol), ["global", "local"]);
        if (resizes)
            elastic = new(plugin);
        capabilities.Validators.Add(CheckCapabilities);
    }

    internal IReadOnlyList<Option> All => [partition.Option, sync.Option, syncEvery, capabilities, balance.Option, blocks, .. elastic is null ? (IEnumerable<Option>)[] : [elastic.Option], plugin.Option];

    /// <exception cref="UsageException">Options that do not go together.</exception>
    /// <exception cref="PluginException">A plug-in that cannot be loaded, or does not have what is asked for.</exception>
    internal ParallelChoices Of(ParseResult parsed)
    {
        Func<IBalancer> balancing = BalancingOf(parsed);
        return new(PartitionOf(parsed, balancing().MovesParts), balancing, SyncOf(parsed), elastic?.Of(parsed) ?? (() => new FixedSize()));
    }

    private Func<IPartitioner> PartitionOf(ParseResult parsed, bool partsMove)
    {
        string? word = parsed.GetValue(partition.Option);
        int? wanted = parsed.GetValue(blocks);
        if (parsed.GetValue(balance.Option) == "dynamic" && word is not (null or "hilbert"))
            throw new UsageException($"--balance dynamic moves blocks along a Hilbert curve: leave out --partition {word}");
        if (wanted is not null && !partsMove)
            throw new UsageException("--blocks belongs to --balance dynamic: leave it out, or give both");
        if (partsMove && word is (null or "hilbert"))
            return () => new SpaceFillingCurvePartitioner(wanted ?? DefaultBlocks) { Merges = false };
        if (wanted is not null)
            throw new UsageException($"--blocks belongs to --partition hilbert: leave out one of --blocks and --partition {word}");
        return partition.Factory<IPartitioner>(parsed) ?? (() => word switch
        {
            "slab" => new SlabPartitioner(),
            "cyclic" => new BlockCyclicPartitioner(),
            "hilbert" => new SpaceFillingCurvePartitioner(),
            "bisection" => new BisectionPartitioner(),
            "graph" => new GraphPartitioner(),
            _ => new CartesianPartitioner(),
        });
    }

    private Func<IBalancer> BalancingOf(ParseResult parsed)
    {
        double[] given = CapabilitiesOf(parsed);
        string? word = parsed.GetValue(balance.Option);
        if (given.Length > 0 && word == "measured")
            throw new UsageException("--balance measured finds out what --capabilities says: leave out one of the two");
        if (given.Length > 0 && balance.IsType(parsed))
            throw new UsageException($"--capabilities is for our own balancers: leave it out, or --balance {word}");
        return balance.Factory<IBalancer>(parsed) ?? (() => word switch
        {
            "measured" => new MeasuredBalancer(),
            "dynamic" => new DynamicBalancer(start: new StaticBalancer(given)),
            _ => new StaticBalancer(given),
        });
    }

    private Func<ISyncProtocol> SyncOf(ParseResult parsed)
    {
        int? interval = parsed.GetValue(syncEvery);
        string? word = parsed.GetValue(sync.Option);
        if (interval is not null && word is not (null or "global"))
            throw new UsageException("--sync-every belongs to --sync global: leave out one of the two");
        return sync.Factory<ISyncProtocol>(parsed) ?? (() => word == "local" ? new LocalSync() : new GlobalSync(interval ?? DefaultInterval));
    }

    /// <summary>One positive number a rank; empty when not given.</summary>
    private double[] CapabilitiesOf(ParseResult parsed) =>
        parsed.GetValue(capabilities) is { } list ? Array.ConvertAll(list.Split(','), number => Parse(number) ?? double.NaN) : [];

    private static void CheckCapabilities(OptionResult result)
    {
        if (result.Tokens is [{ Value: var list }] && list.Split(',').FirstOrDefault(number => Parse(number) is null) is { } wrong)
            result.AddError($"--capabilities takes positive numbers with commas between them, such as 1,1,2; '{wrong}' is none");
    }

    private static double? Parse(string number) =>
        double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && value > 0 && double.IsFinite(value) ? value : null;
}
