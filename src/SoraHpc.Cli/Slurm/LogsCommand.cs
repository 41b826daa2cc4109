using System.CommandLine;
using SoraHpc.Cli.CommandLine;
using SoraHpc.Diagnostics;

namespace SoraHpc.Cli.Slurm;

/// <summary><c>sora logs ID</c>: what a job has printed, as far as it has come.</summary>
internal static class LogsCommand
{
    private const int MillisecondsBetweenLooks = 300;

    internal static Command Create()
    {
        var id = new Argument<string>("ID") { Description = "Number of a job, or of an array's task as 12_3" };
        Option<bool> follow = new("--follow") { Description = "Go on printing until the job has ended" };
        var command = new Verb("logs", "Prints what a job has printed.", "sora logs 12 --follow");
        command.Arguments.Add(id);
        command.Options.Add(follow);
        command.SetAction(parsed =>
        {
            Print(parsed.GetValue(id)!, parsed.GetValue(follow), parsed.InvocationConfiguration.Output);
            return 0;
        });
        return command;
    }

    private static void Print(string id, bool follow, TextWriter output)
    {
        IReadOnlyList<SlurmJob> jobs = SlurmJob.Find(id);
        if (follow && jobs.Count > 1)
            throw new UsageException($"--follow goes with one job, but {id} has {jobs.Count} tasks: name one, such as {jobs[0].Id}");
        foreach (SlurmJob job in jobs)
        {
            if (jobs.Count > 1)
                output.WriteLine($"== {job.Id}");
            long read = Copy(job, 0, output);
            for (SlurmJob now = job; follow && !now.HasEnded; )
            {
                Thread.Sleep(MillisecondsBetweenLooks);
                now = SlurmJob.Find(job.Id)[0];         // before the look into the file: what it printed last is in there then
                read = Copy(now, read, output);
            }
        }
    }

    /// <summary>Prints the log from a place on; returns the place to go on from.</summary>
    private static long Copy(SlurmJob job, long from, TextWriter output)
    {
        if (!File.Exists(job.Log))
            return job.State == "PENDING" || !job.HasEnded ? from : throw new SoraException($"job {job.Id}: its log {job.Log} is not there");
        using var log = new FileStream(job.Log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        log.Seek(Math.Min(from, log.Length), SeekOrigin.Begin);
        using var reader = new StreamReader(log);
        output.Write(reader.ReadToEnd());
        output.Flush();
        return log.Position;
    }
}
