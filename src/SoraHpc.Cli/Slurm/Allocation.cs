using System.Globalization;

namespace SoraHpc.Cli.Slurm;

/// <summary>What Slurm gave to the job that this process is in.</summary>
/// <param name="Job">The job's number.</param>
/// <param name="Nodes">Its nodes as Slurm writes them: "n[1-2]".</param>
/// <param name="Tasks">Ranks it was asked for, ≥ 1.</param>
internal sealed record Allocation(string Job, string Nodes, int Tasks)
{
    /// <summary>Null outside a job.</summary>
    internal static Allocation? Read() => Read(Environment.GetEnvironmentVariable);

    internal static Allocation? Read(Func<string, string?> variable)
    {
        if (variable("SLURM_JOB_ID") is not { Length: > 0 } job)
            return null;
        // Without --ntasks Slurm says nothing of tasks, or how many go on each node.
        int tasks = Number(variable("SLURM_NTASKS")) ?? Number(variable("SLURM_NTASKS_PER_NODE")) * Number(variable("SLURM_JOB_NUM_NODES")) ?? 1;
        return new(job, variable("SLURM_JOB_NODELIST") ?? "", tasks);
    }

    private static int? Number(string? text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number > 0 ? number : null;
}
