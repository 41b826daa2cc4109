using System.CommandLine;
using System.Globalization;
using System.Runtime.InteropServices;
using SoraHpc.Cli.CommandLine;
using SoraHpc.Cli.Launching;
using SoraHpc.Cli.Report;
using SoraHpc.Communication;
using SoraHpc.Communication.Mpi;
using SoraHpc.Diagnostics;
using SoraHpc.Diagnostics.Tracing;
using SoraHpc.Runtime;
using SoraHpc.Runtime.Recording;

namespace SoraHpc.Cli.Run;

/// <summary>The options about traces and alarms; the same for every job.</summary>
internal sealed class RecordingSettings
{
    private readonly Option<string?> trace = CommandOptions.Text("--trace",
        "Report of where every rank's time went: a page (NAME.html), a trace for Perfetto and sora report (NAME.json), or under any other NAME both. Default: none", "FILE.html|FILE.json|NAME");
    private readonly Option<double?> stall = CommandOptions.Number("--stall-alarm", "Seconds a rank may wait in one call before the run says who waits for whom; 0 for never. Default: 10", least: 0);
    private readonly Option<double?> imbalance = CommandOptions.Number("--imbalance-alarm", "λ max/mean that is told when 100 steps in a row are above it. Default: 2", least: 1);

    internal RecordingSettings() => stall.Validators.Add(result =>
    {
        if (result.GetValueOrDefault<double?>() is > 0 and < 0.1)
            result.AddError($"{stall.Name} must be 0 or at least 0.1");
    });

    internal void AddTo(Command command)
    {
        foreach (Option option in (Option[])[trace, stall, imbalance])
        {
            option.Recursive = true;
            command.Options.Add(option);
        }
    }

    /// <summary>Where the trace goes; empty for none.</summary>
    /// <exception cref="UsageException">The directory is not there.</exception>
    internal TraceOutput OutputOf(ParseResult parsed) => TraceOutput.Of(parsed.GetValue(trace));

    /// <summary>Null: nothing is recorded.</summary>
    internal RecordingOptions? Of(ParseResult parsed, TraceOutput traces, TextWriter error)
    {
        double seconds = parsed.GetValue(stall) ?? 10;
        if (!traces.IsWanted && seconds == 0)
            return null;
        AlarmOptions? alarms = seconds == 0 ? null : new() { Stall = TimeSpan.FromSeconds(seconds), Imbalance = Math.Max(1.0001, parsed.GetValue(imbalance) ?? 2), Tell = Tell };
        return new() { Spans = traces.IsWanted ? new RecordingOptions().Spans : 0, Metrics = traces.IsWanted, Alarms = alarms };

        void Tell(string line)
        {
            error.WriteLine(line);
            error.Flush();
        }
    }

    /// <summary>What a reader of the report wants to know of the run.</summary>
    internal static IReadOnlyList<KeyValuePair<string, string>> Facts(ParseResult parsed, Communicator communicator, RunResult result, DateTimeOffset started)
    {
        List<KeyValuePair<string, string>> facts =
        [
            new("command", $"sora {string.Join(' ', parsed.Tokens.Select(token => token.Value).Where(word => word != "--started-by-sora"))}"),
            new("choices", result.Choices),
            new("steps", result.Steps.ToString("N0", CultureInfo.InvariantCulture)),
            new("started", started.ToString("yyyy-MM-dd HH:mm:ss K", CultureInfo.InvariantCulture)),
            new("ranks", MpiInformation.Of(communicator) is { } mpi ? $"{communicator.Size} processes, {mpi.LibraryVersion.Split(',')[0]} ({mpi.Path})" : $"{communicator.Size} threads"),
            new("program", $"SoraHpc {typeof(RunResult).Assembly.GetName().Version?.ToString(3)}, {RuntimeInformation.FrameworkDescription}, {RuntimeInformation.OSDescription}, {RuntimeInformation.ProcessArchitecture}, {Machine.Cores()} cores"),
        ];
        if (result.Quality is { } quality)
            facts.Insert(2, new("partition", quality.ToString() ?? ""));
        if (result.Checkpoints is { } saved)
            facts.Add(new("checkpoints", string.Create(CultureInfo.InvariantCulture, $"{saved.Written} written, the last of {saved.Bytes / 1e6:0.0} MB")));
        if (result.Migrations.Count > 0)
            facts.Add(new("moved", string.Create(CultureInfo.InvariantCulture, $"{result.Migrations.Count} times, {result.Migrations.Sum(move => move.Parts)} blocks, {result.Migrations.Sum(move => move.Bytes) / 1e6:0.0} MB")));
        foreach ((string name, double value) in result.Observables)
            facts.Add(new(name, value.ToString("G10", CultureInfo.InvariantCulture)));
        return facts;
    }
}
