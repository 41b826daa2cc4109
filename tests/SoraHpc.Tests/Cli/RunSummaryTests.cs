using NUnit.Framework;
using SoraHpc.Cli.Run;
using SoraHpc.Runtime;

namespace SoraHpc.Tests.Cli;

public sealed class RunSummaryTests
{
    [Test]
    public void Summary_names_job_choices_observables_and_the_slowest_rank()
    {
        var result = new RunResult("heat", "slabs", 10, 1.5, new Dictionary<string, double> { ["heat"] = 2.25 }, [Rank(0, 100, 1), Rank(1, 100, 3)]);

        string[] lines = RunSummary.Render(result).Split('\n');

        Assert.Multiple(() =>
        {
            Assert.That(lines[0], Is.EqualTo("heat: 10 steps on 2 ranks in 1.50 s (slabs)"));
            Assert.That(lines[1], Is.EqualTo("  heat  2.25"));
            Assert.That(lines[2], Does.Contain("λ max 3.0000 s on rank 1, mean 2.0000 s, max/mean 1.500"));
            Assert.That(lines[5], Does.StartWith("       1").And.EndsWith("← the others wait for it"));
        });
    }

    [Test]
    public void Summary_of_several_ranks_says_how_good_the_partition_is() => Assert.That(
        RunSummary.Render(new RunResult("heat", "slabs", 10, 1.5, new Dictionary<string, double>(), [Rank(0, 100, 1), Rank(1, 100, 3)])
            { Quality = new(1.25, 40, [1, 1], [2, 3]) }).Split('\n')[1],
        Is.EqualTo("  partition: λ max/mean 1.250, 40 halo cells cross ranks, 1 neighbour and 2 to 3 blocks a rank"));

    [Test]
    public void Summary_of_a_run_without_a_step_has_no_table() => Assert.That(
        RunSummary.Render(new RunResult("heat", "slabs", 0, 0, new Dictionary<string, double>(), [Rank(0, 0, 0)])), Does.Not.Contain("load of"));

    private static RankReport Rank(int rank, double work, double seconds) => new(rank, 10, work, seconds > 0 ? work / seconds : double.NaN, seconds, 0, 0, double.NaN);
}
