using System.CommandLine;

namespace SoraHpc.Cli.Slurm;

/// <summary>The verbs about jobs in Slurm's queue.</summary>
internal static class SlurmCommands
{
    internal static IReadOnlyList<Command> All() => [SubmitCommand.Create(), StatusCommand.Create(), LogsCommand.Create(), CancelCommand.Create()];

    /// <summary>For output that a script reads.</summary>
    internal static Option<bool> Json() => new("--json") { Description = "Print JSON, for scripts" };
}
