using System.Diagnostics;
using NUnit.Framework;
using SoraHpc.Cli.Launching;

namespace SoraHpc.Tests.Tracing;

/// <summary>A rank that is stopped from outside: it cannot say anything itself, so rank 0 says it.</summary>
[NonParallelizable]
public sealed class StoppedRankTests
{
    [Test]
    public void Stopped_rank_is_named_within_the_limit_and_the_run_goes_on_when_it_does([Values("openmpi", "mpich")] string mpi)
    {
        if (MpiLauncher.OnPath($"mpiexec.{mpi}") is not { } launcher)
        {
            Assert.Ignore($"mpiexec.{mpi} is not installed here");
            return;
        }
        using TemporaryDirectory folder = new();
        using Process run = Start(launcher, folder.Path);
        _ = run.StandardOutput.ReadToEndAsync();
        try
        {
            int rank = RankOne(run);
            using (Process.Start("kill", ["-STOP", $"{rank}"]))
            {
            }
            (string line, double after) = Stall(run);
            using (Process.Start("kill", ["-CONT", $"{rank}"]))
            {
            }
            string over = NextLine(run, "sora: the stall is over after ");

            Assert.That(line, Does.Contain($"rank 1 (process {rank} on ").And.Contain("has not run for").And.Contain("rank 0 waits "));
            Assert.That(after, Is.LessThan(Limit + 2));         // the looks come twenty times in the limit; two seconds for a busy machine
            Assert.That(over, Does.StartWith("sora: the stall is over after "));
        }
        finally
        {
            if (!run.HasExited)
                run.Kill(entireProcessTree: true);
        }
    }

    private const double Limit = 3;

    private static Process Start(string launcher, string folder)
    {
        string[] self = LaunchedRanks.Self();
        ProcessStartInfo start = new("timeout", ["-k", "2", "50", launcher, "-n", "2", .. self, "run", "weather", "--case", "5", "--elements", "12", "--hours", "100000",
            "--output", Path.Combine(folder, "w.h5"), "--output-rows", "8", "--output-every", "100000", "--stall-alarm", $"{Limit}", "--progress", "log"])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.Environment["OMPI_ALLOW_RUN_AS_ROOT"] = start.Environment["OMPI_ALLOW_RUN_AS_ROOT_CONFIRM"] = "1";
        start.Environment["OMPI_MCA_rmaps_base_oversubscribe"] = "1";
        return Process.Start(start)!;
    }

    // Rank 1's process, once the run takes steps: the first line of progress comes two seconds after it begins.
    private static int RankOne(Process run)
    {
        Assert.That(NextLine(run, "step "), Does.StartWith("step "));
        return Directory.EnumerateDirectories("/proc").Select(path => int.TryParse(Path.GetFileName(path), out int process) ? process : 0)
            .First(process => process > 0 && IsRankOne(process, run.Id));
    }

    private static bool IsRankOne(int process, int above)
    {
        try
        {
            string environment = File.ReadAllText($"/proc/{process}/environ");
            return (environment.Contains("OMPI_COMM_WORLD_RANK=1\0", StringComparison.Ordinal) || environment.Contains("PMI_RANK=1\0", StringComparison.Ordinal)) && IsBelow(process, above);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static bool IsBelow(int process, int above)
    {
        while (process > 1 && process != above)
        {
            string stat = File.ReadAllText($"/proc/{process}/stat");
            process = int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1]);
        }
        return process == above;
    }

    private static (string Line, double After) Stall(Process run)
    {
        long begun = Stopwatch.GetTimestamp();
        return (NextLine(run, "sora: stall: "), Stopwatch.GetElapsedTime(begun).TotalSeconds);
    }

    private static string NextLine(Process run, string beginning)
    {
        string? line;
        do
            line = run.StandardError.ReadLine();
        while (line is not null && !line.StartsWith(beginning, StringComparison.Ordinal));
        return line ?? $"the run ended without \"{beginning}\"";
    }
}
