using System.Diagnostics;
using NUnit.Framework;
using SoraHpc.Cli.Launching;
using SoraHpc.Cli.Slurm;

namespace SoraHpc.Tests.Slurm;

/// <summary>The Slurm of slurm/local, up while the tests of this namespace run.</summary>
[SetUpFixture]
public sealed class LocalCluster
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private static string directory = "";

    /// <summary>The repository's folder slurm.</summary>
    internal static string Scripts { get; } = Path.Combine(Above(AppContext.BaseDirectory, "SoraHpc.sln"), "slurm");

    [OneTimeSetUp]
    public void Start()
    {
        if (new[] { "slurmctld", "slurmd", "munged" }.FirstOrDefault(program => MpiLauncher.OnPath(program) is null && !File.Exists($"/usr/sbin/{program}")) is { } missing)
            Assert.Ignore($"{missing} is not installed here");
        if (Environment.UserName != "root")
            Assert.Ignore("a Slurm of two nodes on one machine needs root");
        directory = Directory.CreateTempSubdirectory("sora-slurm-").FullName;
        (int code, _, string error) = Run(Path.Combine(Scripts, "local", "cluster.sh"), "/", [], "start", directory);
        Assert.That(code, Is.Zero, error);
    }

    [OneTimeTearDown]
    public void Stop()
    {
        if (directory.Length == 0)
            return;
        (int code, _, string error) = Run(Path.Combine(Scripts, "local", "cluster.sh"), "/", [], "stop", directory);
        Directory.Delete(directory, recursive: true);
        Assert.That(code, Is.Zero, error);
    }

    /// <summary>Runs a program of Slurm's, or a script that calls them.</summary>
    internal static string Slurm(string folder, string program, params string[] arguments)
    {
        (int code, string output, string error) = Run(program, folder, [], arguments);
        Assert.That(code, Is.Zero, $"{program} {string.Join(' ', arguments)}: {error}");
        return output.Trim();
    }

    /// <summary>Runs the tool.</summary>
    internal static (int Code, string Output, string Error) Sora(string folder, params string[] words) =>
        Run(LaunchedRanks.Self()[0], folder, [], [.. LaunchedRanks.Self()[1..], .. words]);

    /// <summary>Submits with the tool and returns the job's number.</summary>
    internal static string Submit(string folder, params string[] words)
    {
        (int code, string output, string error) = Sora(folder, ["submit", .. words]);
        Assert.That(code, Is.Zero, error);
        return output.Split('\n')[0]["job ".Length..];
    }

    /// <summary>Waits until a condition on the job holds; with its log when it does not.</summary>
    internal static SlurmJob Await(string job, Func<SlurmJob, bool> condition)
    {
        SlurmJob? now = null;
        for (long begun = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(begun) < Patience; Thread.Sleep(100))
        {
            now = Jobs(job)[0];
            if (condition(now))
                return now;
        }
        Assert.Fail($"job {job} is {now!.State} ({now.Reason}) after {Patience.TotalSeconds} s; its log:\n{Log(now)}");
        return now!;
    }

    /// <summary>Waits for the end of every task and asserts that all ended well.</summary>
    internal static IReadOnlyList<SlurmJob> AwaitSuccess(string job)
    {
        Await(job, _ => Jobs(job).All(task => task.HasEnded));
        IReadOnlyList<SlurmJob> tasks = Jobs(job);
        foreach (SlurmJob task in tasks)
            Assert.That(task.State, Is.EqualTo("COMPLETED"), $"{task.Id} {task.Name}: {Log(task)}");
        return tasks;
    }

    internal static string Log(SlurmJob job) => File.Exists(job.Log) ? File.ReadAllText(job.Log) : "(none)";

    internal static (int Code, string Output, string Error) Run(string program, string folder, (string Name, string Value)[] variables, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["SLURM_CONF"] = Path.Combine(directory, "slurm.conf");
        start.Environment["SORA"] = LaunchedRanks.Self()[0];
        (start.Environment["HOURS"], start.Environment["ELEMENTS"], start.Environment["REPETITIONS"]) = ("1", "4", "1");
        foreach ((string name, string value) in variables)
            start.Environment[name] = value;
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.Result);
    }

    private static IReadOnlyList<SlurmJob> Jobs(string job) => SlurmJob.ParseAll(Slurm("/", "scontrol", "--oneliner", "show", "job", job));

    private static string Above(string folder, string file) =>
        File.Exists(Path.Combine(folder, file)) ? folder : Above(Path.GetDirectoryName(folder.TrimEnd('/'))!, file);
}
