using System.CommandLine;
using System.Text.Json;
using SoraHpc.Cli.CommandLine;

namespace SoraHpc.Cli.Slurm;

/// <summary><c>sora status [ID]</c>.</summary>
internal static class StatusCommand
{
    internal static Command Create()
    {
        var id = new Argument<string?>("ID") { Description = "Number of a job, or of an array's task as 12_3. Default: all jobs of yours", Arity = ArgumentArity.ZeroOrOne };
        Option<bool> json = SlurmCommands.Json();
        var command = new Verb("status", "Says what has become of jobs in Slurm's queue.", "sora status 12");
        command.Arguments.Add(id);
        command.Options.Add(json);
        command.SetAction(parsed =>
        {
            TextWriter output = parsed.InvocationConfiguration.Output;
            string? number = parsed.GetValue(id);
            IReadOnlyList<SlurmJob> jobs = [.. SlurmJob.Find(number).Where(job => number is not null || job.User == Environment.UserName)];
            output.Write(parsed.GetValue(json) ? JsonSerializer.Serialize(jobs) + "\n" : Render(jobs));
            return 0;
        });
        return command;
    }

    /// <summary>A line a job below a heading; lines end in '\n'.</summary>
    internal static string Render(IReadOnlyList<SlurmJob> jobs)
    {
        string[][] rows = [["job", "name", "state", "time", "limit", "nodes", ""], .. jobs.Select(Row)];
        int[] widths = [.. rows[0].Select((_, column) => rows.Max(row => row[column].Length))];
        return string.Concat(rows.Select(row => string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd() + "\n"));
    }

    private static string[] Row(SlurmJob job)
    {
        string[] remarks =
        [
            job.Reason,
            job.HasEnded && job.ExitCode != 0 ? $"exit code {job.ExitCode}" : "",
            job.Restarts == 0 ? "" : $"requeued {(job.Restarts == 1 ? "once" : $"{job.Restarts} times")}",
        ];
        return [job.Id, job.Name, job.State, job.RunTime, job.TimeLimit, job.Nodes, string.Join(", ", remarks.Where(remark => remark.Length > 0))];
    }
}
