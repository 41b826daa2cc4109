using System.CommandLine;
using System.Globalization;
using SoraHpc.Cli.CommandLine;
using SoraHpc.Decomposition;
using SoraHpc.Diagnostics;
using SoraHpc.Runtime.Synchronization;

namespace SoraHpc.Cli.Run;

/// <summary>How a job's work is shared and its ranks keep together: the same options for every job. They change no number of the result.</summary>
internal sealed class SharingOptions
{
    private readonly Option<string?> partition = CommandOptions.Choice("--partition", "How the grid is cut. Default: the job's own choice", "slabs", "cartesian");
    private readonly Option<string?> capabilities = CommandOptions.Text("--capabilities", "What every rank can do, relative, for shares in proportion: 1,1,2. Default: equal", "P,P,…");
    private readonly Option<string?> sync = CommandOptions.Choice("--sync", "Who waits for whom between steps. Default: global", "global", "local");
    private readonly Option<int?> interval = CommandOptions.Integer("--sync-every", "Steps between global meetings", least: 1);

    /// <summary>All of them, for a command to add.</summary>
    internal IReadOnlyList<Option> All => [partition, capabilities, sync, interval];

    /// <summary>The partitioner asked for; Cartesian blocks when none is.</summary>
    internal IPartitioner Partitioner(ParseResult parsed) => parsed.GetValue(partition) == "slabs" ? new SlabPartitioner() : new CartesianPartitioner();

    /// <summary>The capabilities given; empty when none are.</summary>
    internal double[] Capabilities(ParseResult parsed) => parsed.GetValue(capabilities) is { } list
        ? [.. list.Split(',').Select(text => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && value > 0 && double.IsFinite(value) ? value
            : throw new UsageException($"--capabilities takes positive numbers with commas between them, such as 1,1,2, not '{list}'"))]
        : [];

    /// <summary>The protocol asked for.</summary>
    internal ISyncProtocol Sync(ParseResult parsed, int defaultInterval) => parsed.GetValue(sync) == "local"
        ? parsed.GetValue(interval) is null ? new LocalSync() : throw new UsageException("--sync-every goes with --sync global: local sync has no meetings")
        : new GlobalSync(parsed.GetValue(interval) ?? defaultInterval);
}
