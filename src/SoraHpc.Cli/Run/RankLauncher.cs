using System.CommandLine;
using System.Globalization;
using SoraHpc.Cli.Launching;
using SoraHpc.Cli.Slurm;
using SoraHpc.Communication;
using SoraHpc.Diagnostics;
using SoraHpc.Runtime.Resilience;

namespace SoraHpc.Cli.Run;

/// <summary>Brings a body onto its ranks as the options say: threads here, this rank of a launcher, or a launcher started with this program.</summary>
internal sealed class RankLauncher(ParseResult parsed, LaunchOptions options, SurvivalSettings? survival = null)
{
    private readonly int? ranks = parsed.GetValue(options.Ranks);
    private readonly string? mpi = parsed.GetValue(options.Mpi);
    private readonly Allocation? allocation = Allocation.Read();

    /// <summary>Runs <paramref name="body"/> on every rank, here or in the processes started; returns the exit code.</summary>
    internal int Run(Action<Communicator> body, ThreadLevel level = ThreadLevel.Funneled) => Run(body, level, stopped: null);

    /// <summary>As above, for a body that sees to the signals by which it is asked to stop.</summary>
    /// <param name="stopped">Asked once it has returned on all ranks: whether it was stopped, which is then the exit code.</param>
    internal int RunUntilStopped(Action<Communicator> body, Func<bool> stopped)
    {
        int code = Run(body, ThreadLevel.Funneled, stopped);
        return code == 0 && stopped() ? RunStoppedException.TryAgainExitCode : code;
    }

    private int Run(Action<Communicator> body, ThreadLevel level, Func<bool>? stopped) => Choose() switch
    {
        LaunchChoice.Threads => World.Run(body, Options(Transport.Threads, level, stopped)),
        LaunchChoice.ThisIsARank => World.Run(body, Options(Transport.Mpi, level, stopped)),
        var launcher => Watch(launcher, Words(parsed), ranksStop: stopped is not null).Code,
    };

    /// <summary>Has the ranks, always other processes than this one, start again after a failure; returns the exit code.</summary>
    internal int RunAgainAfterFailures(RestartLoop loop, CheckpointSettings settings)
    {
        LaunchChoice choice = Choose();
        if (choice == LaunchChoice.ThisIsARank)
            throw new UsageException($"{settings.Restarts.Name} starts ranks again, but {LaunchEnvironment.Read().Launcher} started these: leave it out, or let sora start them with --mpi");
        string[] words = settings.WordsOfOneAttempt(parsed);
        return loop.Run(restart => Watch(choice, restart && !words.Contains(settings.Restart.Name) ? [.. words, settings.Restart.Name] : words, ranksStop: true));
    }

    private LaunchChoice Choose() => LaunchChoices.Of(parsed.GetValue(options.Launcher), ranks, mpi, parsed.GetValue(options.Started), LaunchEnvironment.Read(), allocation?.Tasks ?? 1);

    /// <summary>How the ranks, or the process whose threads they are, are started.</summary>
    private LaunchCommand Command(LaunchChoice choice, string[] words, bool ranksStop) => choice switch
    {
        LaunchChoice.Threads => new(LaunchedRanks.Self()[0], [.. LaunchedRanks.Self()[1..], .. words], new Dictionary<string, string>()),
        LaunchChoice.Srun => LaunchCommand.For(MpiLauncher.FindSrun(), Request(ranks, words, mpi ?? MpiLauncher.FamilyInstalled(), ranksStop)),
        // In a job of a batch system its launcher knows how many ranks were asked for, and where they go.
        _ => LaunchCommand.For(MpiLauncher.Find(mpi), Request(ranks ?? (allocation is not null ? null : Machine.Cores()), words, mpi, ranksStop)),
    };

    /// <summary>How progress is shown on the rank that prints.</summary>
    /// <remarks>A rank cannot see the user's terminal; the process that started the launcher looks for it and says so with options.</remarks>
    internal Progress CreateProgress(TextWriter error) =>
        new(error, ProgressOf(parsed.GetValue(options.Progress)), parsed.GetValue(options.Columns) ?? TerminalColumns());

    private WorldOptions Options(Transport transport, ThreadLevel level, Func<bool>? stopped) => new()
    {
        Transport = transport,
        Ranks = ranks ?? 1,
        MpiLibrary = mpi,
        ThreadLevel = level,
        EndsOnStopSignals = stopped is null,
        Error = parsed.InvocationConfiguration.Error,
        Survival = survival?.Of(parsed, () => stopped?.Invoke() == true ? RunStoppedException.TryAgainExitCode : 0),
    };

    private bool Survives => survival?.IsAsked(parsed) == true;

    private static string[] Words(ParseResult parsed) => [.. parsed.Tokens.Select(token => token.Value)];

    // Threads end with their process, whose own exit code tells; a launcher of processes that lets them die has none to tell.
    private (int Code, bool Signalled) Watch(LaunchChoice choice, string[] words, bool ranksStop) =>
        survival is not null && (Survives || ranksStop) && choice != LaunchChoice.Threads
            ? survival.Watch(allocation is not null ? Environment.CurrentDirectory : Path.GetTempPath(), isAlwaysTold: Survives, more => LaunchedRanks.Watch(Command(choice, [.. words, .. more], ranksStop), ranksStop))
            : LaunchedRanks.Watch(Command(choice, words, ranksStop), ranksStop);

    /// <param name="words">The command line of every rank.</param>
    /// <param name="shielded">The ranks stop on signals, which wait until they listen.</param>
    private LaunchRequest Request(int? count, string[] words, string? library, bool shielded)
    {
        List<string> program = [.. shielded && StopSignals.CanShield() ? StopSignals.Shield : [], .. LaunchedRanks.Self(), .. words, options.Started.Name];
        if (parsed.GetValue(options.Progress) is null)
            program.AddRange([options.Progress.Name, OnTerminal ? "line" : "log"]);
        program.AddRange([options.Columns.Name, TerminalColumns().ToString(CultureInfo.InvariantCulture)]);
        return new(count, program, Machine.Cores(), allocation is not null, Environment.UserName == "root", library, Survives);
    }

    private ProgressStyle ProgressOf(string? word) => word switch
    {
        "none" => ProgressStyle.Silent,
        "line" => ProgressStyle.Line,
        "log" => ProgressStyle.Log,
        _ => OnTerminal && LaunchEnvironment.Read().Transport == Transport.Threads ? ProgressStyle.Line : ProgressStyle.Log,
    };

    private static bool OnTerminal => !Console.IsErrorRedirected;

    private static int TerminalColumns()
    {
        try
        {
            return OnTerminal && Console.WindowWidth >= 20 ? Console.WindowWidth : 100;
        }
        catch (IOException)
        {
            return 100;
        }
    }
}
