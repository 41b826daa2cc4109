using System.CommandLine;
using System.CommandLine.Help;
using SoraHpc.Cli.Bench;
using SoraHpc.Cli.Data;
using SoraHpc.Cli.Doctor;
using SoraHpc.Cli.Report;
using SoraHpc.Cli.Run;
using SoraHpc.Cli.Slurm;
using SoraHpc.Communication;
using SoraHpc.Diagnostics;

namespace SoraHpc.Cli.CommandLine;

/// <summary>The tool <c>sora</c>: finds the verb, says what is wrong with a command line in one line, runs it.</summary>
internal static class SoraCommand
{
    private const int PatienceMilliseconds = 1000;

    /// <summary>Runs one command line and returns the exit code: 0 done, 1 failed, 2 wrong usage.</summary>
    internal static int Run(string[] arguments, TextWriter output, TextWriter error)
    {
        try
        {
            ParseResult parsed = Create(arguments).Parse(arguments);
            bool completes = arguments is [['[', ..], ..];                    // a shell asks how a line that is not finished may go on
            if (!completes && parsed.Action is not (HelpAction or HelpWithExample) && UsageErrors.FirstOf(parsed) is { } wrong)
                throw new UsageException(wrong);
            return parsed.Invoke(new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
        }
        catch (UsageException wrong) when (LaunchEnvironment.Read().Rank > 0)
        {
            return EndAll(wrong, error);
        }
        catch (SoraException failure)
        {
            error.WriteLine($"sora: {failure.Message.ReplaceLineEndings(" ")}");
            return failure.ExitCode;
        }
        catch (Exception defect)
        {
            error.WriteLine($"sora: {defect.GetType().Name}: {defect.Message}\n{defect.StackTrace}");
            return 1;
        }
    }

    /// <summary>On a rank that is not the first.</summary>
    private static int EndAll(UsageException wrong, TextWriter error)
    {
        // Most often every rank got the same command line: rank 0 says what is wrong with it, and a launcher that saw one end ends the others.
        Thread.Sleep(PatienceMilliseconds);
        // Still here: this rank's command line may be another, and rank 0 waits for the world to open. It does; then all of it ends with this line. Where
        // rank 0 has gone and its launcher ends nobody, it does not.
        using Timer limit = new(_ => Environment.Exit(wrong.ExitCode), null, PatienceMilliseconds, Timeout.Infinite);
        return World.Run(_ => throw wrong, new WorldOptions { Transport = Transport.Mpi, Error = error });
    }

    /// <param name="arguments">A command line that begins with a verb needs no other one: every rank reads its own line while it starts.</param>
    internal static RootCommand Create(params IReadOnlyList<string> arguments)
    {
        (string Name, Func<Command> Create)[] verbs =
            [("run", RunCommand.Create), ("data", DataCommand.Create), ("bench", BenchCommand.Create), ("doctor", DoctorCommand.Create), ("report", ReportCommand.Create)];
        var root = new RootCommand("Scientific computing over MPI ranks, or over threads where there is no MPI.");
        bool isOne = arguments.Count > 0 && Array.Exists(verbs, verb => verb.Name == arguments[0]);
        foreach ((string name, Func<Command> create) in verbs)
            if (!isOne || name == arguments[0])
                root.Subcommands.Add(create());
        foreach (Command queue in isOne ? [] : SlurmCommands.All())
            root.Subcommands.Add(queue);
        foreach (HelpOption help in root.Options.OfType<HelpOption>())
            help.Action = new HelpWithExample((HelpAction)help.Action!);
        return root;
    }
}
