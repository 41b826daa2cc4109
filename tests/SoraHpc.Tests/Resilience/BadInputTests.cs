using NUnit.Framework;
using SoraHpc.Jobs.Heat;
using SoraHpc.Tests.Cli;

namespace SoraHpc.Tests.Resilience;

/// <summary>What cannot be is told in one line, and the checkpoints that are there stay as they are.</summary>
public sealed class BadInputTests
{
    private string folder = "";

    private string Checkpoints => Path.Combine(folder, "checkpoints");

    [OneTimeSetUp]
    public void LeaveCheckpoints()
    {
        folder = Directory.CreateTempSubdirectory("sora-bad-").FullName;
        HeatData.Write(Path.Combine(folder, "plate.h5"), 16, 12);
        Stopped.Run(2, Checkpoints, every: 5, failAfter: 12, (world, run) => HeatJob.Run(world,
            new() { DataFile = Path.Combine(folder, "plate.h5"), Output = Path.Combine(folder, "cooled.h5"), Steps = 20 }, run));
    }

    [OneTimeTearDown]
    public void RemoveFolder() => Directory.Delete(folder, recursive: true);

    [TestCase("--checkpoint EMPTY --restart", 2, "there is no checkpoint to go on from")]
    [TestCase("--checkpoint SAVED", 2, "holds a checkpoint after step 10")]
    [TestCase("--checkpoint SAVED --restart --steps 21", 1, "it was made with other data or options")]
    [TestCase("--checkpoint SAVED --restart --diffusion 0.2", 1, "it was made with other data or options")]
    [TestCase("--checkpoint /proc/none", 1, "/proc/none")]
    [TestCase("--checkpoint SAVED --restart --checkpoint-key /nowhere/key", 1, "/nowhere/key")]
    [TestCase("--restart", 2, "--restart is about checkpoints: give --checkpoint DIR too")]
    [TestCase("--restarts 3", 2, "--restarts is about checkpoints: give --checkpoint DIR too")]
    [TestCase("--checkpoint EMPTY --mtbf 24h --checkpoint-every 10m", 2, "--mtbf finds the interval that --checkpoint-every gives")]
    [TestCase("--checkpoint EMPTY --checkpoint-every 10", 2, "--checkpoint-every: '10' is no time: write it like 90s, 10m or 24h")]
    public void Wrong_checkpoints_are_told_in_one_line(string options, int exitCode, string expected)
    {
        string[] before = Saved();

        Heat(options).AssertRefused(exitCode, expected);

        Assert.That(Saved(), Is.EqualTo(before));
    }

    [Test]
    public void Job_without_checkpoints_refuses_them()
    {
        SoraCommandTests.Run(["run", "paths", "--graph", "rmat", "--scale", "6", "--checkpoint", Path.Combine(folder, "empty")])
            .AssertRefused(2, "leaves no checkpoints: run it without");
    }

    [Test]
    public void Run_goes_on_from_the_command_line_and_says_so()
    {
        string copy = Path.Combine(folder, "copy");
        Directory.CreateDirectory(copy);
        foreach (string file in Directory.GetFiles(Checkpoints, "checkpoint*"))
            File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));

        (int code, string output, string error) = Heat($"--checkpoint {copy} --restart");

        Assert.That(code, Is.Zero, error);
        Assert.That(output, Does.Contain("  checkpoints: went on from step 10; none was due\n").And.Contain("heat: 20 steps on 3 ranks"));
    }

    private CommandRun Heat(string options)
    {
        string words = options.Replace("SAVED", Checkpoints).Replace("EMPTY", Path.Combine(folder, "empty"));
        return SoraCommandTests.Run(["run", "heat", "--data", Path.Combine(folder, "plate.h5"), "--output", Path.Combine(folder, "cooled.h5"), "--ranks", "3",
            .. options.Contains("--steps") ? (string[])[] : ["--steps", "20"], .. words.Split(' ')]);
    }

    private string[] Saved() => [.. Directory.GetFiles(Checkpoints, "checkpoint*").Order().Select(file => $"{file} {Convert.ToHexString(File.ReadAllBytes(file))}")];
}
