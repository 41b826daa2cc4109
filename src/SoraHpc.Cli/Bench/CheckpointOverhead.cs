using System.Globalization;
using SoraHpc.Communication;
using SoraHpc.Jobs.Weather;
using SoraHpc.Runtime;
using SoraHpc.Runtime.Resilience;

namespace SoraHpc.Cli.Bench;

/// <summary>
/// A forecast of case 5 without checkpoints, with checkpoints at the default interval, and with one every half a second; in turn. A run of seconds never comes to the
/// default interval: what it shows is what the waiting for one costs, and what one costs is in the harsh runs.
/// </summary>
internal static class CheckpointOverhead
{
    private const int Elements = 32;
    private const double Hours = 12, HarshSeconds = 0.5;

    /// <summary>One round: seconds of the steps, and the checkpoints of the harsh run.</summary>
    private readonly record struct Round(double Without, double Default, double Harsh, int Written, double Stopped, double Megabytes);

    internal static void Measure(Communicator world, string directory, int rounds, string? keyFile, TextWriter output)
    {
        CheckpointOptions defaults = new() { Directory = directory, KeyFile = keyFile };
        CheckpointOptions harsh = defaults with { Interval = CheckpointInterval.Every(TimeSpan.FromSeconds(HarshSeconds)) };
        List<Round> measured = [];
        RunResult last = Forecast(world, harsh);                // compiles, and is not counted
        for (int round = 0; round < rounds; round++)
        {
            double without = Forecast(world, null).StepSeconds, seldom = Forecast(world, defaults).StepSeconds;
            last = Forecast(world, harsh);
            measured.Add(new(without, seldom, last.StepSeconds, last.Checkpoints!.Written, last.Checkpoints.StoppedSeconds, last.Checkpoints.Bytes / 1e6));
        }
        if (world.IsRoot)
            Print(output, last, measured);
    }

    private static RunResult Forecast(Communicator world, CheckpointOptions? checkpoints) =>
        WeatherJob.Run(world, new() { Case = 5, Elements = Elements, Hours = Hours }, new() { Checkpoints = checkpoints });

    private static void Print(TextWriter output, RunResult last, List<Round> rounds)
    {
        double interval = CheckpointInterval.Default.Time!.Value.TotalSeconds;
        double waiting = Medians.Of(rounds, one => one.Default / one.Without - 1), often = Medians.Of(rounds, one => one.Harsh / one.Without - 1);
        double each = Medians.Of(rounds, one => (one.Harsh - one.Without) / Math.Max(1, one.Written)), still = Medians.Of(rounds, one => one.Stopped / Math.Max(1, one.Written));
        string Each(Func<Round, double> of) => string.Join(" ", rounds.Select(one => (100 * of(one)).ToString("0.0", CultureInfo.InvariantCulture)));
        foreach (FormattableString line in (FormattableString[])
        [
            $"weather, case 5, {Elements} elements along a panel, {last.Steps} steps on {last.Ranks.Count} ranks, {rounds.Count} rounds in turn, medians",
            $"without checkpoints: {Medians.Of(rounds, one => one.Without):0.000} s",
            $"{CheckpointInterval.Default}, so none in this run: {100 * waiting:0.0} % longer (each round: {Each(one => one.Default / one.Without - 1)})",
            $"every {HarshSeconds} s, {Medians.Of(rounds, one => one.Written):0} of {Medians.Of(rounds, one => one.Megabytes):0.0} MB: {100 * often:0.0} % longer (each round: {Each(one => one.Harsh / one.Without - 1)})",
            $"one costs {1e3 * each:0.0} ms, of which the run stands still for {1e3 * still:0.0} ms: {100 * each / interval:0.0000} % at {interval / 60:0} min",
        ])
            output.WriteLine(line.ToString(CultureInfo.InvariantCulture));
        output.Flush();
    }
}
