using System.Diagnostics;
using NUnit.Framework;
using SoraHpc.Cli.Launching;
using SoraHpc.Cli.Run;

namespace SoraHpc.Tests.Cli;

/// <summary>The tool as its users start it: as a process that starts mpiexec.</summary>
[NonParallelizable]
public sealed class LaunchedRanksTests
{
    private string folder = "";

    [OneTimeSetUp]
    public void MakePlate()
    {
        folder = Directory.CreateTempSubdirectory("sora").FullName;
        (int code, _, string error) = SoraCommandTests.Run(["data", "heat", "--rows", "64", "--columns", "48", "--output", Path.Combine(folder, "plate.h5")]);
        Assume.That(code, Is.Zero, error);
    }

    [OneTimeTearDown]
    public void RemovePlate() => Directory.Delete(folder, recursive: true);

    [Test]
    public void Run_under_mpiexec_reports_once_and_ends_with_zero([Values("openmpi", "mpich")] string mpi)
    {
        (int code, string output, string error) = Run(mpi, "--output", "cooled.h5", "--steps", "5");

        Assert.That(code, Is.Zero, error);
        Assert.That(output.Split('\n').Count(line => line.StartsWith("heat: 5 steps on 2 ranks", StringComparison.Ordinal)), Is.EqualTo(1), output);
        Assert.That(output, Does.Not.Contain("\u001b"), "no terminal codes in a pipe");
    }

    [Test]
    public void Failure_of_the_ranks_is_told_first_and_its_exit_code_forwarded([Values("openmpi", "mpich")] string mpi)
    {
        (int missing, _, string first) = Run(mpi, "--output", "/nowhere/cooled.h5", "--steps", "5");
        (int unstable, _, string second) = Run(mpi, "--output", "cooled.h5", "--diffusion", "0.5");

        Assert.Multiple(() =>
        {
            Assert.That(missing, Is.EqualTo(1), first);
            Assert.That(first.Split('\n')[0], Does.StartWith("sora: ").And.Contain("/nowhere/cooled.h5"));
            Assert.That(unstable, Is.EqualTo(2), second);
            Assert.That(second.Split('\n')[0], Does.StartWith("sora: ").And.Contain("unstable"));
        });
    }

    [Test]
    public void Termination_of_the_tool_ends_all_ranks_within_seconds([Values("openmpi", "mpich")] string mpi)
    {
        using Process tool = Start(mpi, ["--output", "cooled.h5", "--steps", "2000000000", "--progress", "log"]);
        Assert.That(tool.StandardError.ReadLine(), Does.Contain("step"), "running");
        using (Process kill = Process.Start("sh", ["-c", $"kill -TERM {tool.Id}"]))
            kill.WaitForExit();

        bool ended = tool.WaitForExit(TimeSpan.FromSeconds(15));
        if (!ended)
            tool.Kill(entireProcessTree: true);
        Assert.That(ended, Is.True);
        string[] said = [.. tool.StandardError.ReadToEnd().Split('\n').Where(line => line.Contains("ended by SIGTERM", StringComparison.Ordinal))];
        Assert.That(said, Is.Not.Empty, "by the ranks, or by the tool where its launcher has killed them first");
        Assert.That(tool.ExitCode, Is.EqualTo(128 + 15));
    }

    [Test]
    public void Signal_that_comes_before_a_rank_listens_waits_for_it()
    {
        Assume.That(StopSignals.CanShield(), "no env --block-signal here");
        string[] command = [.. StopSignals.Shield, .. LaunchedRanks.Self(), "run", "heat", "--data", "plate.h5", "--output", "cooled.h5", "--steps", "2000000000", "--checkpoint", "saved"];
        using Process rank = Process.Start(new ProcessStartInfo(command[0], command[1..]) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true })!;
        Assert.That(() => File.ReadAllLines($"/proc/{rank.Id}/status").Contains("SigBlk:\t0000000000004200"), Is.True.After(5000, 1), "SIGTERM and SIGUSR1 are blocked");
        using (Process kill = Process.Start("kill", ["-USR1", $"{rank.Id}"]))
            kill.WaitForExit();

        bool ended = rank.WaitForExit(TimeSpan.FromSeconds(30));
        if (!ended)
            rank.Kill();
        Assert.That(ended, Is.True, "it heard the signal");
        Assert.That((rank.ExitCode, rank.StandardError.ReadToEnd().Split('\n').Count(line => line.StartsWith("sora: stopped after step", StringComparison.Ordinal))), Is.EqualTo((75, 1)));
    }

    private (int Code, string Output, string Error) Run(string mpi, params string[] options)
    {
        using Process tool = Start(mpi, options);
        Task<string> error = tool.StandardError.ReadToEndAsync();
        string output = tool.StandardOutput.ReadToEnd();
        tool.WaitForExit();
        return (tool.ExitCode, output.ReplaceLineEndings("\n"), error.Result.ReplaceLineEndings("\n"));
    }

    private Process Start(string mpi, string[] options)
    {
        if (MpiLauncher.OnPath($"mpiexec.{mpi}") is null)
            Assert.Ignore($"mpiexec.{mpi} is not installed here");
        string[] command = LaunchedRanks.Self();
        var start = new ProcessStartInfo(command[0], [.. command[1..], "run", "heat", "--data", "plate.h5", "--mpi", mpi, "--ranks", "2", .. options])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return Process.Start(start)!;
    }
}
