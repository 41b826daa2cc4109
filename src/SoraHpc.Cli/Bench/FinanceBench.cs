using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using SoraHpc.Cli.CommandLine;
using SoraHpc.Cli.Run;
using SoraHpc.Communication;
using SoraHpc.Jobs.Finance;
using SoraHpc.Runtime;

namespace SoraHpc.Cli.Bench;

/// <summary>Scenarios a second of <c>sora run finance</c>, beside NumPy and SciPy doing the same on one core; the two take turns and the best of each counts.</summary>
internal sealed class FinanceBench : IBenchCommand
{
    private const int DefaultRounds = 3;

    private readonly PortfolioOptions portfolio = new();
    private readonly Option<int?> scenarios = CommandOptions.Integer("--scenarios", "Scenarios of a turn. Default: 1000000", least: 1000);
    private readonly Option<int?> peerScenarios = CommandOptions.Integer("--peer-scenarios", "Scenarios of a turn of NumPy's, which is slower. Default: 50000", least: 1000);
    private readonly Option<int?> rounds = CommandOptions.Integer("--rounds", $"Turns of each side. Default: {DefaultRounds}", least: 1);

    /// <inheritdoc/>
    public string Name => "finance";

    /// <inheritdoc/>
    public string Description => "Scenarios a second of a portfolio with options, beside NumPy.";

    /// <inheritdoc/>
    public string Example => "sora bench finance --ranks 2";

    /// <inheritdoc/>
    public IReadOnlyList<Option> Options => [.. portfolio.All, scenarios, peerScenarios, rounds];

    /// <inheritdoc/>
    public int Run(ParseResult parsed, RankLauncher launcher, TextWriter output)
    {
        Portfolio made = portfolio.Of(parsed);
        int count = parsed.GetValue(scenarios) ?? 1_000_000, peerCount = parsed.GetValue(peerScenarios) ?? 50_000, turns = parsed.GetValue(rounds) ?? DefaultRounds;
        return launcher.Run(world =>
        {
            using BenchFolder folder = new(world);
            FinanceOptions options = new() { DataFile = folder.File("portfolio.h5"), Scenarios = count };
            if (world.IsRoot)
                PortfolioFile.Write(options.DataFile, made);
            world.Barrier();
            using FinancePeer? peer = world.IsRoot ? FinancePeer.Start(folder, options) : null;
            Measure(world, options, peer, peerCount, turns, world.IsRoot ? output : TextWriter.Null);
        });
    }

    private static void Measure(Communicator world, FinanceOptions options, FinancePeer? peer, int peerCount, int rounds, TextWriter output)
    {
        double steps = double.PositiveInfinity, whole = double.PositiveInfinity;
        (double Seconds, double ValueAtRisk, double Shortfall) theirs = (double.PositiveInfinity, 0, 0);
        RunResult run = FinanceJob.Run(world, options with { Scenarios = Math.Max(10_000, options.Scenarios / 10) });    // compiles
        for (int round = 0; round < rounds; round++)
        {
            if (peer?.Measure(peerCount, round) is { } measured && measured.Seconds < theirs.Seconds)
                theirs = measured;
            world.Barrier();                                // NumPy's turn is over for all
            long begun = Stopwatch.GetTimestamp();
            run = FinanceJob.Run(world, options);
            whole = Math.Min(whole, world.Allreduce(Stopwatch.GetElapsedTime(begun).TotalSeconds, ReduceOperation.Max));
            steps = Math.Min(steps, world.Allreduce(run.StepSeconds, ReduceOperation.Max));
        }
        double here = options.Scenarios / steps, there = peerCount / theirs.Seconds;
        List<FormattableString> lines =
        [
            $"{run.Choices}; best of {rounds}, in turn",
            $"{world.Size} rank{(world.Size == 1 ? "" : "s")}: {here,14:0} scenarios/s of the steps, {options.Scenarios / whole:0} with reading, sorting and all; value at risk {run.Observables["value at risk"]:G8}, expected shortfall {run.Observables["expected shortfall"]:G8}",
            peer is null ? (FormattableString)$"no NumPy beside it: it needs /usr/bin/python3 with NumPy, SciPy and h5py"
                : $"NumPy:  {there,14:0} scenarios/s on one core ({peerCount} scenarios); value at risk {theirs.ValueAtRisk:G8}, expected shortfall {theirs.Shortfall:G8}; ratio {here / there:0.0}",
        ];
        foreach (FormattableString line in lines)
            output.WriteLine(line.ToString(CultureInfo.InvariantCulture));
        output.Flush();
    }
}
