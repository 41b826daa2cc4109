using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using SoraHpc.Cli.CommandLine;
using SoraHpc.Cli.Launching;
using SoraHpc.Cli.Run;
using SoraHpc.Communication;
using SoraHpc.Diagnostics;

namespace SoraHpc.Cli.Bench;

/// <summary>
/// Milliseconds from the launch of two ranks until both have met and rank 0 says so: this tool, beside a C program and mpi4py; and the tool
/// under other settings of .NET's compiler. All are started in turn, round after round; the shortest of each counts, and the median tells how calm the machine was.
/// </summary>
internal sealed class StartupBench(LaunchOptions launch) : IBenchCommand
{
    private const string Ready = "ready";

    // The tool compiles each method once and fully; .NET's own habit is quickly first, and again what is called often.
    private static readonly (string Name, string Variable, string Value)[] Settings =
        [("sora", "", ""), ("sora, compiled quickly first", "DOTNET_TC_QuickJit", "1"), ("sora, without tiers", "DOTNET_TieredCompilation", "0"), ("sora, nothing precompiled", "DOTNET_ReadyToRun", "0")];

    private readonly Option<int?> rounds = CommandOptions.Integer("--rounds", "Times each is started, in turn. Default: 9", least: 1);

    /// <inheritdoc/>
    public string Name => "startup";

    /// <inheritdoc/>
    public string Description => "Time until two ranks have started and met, beside C and mpi4py.";

    /// <inheritdoc/>
    public string Example => "sora bench startup --mpi openmpi";

    /// <inheritdoc/>
    public IReadOnlyList<Option> Options => [rounds];

    /// <inheritdoc/>
    public int Run(ParseResult parsed, RankLauncher launcher, TextWriter output)
    {
        if (LaunchEnvironment.Read().Transport == Transport.Mpi)
            return launcher.Run(communicator =>
            {
                communicator.Barrier();
                if (!communicator.IsRoot)
                    return;
                output.WriteLine(Ready);
                output.Flush();
            });
        string mpi = parsed.GetValue(launch.Mpi) ?? MpiLauncher.FamilyInstalled() ?? throw new SoraException("no mpiexec is on the PATH; install openmpi-bin or mpich");
        using MpiPeer? c = MpiPeer.Build(mpi, "startup");
        List<(string Name, LaunchCommand Command)> sides = [.. Sides(mpi, c)];
        List<double>[] seconds = [.. sides.Select(_ => new List<double>())];
        for (int round = 0; round < (parsed.GetValue(rounds) ?? 9); round++)
            for (int side = 0; side < sides.Count; side++)
                seconds[side].Add(SecondsUntilReady(sides[side].Command));
        output.WriteLine($"{mpi}: two ranks, milliseconds until they have met; shortest and median of {seconds[0].Count} rounds in turn");
        for (int side = 0; side < sides.Count; side++)
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"  {sides[side].Name,-30} {1e3 * seconds[side].Min(),7:0} {1e3 * seconds[side].Order().ElementAt(seconds[side].Count / 2),7:0}"));
        return 0;
    }

    private static IEnumerable<(string Name, LaunchCommand Command)> Sides(string mpi, MpiPeer? c)
    {
        MpiLauncher launcher = MpiLauncher.Find(mpi);
        LaunchCommand Of(params IReadOnlyList<string> program) => LaunchCommand.For(launcher, new(2, program, Machine.Cores(), InAllocation: false, Environment.UserName == "root", mpi));
        if (c is not null)
            yield return ("C", Of(c.Program));
        if (mpi == "openmpi" && PythonSource() is { } source)       // the system's mpi4py is built for the system's MPI
            yield return ("mpi4py", Of("/usr/bin/python3", "-c", source));
        foreach ((string name, string variable, string value) in Settings)
            yield return (name, Of(variable.Length == 0 ? [.. LaunchedRanks.Self(), "bench", "startup", "--mpi", mpi]
                : ["env", $"{variable}={value}", .. LaunchedRanks.Self(), "bench", "startup", "--mpi", mpi]));
    }

    private static string? PythonSource()
    {
        if (!File.Exists("/usr/lib/python3/dist-packages/mpi4py/__init__.py"))
            return null;
        using var reader = new StreamReader(typeof(StartupBench).Assembly.GetManifestResourceStream("startup.py")!);
        return reader.ReadToEnd();
    }

    private static double SecondsUntilReady(LaunchCommand command)
    {
        var start = new ProcessStartInfo(command.File, command.Arguments) { RedirectStandardOutput = true };
        foreach ((string name, string value) in command.Environment)
            start.Environment[name] = value;
        long begun = Stopwatch.GetTimestamp();
        using Process ranks = Process.Start(start)!;
        string? said = ranks.StandardOutput.ReadLine();
        double seconds = Stopwatch.GetElapsedTime(begun).TotalSeconds;
        ranks.WaitForExit();
        return said?.Trim() == Ready ? seconds : throw new SoraException($"{command.File} {string.Join(' ', command.Arguments)} did not start two ranks: exit code {ranks.ExitCode}");
    }
}
