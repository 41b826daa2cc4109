using System.CommandLine;
using System.Globalization;
using SoraHpc.Cli.CommandLine;
using SoraHpc.Cli.Run;
using SoraHpc.Communication;
using SoraHpc.Jobs.Uts;
using SoraHpc.Jobs.Weather;
using SoraHpc.Runtime.Recording;

namespace SoraHpc.Cli.Bench;

/// <summary>What recording costs: tree search and weather with and without it, in turn; medians of the rounds are compared.</summary>
internal sealed class TraceBench : IBenchCommand
{
    private const double LeastSeconds = 0.3;

    private readonly UtsTreeOptions tree = new("T1");
    private readonly Option<int?> elements = CommandOptions.Integer("--elements", "Weather: elements along an edge of the cube. Default: 16", least: 2, most: 256);
    private readonly Option<double?> hours = CommandOptions.Number("--hours", "Weather: hours forecast. Default: 12", least: 0.1);
    private readonly Option<int?> rounds = CommandOptions.Integer("--rounds", "Times each is measured, in turn. Default: 15", least: 1);

    /// <inheritdoc/>
    public string Name => "trace";

    /// <inheritdoc/>
    public string Description => "What recording a run costs: on against off.";

    /// <inheritdoc/>
    public string Example => "sora bench trace --ranks 2 --mpi openmpi";

    /// <inheritdoc/>
    public IReadOnlyList<Option> Options => [.. tree.All, elements, hours, rounds];

    /// <inheritdoc/>
    public int Run(ParseResult parsed, RankLauncher launcher, TextWriter output)
    {
        UtsOptions search = tree.Of(parsed);
        int count = parsed.GetValue(rounds) ?? 15;
        return launcher.Run(world =>
        {
            using BenchFolder folder = new(world);
            WeatherOptions weather = new()
            {
                Case = 5, Elements = parsed.GetValue(elements) ?? 16, Hours = parsed.GetValue(hours) ?? 12, Output = folder.File("forecast.h5"), OutputRows = 16, OutputEvery = int.MaxValue,
            };
            Compare(world, output, $"uts {search.Tree.Name}", count, () => UtsJob.Run(world, search).SearchSeconds);
            Compare(world, output, $"weather, {weather.Elements} elements", count, () => WeatherJob.Run(world, weather).StepSeconds);
        });
    }

    private static void Compare(Communicator world, TextWriter output, string what, int rounds, Func<double> once)
    {
        // Short runs are repeated: a few milliseconds say more of the machine than of the recording.
        once();
        int repetitions = (int)Math.Ceiling(world.Broadcast(LeastSeconds / Math.Max(once(), 1e-4)));
        RecordingOptions watched = new() { Spans = 0, Alarms = new() }, traced = new() { Alarms = new() };
        double[] off = new double[rounds], watch = new double[rounds], trace = new double[rounds];
        for (int round = 0; round < rounds; round++)
        {
            off[round] = Repeated();
            watch[round] = Recorded(world, watched, Repeated);
            trace[round] = Recorded(world, traced, Repeated);
        }
        if (!world.IsRoot)
            return;
        double without = Median(off);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{what}: {without:0.0000} s; watched {Median(watch) / without:0.000}, traced {Median(trace) / without:0.000} times that (medians of {rounds} in turn; the best {watch.Min() / off.Min():0.000} and {trace.Min() / off.Min():0.000})"));
        output.Flush();

        double Repeated() => Enumerable.Range(0, repetitions).Sum(_ => once());
    }

    private static double Recorded(Communicator world, RecordingOptions options, Func<double> run)
    {
        using RunRecording recording = new(world, options);
        double seconds = run();
        recording.Finish("", []);
        return seconds;
    }

    private static double Median(double[] values) => values.Order().ElementAt(values.Length / 2);
}
