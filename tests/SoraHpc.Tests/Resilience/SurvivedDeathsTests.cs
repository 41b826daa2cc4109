using System.Diagnostics;
using NUnit.Framework;
using SoraHpc.Cli.Launching;
using SoraHpc.Storage.Checkpoints;
using SoraHpc.Tests.Cli;

namespace SoraHpc.Tests.Resilience;

/// <summary>Processes of ranks that are killed while they run: the others go on, and the result has the bytes of the undisturbed run.</summary>
[NonParallelizable]
public sealed class SurvivedDeathsTests : DeathTests
{
    [SetUp]
    public void SkipWithoutOpenMpi()
    {
        if (MpiLauncher.OnPath("mpiexec.openmpi") is null)
            Assert.Ignore("mpiexec.openmpi is not installed here");
    }

    [Test]
    public void Run_goes_on_without_a_killed_rank_or_with_a_new_one([Values("shrink", "replace")] string mode)
    {
        byte[] undisturbed = UndisturbedForecast();

        using Process tool = Start([.. Forecast, "--checkpoint", Checkpoints, "--checkpoint-every", "100ms"], mode);
        while (NewestCheckpoint.In(Checkpoints) is null && !tool.HasExited)
            Thread.Sleep(5);
        Kill(tool, new Random(3));
        Outcome run = Wait(tool);

        Assert.Multiple(() =>
        {
            Assert.That(run.Code, Is.Zero, run.Error);
            Assert.That(run.Error, Does.Match("sora: rank [0-2] of 3 died; noticed within [0-9.]+ s, recovered in [0-9.]+ s .*: going on with "
                + (mode == "replace" ? "3 ranks, 1 of them new" : "2 ranks")));
            Assert.That(Stopped.Numbers(In("forecast.h5")), Is.EqualTo(undisturbed));
        });
    }

    [Test]
    public void Run_that_was_asked_to_stop_says_so_after_a_death_too([Values] bool afterDeath)
    {
        string[] weather = ["weather", "--case", "5", "--elements", "8", "--hours", "600", "--output-rows", "16", "--output", In("forecast.h5")];
        using Process tool = Start([.. weather, "--checkpoint", Checkpoints, "--checkpoint-every", "100ms"], "shrink");
        Assert.That(SpinWait.SpinUntil(() => NewestCheckpoint.In(Checkpoints) is not null || tool.HasExited, 60_000), Is.True);
        using ManualResetEventSlim recovered = new();
        Task stop = Task.Run(() =>
        {
            if (afterDeath)
                recovered.Wait(60_000);
            using Process asked = Process.Start("kill", ["-USR1", $"{tool.Id}"]);
            asked.WaitForExit();
        });
        if (afterDeath)
            Kill(tool, new Random(4));
        Outcome run = Wait(tool, recovered: recovered.Set);
        stop.Wait();

        Assert.That(run.Code, Is.EqualTo(75), run.Error);
        Assert.That(run.Error, Does.Contain("stopped after step").And.Contain("as asked"));
        Assert.That(NewestCheckpoint.In(Checkpoints), Is.Not.Null);
    }

    [Test]
    public void Failure_of_a_ranks_own_ends_a_run_that_survives_deaths()
    {
        using Process tool = Start(["weather", "--case", "5", "--elements", "2", "--hours", "1", "--output", "/nowhere/forecast.h5"], "shrink");
        Outcome run = Wait(tool);

        Assert.That(run.Code, Is.EqualTo(1), "though this launcher always ends with 0: " + run.Error);
        Assert.That(run.Error, Does.Contain("/nowhere"));
    }

    [Test]
    public void Library_that_cannot_is_refused_before_it_starts()
    {
        if (MpiLauncher.OnPath("mpiexec.mpich") is null)
            Assert.Ignore("mpiexec.mpich is not installed here");
        (int code, _, string said) = SoraCommandTests.Run(["run", "weather", "--case", "5", "--hours", "1", "--ranks", "2", "--mpi", "mpich", "--survive"]);

        Assert.That(code, Is.EqualTo(2));
        Assert.That(said, Does.Contain("--restarts"));
    }

    /// <summary>Random ranks at random moments, <c>--test-parameter deaths=N</c> of them; prints the table in Resilience/README.md.</summary>
    [Test, Explicit("takes minutes")]
    public void Random_deaths_cost_no_bit([Values("weather", "uts", "heat")] string job, [Values("shrink", "replace")] string mode)
    {
        string result = In("result.h5"), plate = In("plate.h5");
        if (job == "heat")
            _ = SoraCommandTests.Run(["data", "heat", "--rows", "1024", "--columns", "1024", "--output", plate]);
        string[] words = job switch
        {
            "uts" => ["uts", "--tree", "T1L", "--lanes", "4"],
            "heat" => ["heat", "--data", plate, "--steps", "2500", "--output", result],
            _ => ["weather", "--case", "5", "--elements", "12", "--hours", "24", "--output-rows", "16", "--output", result],
        };
        // Before the ranks have met, or within a call that nothing ends, a death cannot be survived: then the run is started again.
        DeathExperiment experiment = new($"{job}, openmpi, --survive {mode}", Folder,
            Words([.. words, "--copies-every", "200ms", "--checkpoint", Checkpoints, "--checkpoint-every", "1s", "--restarts", "9"], mode), 3,
            end => job == "uts" ? DeathExperiment.NodesOfT1L(end) : Stopped.Numbers(result));
        Measure(experiment, TestContext.Parameters.Get("deaths", 25), seed: 2026);
    }

    private sealed record Outcome(int Code, string Error);

    /// <param name="recovered">Done when the line about the recovery is read.</param>
    private static Outcome Wait(Process tool, Action? recovered = null)
    {
        Task<string> error = Task.Run(() =>
        {
            List<string> lines = [];
            while (tool.StandardError.ReadLine() is { } line)
            {
                if (line.StartsWith("sora: rank", StringComparison.Ordinal))
                    recovered?.Invoke();
                lines.Add(line);
            }
            return string.Join('\n', lines);
        });
        _ = tool.StandardOutput.ReadToEnd();
        tool.WaitForExit();
        return new(tool.ExitCode, error.Result);
    }

    private static bool Kill(Process tool, Random random)
    {
        if (RankProcesses.OneBelow(tool, random) is not { } rank)
            return false;
        using Process victim = Process.GetProcessById(rank);
        victim.Kill();
        return true;
    }

    private static string[] Words(string[] job, string mode) => ["run", .. job, "--mpi", "openmpi", "--ranks", "3", "--progress", "none", "--survive", mode];

    private Process Start(string[] job, string mode) => StartTool(Words(job, mode));
}
