using SoraHpc.Cli.Launching;

namespace SoraHpc.Cli.Slurm;

/// <summary>What a batch script asks of Slurm and runs in what it gets.</summary>
internal sealed record BatchJob
{
    /// <summary>Its name in the queue.</summary>
    internal required string Name { get; init; }

    /// <summary>Pattern of the log's file; %j is the job's number.</summary>
    internal required string Log { get; init; }

    /// <summary>The program of every rank and its words; <see cref="ArrayTasks.Placeholder"/> stands for the number of an array's task.</summary>
    internal required IReadOnlyList<string> Program { get; init; }

    /// <summary>Options of sbatch, as they are written, with their values: "--nodes=2".</summary>
    internal IReadOnlyList<string> Requests { get; init; } = [];

    /// <summary>Environment modules to load first.</summary>
    internal IReadOnlyList<string> Modules { get; init; } = [];

    /// <summary>Whose protocol srun speaks to the ranks; null: mpiexec starts them, called by the program itself.</summary>
    internal LauncherFamily? Srun { get; init; }

    /// <summary>Seconds before the end of the time at which the ranks are told to save; null: they cannot.</summary>
    internal int? Warning { get; init; }

    /// <summary>Once it has saved, the job goes back into the queue.</summary>
    internal bool Requeue { get; init; }
}
