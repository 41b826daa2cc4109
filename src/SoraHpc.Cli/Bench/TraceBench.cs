using System.CommandLine;
using System.Globalization;
using SoraHpc.Cli.CommandLine;
using SoraHpc.Cli.Run;
using SoraHpc.Communication;
using SoraHpc.Jobs.Uts;
using SoraHpc.Jobs.Weather;
using SoraHpc.Runtime.Recording;

namespace SoraHpc.Cli.Bench;

/// <summary>What recording costs: tree search and weather with and without it, in many short pairs; the median of their ratios, with its interval of 95 %, decides.</summary>
internal sealed class TraceBench : IBenchCommand
{
    private const double LeastSeconds = 0.03;

    private readonly UtsTreeOptions tree = new("T1");
    private readonly Option<int?> elements = CommandOptions.Integer("--elements", "Weather: elements along an edge of the cube. Default: 16", least: 2, most: 256);
    private readonly Option<double?> hours = CommandOptions.Number("--hours", "Weather: hours forecast. Default: 4", least: 0.1);
    private readonly Option<int?> rounds = CommandOptions.Integer("--rounds", "Times each is measured, in turn. Default: 150", least: MedianInterval.Fewest);

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
        int count = parsed.GetValue(rounds) ?? 150;
        return launcher.Run(world =>
        {
            using BenchFolder folder = new(world);
            WeatherOptions weather = new()
            {
                Case = 5, Elements = parsed.GetValue(elements) ?? 16, Hours = parsed.GetValue(hours) ?? 4, Output = folder.File("forecast.h5"), OutputRows = 16, OutputEvery = int.MaxValue,
            };
            Compare(world, output, $"uts {search.Tree.Name}", count, () => UtsJob.Run(world, search).SearchSeconds);
            Compare(world, output, $"weather, {weather.Elements} elements", count, () => WeatherJob.Run(world, weather).StepSeconds);
        });
    }

    private static void Compare(Communicator world, TextWriter output, string what, int rounds, Func<double> once)
    {
        // The shortest that a clock and a launcher's jitter leave readable: many short pairs see the same machine, few long ones do not.
        once();
        int repetitions = (int)Math.Ceiling(world.Broadcast(LeastSeconds / Math.Max(once(), 1e-4)));
        RecordingOptions watched = new() { Spans = 0, Alarms = new() }, traced = new() { Alarms = new() };
        Func<double>[] sides = [Repeated, () => Recorded(world, watched, Repeated), () => Recorded(world, traced, Repeated)];
        double[][] seconds = [.. sides.Select(_ => new double[rounds])];
        for (int round = 0; round < rounds; round++)
            for (int turn = 0; turn < sides.Length; turn++)             // each is first, second and last as often as the others
                seconds[(round + turn) % sides.Length][round] = sides[(round + turn) % sides.Length]();
        if (!world.IsRoot)
            return;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what}: {MedianInterval.Of(seconds[0]).Median:0.0000} s without; watched {Ratio(1)}, traced {Ratio(2)} times that; medians of {rounds} pairs"));
        output.Flush();

        double Repeated() => Enumerable.Range(0, repetitions).Sum(_ => once());

        MedianInterval Ratio(int side) => MedianInterval.Of([.. seconds[side].Zip(seconds[0], (with, without) => with / without)]);
    }

    private static double Recorded(Communicator world, RecordingOptions options, Func<double> run)
    {
        using RunRecording recording = new(world, options);
        double seconds = run();
        recording.Finish("", []);
        return seconds;
    }
}
