using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using SoraHpc.Cli.CommandLine;
using SoraHpc.Cli.Plugins;
using SoraHpc.Decomposition;
using SoraHpc.Diagnostics;
using SoraHpc.Runtime.Balancing;
using SoraHpc.Runtime.Synchronization;

namespace SoraHpc.Cli.Run;

/// <summary>How a run is cut, weighted and synchronised; the same for every job that runs on <see cref="Runtime.Sora"/>, and without effect on its numbers.</summary>
internal sealed class ParallelOptions
{
    private const int DefaultInterval = 100;

    private readonly PluginOption plugin = new();
    private readonly StrategyOption partition, balance, sync;
    private readonly Option<int?> syncEvery = CommandOptions.Integer("--sync-every", $"Steps from one global meeting to the next. Default: {DefaultInterval}", least: 1);
    private readonly Option<string?> capabilities = CommandOptions.Text("--capabilities", "Relative speed of every rank; shares of the grid follow it. Default: equal", "P0,P1,…");

    internal ParallelOptions()
    {
        partition = new(plugin, "--partition", "How the grid is cut. Default: cartesian", typeof(IPartitioner), ["slab", "cartesian", "cyclic", "hilbert", "bisection", "graph"]);
        balance = new(plugin, "--balance", "How shares follow capability. Default: static", typeof(IBalancer), ["static"]);
        sync = new(plugin, "--sync", "Who meets between steps: all ranks or neighbours only. Default: global", typeof(ISyncProtocol), ["global", "local"]);
        capabilities.Validators.Add(CheckCapabilities);
    }

    internal IReadOnlyList<Option> All => [partition.Option, balance.Option, sync.Option, syncEvery, capabilities, plugin.Option];

    /// <exception cref="UsageException">Options that do not go together.</exception>
    /// <exception cref="PluginException">A plug-in that cannot be loaded, or does not have what is asked for.</exception>
    internal ParallelChoices Of(ParseResult parsed) => new(PartitionOf(parsed), BalancingOf(parsed), SyncOf(parsed));

    private Func<IPartitioner> PartitionOf(ParseResult parsed) => partition.Factory<IPartitioner>(parsed) ?? (() => parsed.GetValue(partition.Option) switch
    {
        "slab" => new SlabPartitioner(),
        "cyclic" => new BlockCyclicPartitioner(),
        "hilbert" => new SpaceFillingCurvePartitioner(),
        "bisection" => new BisectionPartitioner(),
        "graph" => new GraphPartitioner(),
        _ => new CartesianPartitioner(),
    });

    private Func<IBalancer> BalancingOf(ParseResult parsed)
    {
        double[] given = CapabilitiesOf(parsed);
        if (balance.Factory<IBalancer>(parsed) is not { } own)
            return () => new StaticBalancer(given);
        return given.Length == 0 ? own : throw new UsageException("--capabilities belongs to --balance static: a balancer of your own says them itself");
    }

    private Func<ISyncProtocol> SyncOf(ParseResult parsed)
    {
        int? interval = parsed.GetValue(syncEvery);
        Func<ISyncProtocol>? own = sync.Factory<ISyncProtocol>(parsed);
        if (own is null && parsed.GetValue(sync.Option) != "local")
            return () => new GlobalSync(interval ?? DefaultInterval);
        return interval is null ? own ?? (() => new LocalSync()) : throw new UsageException("--sync-every belongs to --sync global: leave out one of the two");
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
