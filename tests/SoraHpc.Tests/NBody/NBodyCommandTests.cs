using NUnit.Framework;
using SoraHpc.Tests.Cli;

namespace SoraHpc.Tests.NBody;

public sealed class NBodyCommandTests : FolderTests
{
    [TestCase("run nbody --bodies 0", "--bodies must be at least 1, not 0")]
    [TestCase("run nbody --theta 2", "an opening angle of 2 is out of range: it must be in (0, 1]")]
    [TestCase("run nbody --softening 0", "a softening of 0 is out of range: it must be > 0")]
    [TestCase("run nbody --time-step -1", "a time step of -1 leads nowhere")]
    [TestCase("run nbody --deal evenly", "--deal takes cost, count, not 'evenly'")]
    [TestCase("run nbody --data a.h5 --bodies 5", "--data reads bodies, --bodies, --spheres and --seed make them: give one of the two")]
    [TestCase("run nbody --leaf 100 --group 50", "groups of 50 bodies are smaller than leaves of 100")]
    [TestCase("run nbody --bodies 2 --ranks 3 --launcher threads", "2 bodies cannot be shared by 3 ranks: use at most 2 ranks")]
    [TestCase("bench nbody --rounds 0", "--rounds must be at least 1, not 0")]
    public void Wrong_command_line_is_told_in_one_line_with_exit_code_2(string commandLine, string expected) =>
        SoraCommandTests.Run(commandLine.Split(' ')).AssertRefused(2, expected);

    [Test]
    public void Data_run_and_bench_say_what_came_out()
    {
        string bodies = In("bodies.h5"), moved = In("moved.h5");
        (int made, string where, _) = SoraCommandTests.Run(["data", "nbody", "--bodies", "300", "--spheres", "2", "--output", bodies]);
        (int code, string report, string error) = SoraCommandTests.Run(["run", "nbody", "--data", bodies, "--steps", "3", "--samples", "10", "--output", moved, "--ranks", "2", "--launcher", "threads"]);
        (int measured, string figures, _) = SoraCommandTests.Run(["bench", "nbody", "--bodies", "2000", "--steps", "2", "--rounds", "1", "--ranks", "2", "--launcher", "threads"]);

        Assert.That((made, code, measured), Is.EqualTo((0, 0, 0)), error);
        Assert.That(where, Is.EqualTo($"{bodies}: 300 bodies in 2 Plummer spheres\n"));
        Assert.That(report, Does.StartWith("nbody: 3 steps on 2 ranks").And.Contain("energy drift").And.Contain("force error, largest").And.Contain("interactions").And.Contain(moved));
        Assert.That(figures, Does.Contain("dealt by cost:").And.Contain("dealt by number:").And.Contain("kernel alone, all ranks:"));
    }
}
