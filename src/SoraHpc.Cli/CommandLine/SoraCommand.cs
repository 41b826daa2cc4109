using System.CommandLine;
using System.CommandLine.Help;
using SoraHpc.Cli.Bench;
using SoraHpc.Cli.Data;
using SoraHpc.Cli.Doctor;
using SoraHpc.Cli.Run;
using SoraHpc.Cli.Slurm;
using SoraHpc.Communication;
using SoraHpc.Diagnostics;

namespace SoraHpc.Cli.CommandLine;

/// <summary>The tool <c>sora</c>: finds the verb, says what is wrong with a command line in one line, runs it.</summary>
internal static class SoraCommand
{
    /// <summary>Runs one command line and returns the exit code: 0 done, 1 failed, 2 wrong usage.</summary>
    internal static int Run(string[] arguments, TextWriter output, TextWriter error)
    {
        try
        {
            ParseResult parsed = Create().Parse(arguments);
            bool completes = arguments is [['[', ..], ..];                    // a shell asks how a line that is not finished may go on
            if (!completes && parsed.Action is not (HelpAction or HelpWithExample) && UsageErrors.FirstOf(parsed) is { } wrong)
                throw new UsageException(wrong);
            return parsed.Invoke(new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
        }
        catch (UsageException) when (LaunchEnvironment.Read().Rank > 0)
        {
            // Every rank got the same command line: rank 0 says what is wrong with it, before a launcher that saw one end ends it too.
            Thread.Sleep(millisecondsTimeout: 1000);
            return 2;
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

    internal static RootCommand Create()
    {
        var root = new RootCommand("Scientific computing over MPI ranks, or over threads where there is no MPI.");
        root.Subcommands.Add(RunCommand.Create());
        root.Subcommands.Add(DataCommand.Create());
        root.Subcommands.Add(BenchCommand.Create());
        root.Subcommands.Add(DoctorCommand.Create());
        foreach (Command queue in SlurmCommands.All())
            root.Subcommands.Add(queue);
        foreach (HelpOption help in root.Options.OfType<HelpOption>())
            help.Action = new HelpWithExample((HelpAction)help.Action!);
        return root;
    }
}
