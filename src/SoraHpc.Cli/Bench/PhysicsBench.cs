using System.CommandLine;
using System.Globalization;
using SoraHpc.Cli.CommandLine;
using SoraHpc.Cli.Run;
using SoraHpc.Communication;
using SoraHpc.Diagnostics;
using SoraHpc.Jobs.Weather;

namespace SoraHpc.Cli.Bench;

/// <summary>
/// Column physics of a planet half in the dark, on one rank and on all of them, in turn, with stealing and with an even split of the columns;
/// the best of several rounds counts. With a rank slowed down on purpose it shows how near stealing comes to what the ranks together can do.
/// </summary>
internal sealed class PhysicsBench : IBenchCommand
{
    private readonly Option<int?> elements = CommandOptions.Integer("--elements", "Elements along each side of a panel, 16 columns each. Default: 16", least: 1, most: 512);
    private readonly Option<int?> layers = CommandOptions.Integer("--layers", "Layers of a column. Default: 32", least: 4, most: Column.MostLayers);
    private readonly Option<string?> date = CommandOptions.Text("--date", "Date and time, for the sun. Default: 2024-03-20T06:00Z, when rank 0 of 2 has two thirds of the day side", "DATE");
    private readonly Option<int?> slowRank = CommandOptions.Integer("--slow-rank", "A rank that does all its work several times, to be as slow as a slower processor. Default: none", least: 0);
    private readonly Option<int?> slowFactor = CommandOptions.Integer("--slow-factor", "Times it does. Default: 4", least: 1, most: 1000);
    private readonly Option<int?> rounds = CommandOptions.Integer("--rounds", "Times each is measured, in turn. Default: 5", least: 1);

    /// <inheritdoc/>
    public string Name => "physics";

    /// <inheritdoc/>
    public string Description => "Weather columns by day and night on one rank and on all; stealing beside an even split.";

    /// <inheritdoc/>
    public string Example => "sora bench physics --ranks 2 --mpi openmpi --slow-rank 1 --slow-factor 4";

    /// <inheritdoc/>
    public IReadOnlyList<Option> Options => [elements, layers, date, slowRank, slowFactor, rounds];

    /// <inheritdoc/>
    public int Run(ParseResult parsed, RankLauncher launcher, TextWriter output)
    {
        PhysicsOptions options = OptionsOf(parsed);
        (int side, int count) = (parsed.GetValue(elements) ?? 16, parsed.GetValue(rounds) ?? 5);
        return launcher.Run(communicator =>
        {
            Comparison best = Measure(communicator, side, options, count);
            if (communicator.IsRoot)
                Print(output, options, best, communicator.Size, count);
        });
    }

    private PhysicsOptions OptionsOf(ParseResult parsed)
    {
        int? rank = parsed.GetValue(slowRank), factor = parsed.GetValue(slowFactor);
        if (rank is null && factor is not null)
            throw new UsageException("--slow-factor says how slow, --slow-rank which rank: give both, or --slow-rank alone for 4");
        var defaults = new PhysicsOptions();
        return new()
        {
            Layers = parsed.GetValue(layers) ?? defaults.Layers,
            Date = parsed.GetValue(date) is { } start ? PhysicsOptions.ParseDate(start) : defaults.Date.AddHours(-6),
            SlowRank = rank ?? -1,
            SlowFactor = factor ?? 4,
        };
    }

    private static Comparison Measure(Communicator world, int elements, PhysicsOptions options, int rounds)
    {
        Comparison best = default;
        using Communicator? first = world.Split(world.IsRoot ? 0 : -1);
        for (int round = 0; round < rounds; round++)
        {
            // One rank alone is at full speed: the slow one is compared through its measured capability.
            PhysicsMeasurement? alone = first is null ? null : PhysicsMeasurement.Of(first, elements, options with { SlowRank = -1 }, times: 3);
            PhysicsMeasurement stealing = PhysicsMeasurement.Of(world, elements, options, times: 3);
            PhysicsMeasurement even = PhysicsMeasurement.Of(world, elements, options with { Stealing = options.Stealing with { Enabled = false } }, times: 3);
            best = new(Faster(best.Alone, alone), Faster(best.Stealing, stealing), Faster(best.Even, even));
        }
        return best;
    }

    private static PhysicsMeasurement? Faster(PhysicsMeasurement? a, PhysicsMeasurement? b) => a is null || b?.Seconds < a.Seconds ? b : a;

    private static void Print(TextWriter output, PhysicsOptions options, Comparison best, int ranks, int rounds)
    {
        PhysicsMeasurement alone = best.Alone!, stealing = best.Stealing!, even = best.Even!;
        double slow = options.SlowRank < 0 ? 1 : options.SlowFactor, together = alone.Seconds / (ranks - 1 + 1 / slow);
        var lines = new List<FormattableString>
        {
            $"{alone.Columns} columns of {options.Layers} layers, an hour from {options.Date:yyyy-MM-dd HH:mm}Z, work {alone.Work / alone.Columns:0.0} a column at night; best of {rounds}",
            $"1 rank:              {alone.Seconds,8:0.0000} s",
            $"{ranks} ranks, stealing:   {stealing.Seconds,8:0.0000} s   λ max/mean {stealing.Imbalance:0.000}",
            $"{ranks} ranks, even split: {even.Seconds,8:0.0000} s   λ max/mean {even.Imbalance:0.000}",
        };
        if (options.SlowRank < 0)
            lines.Add($"efficiency from 1 to {ranks} ranks: stealing {alone.Seconds / (ranks * stealing.Seconds):P1}, even split {alone.Seconds / (ranks * even.Seconds):P1}");
        else
            lines.Add($"rank {options.SlowRank} does all its work {options.SlowFactor} times; speeds measured: {string.Join(", ", Enumerable.Range(0, ranks).Select(rank => FormattableString.Invariant($"{stealing.CapabilityOf(rank) / 1e6:0.000}")))} M columns at night/s");
        lines.Add($"W/ΣP = {stealing.Ideal:0.0000} s: stealing takes {stealing.Seconds / stealing.Ideal:0.000} times that, the even split {even.Seconds / stealing.Ideal:0.000} times");
        lines.Add($"W/ΣP by the speed of one rank alone = {together:0.0000} s: stealing takes {stealing.Seconds / together:0.000} times that");
        foreach (FormattableString line in lines)
            output.WriteLine(line.ToString(CultureInfo.InvariantCulture));
        output.Flush();
    }

    private readonly record struct Comparison(PhysicsMeasurement? Alone, PhysicsMeasurement? Stealing, PhysicsMeasurement? Even);
}
