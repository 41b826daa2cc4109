using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using SoraHpc.Cli.CommandLine;
using SoraHpc.Decomposition;
using SoraHpc.Diagnostics;
using SoraHpc.Runtime.Balancing;
using SoraHpc.Runtime.Synchronization;

namespace SoraHpc.Cli.Run;

/// <summary>How a run is cut, weighted and synchronised; the same for every job that runs on <see cref="Runtime.Sora"/>, and without effect on its numbers.</summary>
internal sealed class ParallelOptions
{
    private const int DefaultInterval = 100, DefaultBlocks = 16;

    private static readonly string[] Partitions = ["slab", "cartesian", "cyclic", "hilbert", "bisection", "graph"];

    private readonly Option<string?> partition = CommandOptions.Choice("--partition", "How the grid is cut. Default: cartesian", Partitions);
    private readonly Option<string?> sync = CommandOptions.Choice("--sync", "Who meets between steps: all ranks or neighbours only. Default: global", "global", "local");
    private readonly Option<int?> syncEvery = CommandOptions.Integer("--sync-every", $"Steps from one global meeting to the next. Default: {DefaultInterval}", least: 1);
    private readonly Option<string?> capabilities = CommandOptions.Text("--capabilities", "Relative speed of every rank; shares of the grid follow it. Default: equal", "P0,P1,…");

    private readonly Option<string?> balance = CommandOptions.Choice("--balance",
        "How shares follow capability: cut once; cut once by a trial of the kernel; or blocks that move between steps. Default: static", "static", "measured", "dynamic");
    private readonly Option<int?> blocks = CommandOptions.Integer("--blocks", $"Blocks a rank with --balance dynamic. Default: {DefaultBlocks}", least: 2, most: 1024);

    internal ParallelOptions() => capabilities.Validators.Add(CheckCapabilities);

    internal IReadOnlyList<Option> All => [partition, sync, syncEvery, capabilities, balance, blocks];

    /// <exception cref="UsageException">A partition that leaves nothing to move, or blocks for one that is not moved.</exception>
    internal IPartitioner PartitionOf(ParseResult parsed)
    {
        string? word = parsed.GetValue(partition);
        if (parsed.GetValue(balance) == "dynamic")
            return word is null or "hilbert" ? new SpaceFillingCurvePartitioner(parsed.GetValue(blocks) ?? DefaultBlocks) { Merges = false }
                : throw new UsageException($"--balance dynamic moves blocks along a Hilbert curve: leave out --partition {word}");
        if (parsed.GetValue(blocks) is not null)
            throw new UsageException("--blocks belongs to --balance dynamic: leave it out, or give both");
        return word switch
        {
            "slab" => new SlabPartitioner(),
            "cyclic" => new BlockCyclicPartitioner(),
            "hilbert" => new SpaceFillingCurvePartitioner(),
            "bisection" => new BisectionPartitioner(),
            "graph" => new GraphPartitioner(),
            _ => new CartesianPartitioner(),
        };
    }

    /// <exception cref="UsageException">Capabilities given where they are to be measured.</exception>
    internal IBalancer BalancingOf(ParseResult parsed)
    {
        double[] given = CapabilitiesOf(parsed);
        return parsed.GetValue(balance) switch
        {
            "measured" => given.Length == 0 ? new MeasuredBalancer() : throw new UsageException("--balance measured finds out what --capabilities says: leave out one of the two"),
            "dynamic" => new DynamicBalancer(start: new StaticBalancer(given)),
            _ => new StaticBalancer(given),
        };
    }

    /// <exception cref="UsageException">An interval for a protocol that has none.</exception>
    internal ISyncProtocol SyncOf(ParseResult parsed)
    {
        int? interval = parsed.GetValue(syncEvery);
        if (parsed.GetValue(sync) != "local")
            return new GlobalSync(interval ?? DefaultInterval);
        return interval is null ? new LocalSync() : throw new UsageException("--sync-every belongs to --sync global: leave out one of the two");
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
