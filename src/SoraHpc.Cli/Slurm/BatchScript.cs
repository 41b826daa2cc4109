using System.Globalization;
using System.Text;
using SoraHpc.Cli.Launching;
using SoraHpc.Runtime.Resilience;

namespace SoraHpc.Cli.Slurm;

/// <summary>A batch job as the bash script that sbatch takes, written to be read and changed. Pure: writes no file.</summary>
internal static class BatchScript
{
    private const string PlainCharacters = "-_./:=,+@%";

    /// <summary>The whole script; lines end in '\n'.</summary>
    internal static string Render(BatchJob job)
    {
        var text = new StringBuilder("#!/usr/bin/env bash\n");
        List<string> requests = [$"--job-name={job.Name}", $"--output={job.Log}", .. job.Requests];
        if (job.Warning is { } seconds)
            requests.Add(string.Create(CultureInfo.InvariantCulture, $"--signal=B:USR1@{seconds}"));
        if (job.Requeue)
            requests.AddRange(["--requeue", "--open-mode=append"]);
        foreach (string request in requests)
            text.Append("#SBATCH ").Append(Quote(request)).Append('\n');
        text.Append("# Written by sora submit. sbatch takes it again as it is, or changed.\nset -u\n\n");
        foreach (string module in job.Modules)
            text.Append("module load ").Append(Quote(module)).Append(" || exit 1\n");
        if (job.Modules.Count > 0)
            text.Append('\n');
        text.Append(Launcher(job));
        text.Append(job.Warning is null ? "\"${launch[@]}\"\n" : SavingAndStopping(job));
        return text.ToString();
    }

    // The tool's own settings of the .NET runtime (methods compiled once and fully, no thread that collects) travel in the file beside it.
    private static string Launcher(BatchJob job)
    {
        string[] srun = job.Srun switch
        {
            LauncherFamily.OpenMpi => ["srun", "--mpi=pmix", "--kill-on-bad-exit=1", "--wait=30"],
            LauncherFamily.Hydra => ["srun", "--mpi=pmi2", "--kill-on-bad-exit=1", "--wait=30"],
            _ => [],
        };
        var text = new StringBuilder();
        if (srun.Length > 0)
            text.Append("# The protocol must fit the MPI; when one rank ends badly, so do the others.\n");
        text.Append("launch=(").AppendJoin(' ', srun.Concat(job.Program).Select(Quote)).Append(")\n");
        return text.ToString();
    }

    private static string SavingAndStopping(BatchJob job)
    {
        string again = RunStoppedException.TryAgainExitCode.ToString(CultureInfo.InvariantCulture);
        string tail = job.Requeue ? $$"""

            # Only while the job runs: one that was cancelled saves too, and stays cancelled.
            job=${SLURM_ARRAY_JOB_ID:+${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID}
            job=${job:-$SLURM_JOB_ID}
            if [ "$code" -eq {{again}} ] && [ "$(squeue --noheader --jobs="$job" --format=%T)" = RUNNING ]; then
                echo "saved; job $job goes back into the queue (Slurm starts it again two minutes from now or later)"
                scontrol requeue "$job"
            fi

            """ : "";
        return $$"""

            # Before the time is over, and before a job of higher rank takes the nodes, Slurm sends SIGUSR1. The ranks get it too,
            # save after the same step and end with exit code {{again}}.
            signalled=yes
            trap 'signalled=yes; kill -USR1 "${ranks-}"' USR1
            trap : TERM
            "${launch[@]}" &
            ranks=$!
            while [ -n "$signalled" ]; do                  # a signal interrupts the wait
                signalled=
                wait "$ranks"
                code=$?
            done
            {{tail}}exit "$code"

            """;
    }

    /// <summary>A word that bash reads as it is, but for the number of an array's task.</summary>
    internal static string Quote(string word)
    {
        if (word.Length > 0 && word.All(letter => char.IsAsciiLetterOrDigit(letter) || PlainCharacters.Contains(letter)))
            return word;
        StringBuilder quoted = new("\"");
        foreach (char letter in word)
            quoted.Append(letter is '"' or '\\' or '$' or '`' ? $"\\{letter}" : letter.ToString());
        return quoted.Append('"').ToString().Replace(ArrayTasks.Placeholder, "${SLURM_ARRAY_TASK_ID}");
    }
}
