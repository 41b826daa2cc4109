using System.CommandLine;
using System.Globalization;
using SoraHpc.Cli.CommandLine;
using SoraHpc.Cli.Launching;
using SoraHpc.Cli.Run;
using SoraHpc.Communication;
using SoraHpc.Diagnostics;

namespace SoraHpc.Cli.Bench;

/// <summary>
/// Latency, bandwidth and allreduce between two ranks, beside a C program that does the same through the same library. The two are
/// started in turn, round after round, and the best of each counts: on a busy machine only a ratio taken this way means anything.
/// Both ask for the same thread level, because it alone changes a short message of Open MPI by half.
/// </summary>
internal sealed class MpiBench(LaunchOptions launch) : IBenchCommand
{
    private readonly Option<int?> rounds = CommandOptions.Integer("--rounds", "Times each side is run, in turn. Default: 7", least: 1);

    private readonly Option<string?> level = CommandOptions.Choice("--thread-level",
        "Thread level both sides ask for. Default: funneled, what sora run asks for", "single", "funneled", "serialized");

    /// <inheritdoc/>
    public string Name => "mpi";

    /// <inheritdoc/>
    public string Description => "Latency, bandwidth and allreduce of two ranks, beside C.";

    /// <inheritdoc/>
    public string Example => "sora bench mpi --mpi openmpi";

    /// <inheritdoc/>
    public IReadOnlyList<Option> Options => [rounds, level];

    /// <inheritdoc/>
    public int Run(ParseResult parsed, RankLauncher launcher, TextWriter output)
    {
        string? mpi = parsed.GetValue(launch.Mpi);
        if (LaunchEnvironment.Read().Transport == Transport.Mpi || parsed.GetValue(launch.Launcher) == "threads")
            return launcher.Run(communicator => PrintOwnSide(communicator, output), LevelOf(parsed));
        string[] libraries = mpi is not null ? [mpi] : Installed();
        if (libraries.Length == 0)
            throw new SoraException("no mpiexec is on the PATH; install openmpi-bin or mpich, or measure threads with --launcher threads --ranks 2");
        foreach (string library in libraries)
            Compare(library, LevelOf(parsed), parsed.GetValue(rounds) ?? 7, output);
        return 0;
    }

    private ThreadLevel LevelOf(ParseResult parsed) => Enum.Parse<ThreadLevel>(parsed.GetValue(level) ?? "funneled", ignoreCase: true);

    private static string[] Installed() => [.. new[] { "openmpi", "mpich" }.Where(name => MpiLauncher.OnPath($"mpiexec.{name}") is not null)];

    private static void PrintOwnSide(Communicator communicator, TextWriter output)
    {
        if (communicator.Size != 2)
            throw new UsageException($"bench mpi measures between two ranks, not {communicator.Size}: give --ranks 2");
        using var measurements = new MpiMeasurements(communicator);
        foreach (Measurement measured in measurements.Run())
            output.WriteLine(measured);
        output.Flush();
    }

    private static void Compare(string mpi, ThreadLevel level, int rounds, TextWriter output)
    {
        MpiLauncher launcher = MpiLauncher.Find(mpi);
        using MpiPeer? peer = MpiPeer.Build(mpi, "mpi_bench");
        MpiComparison comparison = new();
        for (int round = 0; round < rounds; round++)
        {
            if (peer is not null)
                comparison.AddC(Measure(launcher, mpi, [peer.Program, ((int)level).ToString(CultureInfo.InvariantCulture)]));
            comparison.AddOwn(Measure(launcher, mpi, [.. LaunchedRanks.Self(), "bench", "mpi", "--mpi", mpi, "--thread-level", level.ToString().ToLowerInvariant()]));
        }
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{mpi}: two ranks, best of {rounds} rounds, C and C# in turn, thread level {level.ToString().ToLowerInvariant()}"));
        output.Write(comparison.Render());
        if (peer is null)
            output.WriteLine($"no C beside it: mpicc.{mpi} is not installed (lib{mpi}-dev)");
    }

    private static IEnumerable<Measurement> Measure(MpiLauncher launcher, string mpi, string[] program)
    {
        LaunchRequest request = new(2, program, Machine.Cores(), Environment.GetEnvironmentVariable("SLURM_JOB_ID") is not null, Environment.UserName == "root", mpi);
        return LaunchedRanks.Capture(LaunchCommand.For(launcher, request)).Select(Measurement.Parse);
    }
}
