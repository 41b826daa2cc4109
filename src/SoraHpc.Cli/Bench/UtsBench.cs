using System.CommandLine;
using System.Globalization;
using SoraHpc.Cli.CommandLine;
using SoraHpc.Cli.Run;
using SoraHpc.Communication;
using SoraHpc.Jobs.Uts;

namespace SoraHpc.Cli.Bench;

/// <summary>
/// Unbalanced tree search on one rank and on all of them, in turn, with stealing and with an even split of the subtrees; the best
/// of several rounds counts. With a rank slowed down on purpose it shows how near stealing comes to what the ranks together can do.
/// </summary>
internal sealed class UtsBench : IBenchCommand
{
    private readonly UtsTreeOptions tree = new("T1L");
    private readonly Option<int?> rounds = CommandOptions.Integer("--rounds", "Times each is measured, in turn. Default: 5", least: 1);

    /// <inheritdoc/>
    public string Name => "uts";

    /// <inheritdoc/>
    public string Description => "Tree nodes a second on one rank and on all; stealing beside an even split.";

    /// <inheritdoc/>
    public string Example => "sora bench uts --tree T1L --ranks 2 --slow-rank 1 --slow-factor 4";

    /// <inheritdoc/>
    public IReadOnlyList<Option> Options => [.. tree.All, rounds];

    /// <inheritdoc/>
    public int Run(ParseResult parsed, RankLauncher launcher, TextWriter output)
    {
        UtsOptions options = tree.Of(parsed);
        int count = parsed.GetValue(rounds) ?? 5;
        return launcher.Run(communicator =>
        {
            Comparison best = Measure(communicator, options, count);
            if (communicator.IsRoot)
                Print(output, options, best, communicator.Size, count);
        });
    }

    private static Comparison Measure(Communicator world, UtsOptions options, int rounds)
    {
        Comparison best = default;
        using Communicator? first = world.Split(world.IsRoot ? 0 : -1);
        for (int round = 0; round < rounds; round++)
        {
            // One rank alone is at full speed: the slow one is compared through its measured capability.
            UtsResult? alone = first is null ? null : UtsJob.Run(first, options with { SlowRank = -1 });
            UtsResult stealing = UtsJob.Run(world, options);
            UtsResult even = UtsJob.Run(world, options with { Stealing = options.Stealing with { Enabled = false } });
            best = new(Faster(best.Alone, alone), Faster(best.Stealing, stealing), Faster(best.Even, even));
        }
        return best;
    }

    private static UtsResult? Faster(UtsResult? a, UtsResult? b) => a is null || b?.SearchSeconds < a.SearchSeconds ? b : a;

    private static void Print(TextWriter output, UtsOptions options, Comparison best, int ranks, int rounds)
    {
        UtsResult alone = best.Alone!, stealing = best.Stealing!, even = best.Even!;
        double sum = stealing.Run.Ranks.Sum(rank => rank.Capability), ideal = stealing.Counts.Nodes / sum;
        var lines = new List<FormattableString>
        {
            $"{stealing.Run.Choices}; best of {rounds}",
            $"1 rank:              {alone.SearchSeconds,8:0.0000} s  {alone.NodesPerSecond / 1e6,7:0.0} M nodes/s",
            $"{ranks} ranks, stealing:   {stealing.SearchSeconds,8:0.0000} s  {stealing.NodesPerSecond / 1e6,7:0.0} M nodes/s",
            $"{ranks} ranks, even split: {even.SearchSeconds,8:0.0000} s  {even.NodesPerSecond / 1e6,7:0.0} M nodes/s",
        };
        if (options.SlowRank < 0)
            lines.Add($"efficiency from 1 to {ranks} ranks: stealing {alone.SearchSeconds / (ranks * stealing.SearchSeconds):P1}, even split {alone.SearchSeconds / (ranks * even.SearchSeconds):P1}");
        else
            lines.Add($"rank {options.SlowRank} does all its work {options.SlowFactor} times; speeds measured: {string.Join(", ", stealing.Run.Ranks.Select(rank => FormattableString.Invariant($"{rank.Capability / 1e6:0.0}")))} M nodes/s");
        lines.Add($"W/ΣP = {ideal:0.0000} s: stealing takes {stealing.SearchSeconds / ideal:0.000} times that, the even split {even.SearchSeconds / ideal:0.000} times");
        lines.Add($"for comparison: the benchmark's C program, one hash after the other, makes 9–10 M nodes/s of T1 and 11–12 of T3 on one core of a machine like the one this was written on");
        foreach (FormattableString line in lines)
            output.WriteLine(line.ToString(CultureInfo.InvariantCulture));
        output.Flush();
    }

    private readonly record struct Comparison(UtsResult? Alone, UtsResult? Stealing, UtsResult? Even);
}
