using NUnit.Framework;
using SoraHpc.Tests.Cli;

namespace SoraHpc.Tests.Uts;

public sealed class UtsCommandTests
{
    [TestCase("run uts --tree T9", "--tree takes T1, T2, T3, T4, T5, T1L, T2L, T3L, T1XL, not 'T9'")]
    [TestCase("run uts --lanes 3", "lanes are 1, 4, 8 or 16, not 3")]
    [TestCase("run uts --slow-factor 3", "--slow-rank which rank")]
    [TestCase("run uts --slow-rank 1", "rank 1 is to be slow, but there are only 1 ranks")]
    [TestCase("bench uts --rounds 0", "--rounds must be at least 1, not 0")]
    public void Wrong_command_line_is_told_in_one_line_with_exit_code_2(string commandLine, string expected) =>
        SoraCommandTests.Run(commandLine.Split(' ')).AssertRefused(2, expected);

    [Test]
    public void Run_prints_counts_speed_and_what_every_rank_stole()
    {
        string output = SoraCommandTests.Run(["run", "uts", "--tree", "T3", "--ranks", "3"]).AssertWell();

        Assert.That(output, Does.Contain("nodes         4112897\n").And.Contain("leaves        3599034\n").And.Contain("depth         1572\n"));
        Assert.That(output, Does.Contain("nodes/s").And.Contain("tasks stolen").And.Match("uts: [0-9]+ steps on 3 ranks"));
    }

    [Test]
    public void Run_prints_how_it_was_resized()
    {
        string output = SoraCommandTests.Run(["run", "uts", "--tree", "T3", "--ranks", "3", "--elastic", "schedule:2@0,3@200,1@400"]).AssertWell();

        Assert.That(output, Does.Contain("nodes         4112897\n").And.Contain("resized at step").And.Match(" 200 +2 → 3 ").And.Match(" 400 +3 → 1 "));
        Assert.That(output, Does.Contain("schedule 2 from step 0, 3 from step 200, 1 from step 400"));
    }

    [Test]
    public void Bench_prints_stealing_beside_an_even_split()
    {
        string output = SoraCommandTests.Run(["bench", "uts", "--tree", "T1", "--ranks", "2", "--rounds", "1", "--slow-rank", "1", "--slow-factor", "2"]).AssertWell();

        Assert.That(output, Does.Contain("2 ranks, stealing:").And.Contain("2 ranks, even split:").And.Contain("W/ΣP = ").And.Contain("rank 1 does all its work 2 times"));
    }
}
