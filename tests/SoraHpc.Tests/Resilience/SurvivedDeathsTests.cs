using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using NUnit.Framework;
using SoraHpc.Cli.Launching;
using SoraHpc.Storage.Checkpoints;
using SoraHpc.Tests.Cli;

namespace SoraHpc.Tests.Resilience;

/// <summary>Processes of ranks that are killed while they run: the others go on, and the result has the bytes of the undisturbed run.</summary>
[NonParallelizable]
public sealed partial class SurvivedDeathsTests
{
    private string folder = "";

    private string Checkpoints => Path.Combine(folder, "checkpoints");

    [SetUp]
    public void MakeFolder()
    {
        if (MpiLauncher.OnPath("mpiexec.openmpi") is null)
            Assert.Ignore("mpiexec.openmpi is not installed here");
        folder = Directory.CreateTempSubdirectory("sora-survived-").FullName;
    }

    [TearDown]
    public void RemoveFolder()
    {
        if (folder.Length > 0)
            Directory.Delete(folder, recursive: true);
    }

    [Test]
    public void Run_goes_on_without_a_killed_rank_or_with_a_new_one([Values("shrink", "replace")] string mode)
    {
        string[] weather = ["weather", "--case", "5", "--elements", "8", "--hours", "60", "--output-rows", "16", "--output-every", "25"];
        (int alone, _, string said) = SoraCommandTests.Run(["run", .. weather, "--output", Path.Combine(folder, "alone.h5")]);
        Assume.That(alone, Is.Zero, said);

        using Process tool = Start([.. weather, "--output", Path.Combine(folder, "forecast.h5"), "--checkpoint", Checkpoints, "--checkpoint-every", "100ms"], mode);
        while (NewestCheckpoint.In(Checkpoints) is null && !tool.HasExited)
            Thread.Sleep(5);
        Kill(tool, new Random(3));
        Outcome run = Wait(tool);

        Assert.Multiple(() =>
        {
            Assert.That(run.Code, Is.Zero, run.Error);
            Assert.That(run.Error, Does.Match("sora: rank [0-2] of 3 died; noticed within [0-9.]+ s, recovered in [0-9.]+ s .*: going on with "
                + (mode == "replace" ? "3 ranks, 1 of them new" : "2 ranks")));
            Assert.That(Stopped.Numbers(Path.Combine(folder, "forecast.h5")), Is.EqualTo(Stopped.Numbers(Path.Combine(folder, "alone.h5"))));
        });
    }

    [Test]
    public void Run_that_was_asked_to_stop_says_so_after_a_death_too([Values] bool afterDeath)
    {
        string[] weather = ["weather", "--case", "5", "--elements", "8", "--hours", "600", "--output-rows", "16", "--output", Path.Combine(folder, "forecast.h5")];
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

    /// <summary>Random ranks at random moments; prints a row of the table in Resilience/README.md. As many deaths as <c>--test-parameter deaths=N</c> says.</summary>
    [Test, Explicit("takes minutes")]
    public void Random_deaths_cost_no_bit([Values("weather", "uts", "heat")] string job, [Values("shrink", "replace")] string mode)
    {
        int deaths = TestContext.Parameters.Get("deaths", 25);
        string result = Path.Combine(folder, "result.h5"), plate = Path.Combine(folder, "plate.h5");
        if (job == "heat")
            _ = SoraCommandTests.Run(["data", "heat", "--rows", "1024", "--columns", "1024", "--output", plate]);
        string[] words = job switch
        {
            "uts" => ["uts", "--tree", "T1L", "--lanes", "4", "--copies-every", "200ms"],
            "heat" => ["heat", "--data", plate, "--steps", "2500", "--output", result, "--copies-every", "200ms"],
            _ => ["weather", "--case", "5", "--elements", "12", "--hours", "96", "--output-rows", "16", "--output", result, "--copies-every", "200ms"],
        };
        Outcome undisturbed = Time(words, mode);
        Assume.That(undisturbed.Code, Is.Zero, undisturbed.Error);
        byte[] expected = job == "uts" ? [] : Stopped.Numbers(result);
        Random random = new(2026);
        List<(double Detection, double Recovery, double Lost)> rows = [];
        int early = 0;
        while (rows.Count < deaths)
        {
            long begun = Stopwatch.GetTimestamp();
            using Process tool = Start(words, mode);
            Thread.Sleep((int)(1000 * (1 + (undisturbed.Seconds - 1) * random.NextDouble())));
            if (!Kill(tool, random))
            {
                _ = Wait(tool);
                continue;
            }
            long killed = Stopwatch.GetTimestamp();
            Outcome run = Wait(tool, begun);
            Match line = Report().Match(run.Error);
            if (!line.Success && (run.Code == 0 || run.Error.Contains("did not find each other")))
            {
                early++;                    // before the ranks had met, or after they had done their work
                continue;
            }
            Assert.That(run.Code, Is.Zero, $"death {rows.Count}\n{run.Error}\n{run.Output}");
            if (job == "uts")
                Assert.That(run.Output, Does.Contain("nodes         102181082\n"));
            else
                Assert.That(Stopped.Numbers(result), Is.EqualTo(expected), $"death {rows.Count}");
            double recovery = double.Parse(line.Groups[1].Value, CultureInfo.InvariantCulture), told = Stopwatch.GetElapsedTime(killed, run.Told).TotalSeconds;
            rows.Add((Math.Max(0, told - recovery), recovery, run.Seconds - undisturbed.Seconds));
        }
        TestContext.Out.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"| {job} | {mode} | {rows.Count} of {rows.Count} ({early} too early or late) | {undisturbed.Seconds:0.0} s | {Pair(rows.Select(row => row.Detection))} | {Pair(rows.Select(row => row.Recovery))} | {Pair(rows.Select(row => row.Lost))} |"));
    }

    private static string Pair(IEnumerable<double> values) => string.Create(CultureInfo.InvariantCulture, $"{values.Order().ElementAt(values.Count() / 2):0.000}, {values.Max():0.000} s");

    [GeneratedRegex("sora: rank .* recovered in ([0-9.]+) s")]
    private static partial Regex Report();

    private sealed record Outcome(int Code, string Output, string Error, double Seconds, long Told);

    private Outcome Time(string[] words, string mode)
    {
        long begun = Stopwatch.GetTimestamp();
        using Process tool = Start(words, mode);
        return Wait(tool, begun);
    }

    // When the line about the recovery was read is noted with it.
    private static Outcome Wait(Process tool, long begun = 0, Action? recovered = null)
    {
        long told = 0;
        Task<string> error = Task.Run(() =>
        {
            List<string> lines = [];
            while (tool.StandardError.ReadLine() is { } line)
            {
                if (told == 0 && line.StartsWith("sora: rank", StringComparison.Ordinal))
                {
                    told = Stopwatch.GetTimestamp();
                    recovered?.Invoke();
                }
                lines.Add(line);
            }
            return string.Join('\n', lines);
        });
        string output = tool.StandardOutput.ReadToEnd();
        tool.WaitForExit();
        return new(tool.ExitCode, output, error.Result, Stopwatch.GetElapsedTime(begun).TotalSeconds, told);
    }

    private static bool Kill(Process tool, Random random)
    {
        if (RankProcesses.OneBelow(tool, random) is not { } rank)
            return false;
        using Process victim = Process.GetProcessById(rank);
        victim.Kill();
        return true;
    }

    private Process Start(string[] job, string mode)
    {
        string[] command = LaunchedRanks.Self();
        return Process.Start(new ProcessStartInfo(command[0], [.. command[1..], "run", .. job, "--mpi", "openmpi", "--ranks", "3", "--progress", "none", "--survive", mode])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
    }
}
