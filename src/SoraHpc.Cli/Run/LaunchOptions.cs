using System.CommandLine;
using SoraHpc.Cli.CommandLine;

namespace SoraHpc.Cli.Run;

/// <summary>The options that say where ranks come from and how progress is shown; the same for every job.</summary>
internal sealed class LaunchOptions
{
    internal Option<int?> Ranks { get; } = CommandOptions.Integer("--ranks",
        "Ranks to run on. Default: 1; with --launcher mpiexec the machine's cores; in a Slurm job its tasks", least: 1);

    internal Option<string?> Launcher { get; } = CommandOptions.Choice("--launcher",
        "Where ranks come from. Default: auto, the launcher this process was started by, else srun in a Slurm job of several tasks, else mpiexec when --mpi is given, else threads",
        "auto", "threads", "mpiexec", "srun");

    internal Option<string?> Mpi { get; } = CommandOptions.Text("--mpi", "The MPI to use: openmpi, mpich, or a library's path. Default: found", "openmpi|mpich|PATH");

    internal Option<string?> Progress { get; } = CommandOptions.Choice("--progress",
        "One rewritten line, log lines, or none. Default: line on a terminal, else log", "line", "log", "none");

    /// <summary>Set by this program when it starts itself under a launcher.</summary>
    internal Option<bool> Started { get; } = new("--started-by-sora") { Hidden = true };

    /// <summary>Width of the terminal, which ranks cannot see for themselves.</summary>
    internal Option<int?> Columns { get; } = Hide(CommandOptions.Integer("--columns", "Columns of the terminal", least: 20));

    internal void AddTo(Command command)
    {
        foreach (Option option in (Option[])[Ranks, Launcher, Mpi, Progress, Started, Columns])
        {
            option.Recursive = true;
            command.Options.Add(option);
        }
    }

    private static Option<int?> Hide(Option<int?> option)
    {
        option.Hidden = true;
        return option;
    }
}
