using System.Diagnostics;
using NUnit.Framework;
using SoraHpc.Cli.Launching;
using SoraHpc.Storage.Checkpoints;

namespace SoraHpc.Tests.Resilience;

/// <summary>Ranks that are killed while they run: the tool starts them again, and the result has the bytes of the undisturbed run.</summary>
[NonParallelizable]
public sealed class KilledRanksTests : DeathTests
{
    [Test]
    public void Killed_rank_costs_time_and_no_bit([Values("openmpi", "mpich", "threads")] string ranks)
    {
        byte[] undisturbed = UndisturbedForecast();

        (int code, string output, string error) = RunAndKill(ranks, [.. Forecast, "--checkpoint-every", "150ms"]);

        Assert.Multiple(() =>
        {
            Assert.That(code, Is.Zero, error);
            Assert.That(error, Does.Match(@"sora: the run failed after [0-9.]+ s \(exit code [0-9]+.*\); it goes on from step [0-9]+; [0-9.]+ s of work lost; restart 1 of 9"));
            Assert.That(output, Does.Contain("checkpoints: went on from step "));
            Assert.That(Stopped.Numbers(In("forecast.h5")), Is.EqualTo(undisturbed));
            Assert.That(Directory.GetFiles(Checkpoints, "checkpoint*"), Is.Empty);
        });
    }

    [Test]
    public void Wrong_usage_is_not_tried_again([Values("openmpi")] string ranks)
    {
        (int code, _, string error) = Wait(Start(ranks, ["weather", "--case", "5", "--elements", "4", "--time-step", "100000", "--hours", "1"]));

        Assert.That(code, Is.EqualTo(2), error);
        Assert.That(error, Does.Contain("stability limit").And.Not.Contain("restart"));
    }

    [Test]
    public void Failure_that_repeats_ends_after_as_many_restarts_as_asked_for()
    {
        (int code, _, string error) = Wait(Start("threads", ["weather", "--case", "5", "--elements", "2", "--hours", "1", "--output", "/nowhere/forecast.h5"], restarts: 1));

        Assert.That(code, Is.EqualTo(1), error);
        Assert.That(error, Does.Contain("there is no checkpoint yet").And.Contain("restart 1 of 1").And.Contain("it was started again once"));
    }

    /// <summary>Random ranks at random moments, <c>--test-parameter kills=N</c> of them; prints the table in Resilience/README.md.</summary>
    [Test, Explicit("takes minutes")]
    public void Random_kills_cost_no_bit([Values("openmpi", "mpich")] string ranks, [Values("weather", "uts")] string job)
    {
        SkipWithout(ranks);
        string forecast = In("forecast.h5");
        string[] words = job == "uts" ? ["uts", "--tree", "T1L", "--lanes", "4"]
            : ["weather", "--case", "5", "--elements", "12", "--hours", "24", "--output-rows", "16", "--output", forecast];
        DeathExperiment experiment = new($"{job}, {ranks}, --restarts", Folder, Words(ranks, [.. words, "--checkpoint-every", "200ms"]), 2,
            end => job == "uts" ? DeathExperiment.NodesOfT1L(end) : Stopped.Numbers(forecast));
        Measure(experiment, TestContext.Parameters.Get("kills", 25), seed: 20260);
    }

    // Kills the first rank that is seen once there is a checkpoint.
    private (int Code, string Output, string Error) RunAndKill(string ranks, string[] job)
    {
        Process tool = Start(ranks, job);
        long deadline = Stopwatch.GetTimestamp() + 60 * Stopwatch.Frequency;
        bool killed = false;
        while (!killed && !tool.HasExited && Stopwatch.GetTimestamp() < deadline)
        {
            if (NewestCheckpoint.In(Checkpoints) is not null && RankProcesses.OneBelow(tool, new Random(1)) is { } rank)
            {
                using Process victim = Process.GetProcessById(rank);
                victim.Kill();
                killed = true;
            }
            Thread.Sleep(10);
        }
        (int code, string output, string error) = Wait(tool);
        Assert.That(killed, Is.True, $"there was a checkpoint and a rank to kill\n{output}\n{error}");
        return (code, output, error);
    }

    private static (int Code, string Output, string Error) Wait(Process tool)
    {
        using (tool)
        {
            Task<string> error = tool.StandardError.ReadToEndAsync();
            string output = tool.StandardOutput.ReadToEnd();
            tool.WaitForExit();
            return (tool.ExitCode, output, error.Result);
        }
    }

    private static void SkipWithout(string ranks)
    {
        if (ranks != "threads" && MpiLauncher.OnPath($"mpiexec.{ranks}") is null)
            Assert.Ignore($"mpiexec.{ranks} is not installed here");
    }

    private string[] Words(string ranks, string[] job, int restarts = 9) =>
        ["run", .. job, .. ranks == "threads" ? [] : (string[])["--mpi", ranks], "--ranks", "2", "--checkpoint", Checkpoints, "--restarts", $"{restarts}", "--progress", "none"];

    private Process Start(string ranks, string[] job, int restarts = 9)
    {
        SkipWithout(ranks);
        return StartTool(Words(ranks, job, restarts));
    }
}
