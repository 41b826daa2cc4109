using System.Diagnostics;
using NUnit.Framework;
using SoraHpc.Cli.Launching;
using SoraHpc.Storage.Checkpoints;
using SoraHpc.Tests.Cli;

namespace SoraHpc.Tests.Resilience;

/// <summary>Ranks that are killed while they run: the tool starts them again, and the result has the bytes of the undisturbed run.</summary>
[NonParallelizable]
public sealed class KilledRanksTests
{
    private string folder = "";

    private string Checkpoints => Path.Combine(folder, "checkpoints");

    [SetUp]
    public void MakeFolder() => folder = Directory.CreateTempSubdirectory("sora-killed-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(folder, recursive: true);

    [Test]
    public void Killed_rank_costs_time_and_no_bit([Values("openmpi", "mpich", "threads")] string ranks)
    {
        string[] weather = ["weather", "--case", "5", "--elements", "8", "--hours", "60", "--output-rows", "16", "--output-every", "25"];
        (int alone, _, string said) = SoraCommandTests.Run(["run", .. weather, "--output", Path.Combine(folder, "alone.h5")]);
        Assume.That(alone, Is.Zero, said);

        (int code, string output, string error) = RunAndKill(ranks, [.. weather, "--output", Path.Combine(folder, "forecast.h5"), "--checkpoint-every", "150ms"]);

        Assert.Multiple(() =>
        {
            Assert.That(code, Is.Zero, error);
            Assert.That(error, Does.Match(@"sora: the run failed after [0-9.]+ s \(exit code [0-9]+.*\); it goes on from step [0-9]+; [0-9.]+ s of work lost; restart 1 of 9"));
            Assert.That(output, Does.Contain("checkpoints: went on from step "));
            Assert.That(Stopped.Numbers(Path.Combine(folder, "forecast.h5")), Is.EqualTo(Stopped.Numbers(Path.Combine(folder, "alone.h5"))));
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

    /// <summary>Random ranks at random moments; prints a row of the table in Resilience/README.md. As many kills as <c>--test-parameter kills=N</c> says.</summary>
    [Test, Explicit("takes minutes")]
    public void Random_kills_cost_no_bit([Values("openmpi", "mpich")] string ranks, [Values("weather", "uts")] string job)
    {
        int kills = TestContext.Parameters.Get("kills", 25);
        string forecast = Path.Combine(folder, "forecast.h5");
        string[] words = job == "uts" ? ["uts", "--tree", "T1L", "--lanes", "4", "--checkpoint-every", "200ms"]
            : ["weather", "--case", "5", "--elements", "12", "--hours", "48", "--output-rows", "16", "--checkpoint-every", "200ms", "--output", forecast];
        (int alone, _, string said) = Wait(Start(ranks, words));
        Assume.That(alone, Is.Zero, said);
        byte[] expected = job == "uts" ? [] : Stopped.Numbers(forecast);
        long begun = Stopwatch.GetTimestamp();
        Wait(Start(ranks, words));
        double undisturbed = Stopwatch.GetElapsedTime(begun).TotalSeconds;
        Random random = new(20260);
        List<(double Detection, double Lost, double Recovery)> rows = [];
        while (rows.Count < kills)
        {
            begun = Stopwatch.GetTimestamp();
            Process tool = Start(ranks, words);
            Thread.Sleep((int)(1000 * undisturbed * random.NextDouble()));
            if (RankProcesses.OneBelow(tool, random) is not { } rank)
            {
                Wait(tool);
                continue;
            }
            long killed = Stopwatch.GetTimestamp(), told = 0;
            using (Process victim = Process.GetProcessById(rank))
                victim.Kill();
            string line = tool.StandardError.ReadLine() ?? "";
            while (line.Length > 0 && !line.StartsWith("sora: the run failed", StringComparison.Ordinal))
                line = tool.StandardError.ReadLine() ?? "";
            told = Stopwatch.GetTimestamp();
            (int code, string output, string error) = Wait(tool);
            Assert.That(code, Is.Zero, $"kill {rows.Count}: {line}\n{error}\n{output}");
            if (line.Length == 0)
                continue;                   // it had done its work when it was killed
            if (job == "uts")
                Assert.That(output, Does.Contain("nodes         102181082\n"));
            else
                Assert.That(Stopped.Numbers(forecast), Is.EqualTo(expected), $"kill {rows.Count}");
            double detection = Stopwatch.GetElapsedTime(killed, told).TotalSeconds;
            double lost = double.Parse(line[(line.LastIndexOf("; ", line.IndexOf(" s of work", StringComparison.Ordinal), StringComparison.Ordinal) + 2)..line.IndexOf(" s of work", StringComparison.Ordinal)], System.Globalization.CultureInfo.InvariantCulture);
            rows.Add((detection, lost, Stopwatch.GetElapsedTime(begun).TotalSeconds - undisturbed - detection - lost));
        }
        TestContext.Out.WriteLine(FormattableString.Invariant($"| {job} | {ranks} | {rows.Count} of {rows.Count} | {undisturbed:0.0} s | {Median(rows.Select(row => row.Detection)):0.00}, {rows.Max(row => row.Detection):0.00} s | {Median(rows.Select(row => row.Lost)):0.0}, {rows.Max(row => row.Lost):0.0} s | {Median(rows.Select(row => row.Recovery)):0.0}, {rows.Max(row => row.Recovery):0.0} s |"));
    }

    private static double Median(IEnumerable<double> values) => values.Order().ElementAt(values.Count() / 2);

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

    private Process Start(string ranks, string[] job, int restarts = 9)
    {
        if (ranks != "threads" && MpiLauncher.OnPath($"mpiexec.{ranks}") is null)
            Assert.Ignore($"mpiexec.{ranks} is not installed here");
        string[] command = LaunchedRanks.Self(), where = ranks == "threads" ? [] : ["--mpi", ranks];
        return Process.Start(new ProcessStartInfo(command[0],
            [.. command[1..], "run", .. job, .. where, "--ranks", "2", "--checkpoint", Checkpoints, "--restarts", $"{restarts}", "--progress", "none"])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
    }
}
