using NUnit.Framework;

namespace SoraHpc.Tests.Mpi;

/// <summary>Which library carries the ranks, and what happens when it is not the launcher's.</summary>
[TestFixture("openmpi", "Open MPI", "mpich")]
[TestFixture("mpich", "MPICH", "openmpi")]
public sealed class LaunchTests(string mpi, string name, string other)
{
    [Test]
    public void Launcher_chooses_its_own_library()
    {
        RankProgram run = RankProgram.Run(mpi, 2, "hello");

        Assert.That(run.Output, Does.Contain($"rank 0 of 2 {name} Funneled launched by {name}").And.Contains($"rank 1 of 2 {name} Funneled launched by {name}"));
        Assert.That(string.Concat(run.Output), Does.Not.Contain("\e"), "no control codes");
        Assert.That(run.ExitCode, Is.Zero);
    }

    [Test]
    public void Every_thread_level_is_provided([Values("Single", "Serialized", "Multiple")] string level) =>
        Assert.That(RankProgram.Run(mpi, 1, $"hello {level}").Output, Does.Contain($"rank 0 of 1 {name} {level} launched by {name}"));

    [Test]
    public void Threads_of_a_rank_start_and_wait_at_the_same_time()
    {
        RankProgram run = RankProgram.Run(mpi, 2, "threads Multiple");

        Assert.That(run.Output, Does.Contain("rank 0: threads agree").And.Contains("rank 1: threads agree"), string.Join('\n', run.Output));
        Assert.That(run.ExitCode, Is.Zero);
    }

    [Test]
    public void Library_of_another_launcher_is_refused_in_one_line()
    {
        RankProgram run = RankProgram.Run(mpi, 2, "hello", library: other);

        Assert.That(run.FirstLine, Does.StartWith($"sora: rank 0: the launcher ({name}) started 2 ranks but ").And.Contains("sees 1"));
        Assert.That(run.Complaints.Count(), Is.EqualTo(1));
        Assert.That(run.ExitCode, Is.EqualTo(2));
        Assert.That(run.Ending, Is.LessThan(TimeSpan.FromSeconds(20)));
    }

    [TestCase("libm.so.6", "sora: rank 0: libm.so.6 is not an MPI library")]
    [TestCase("libnowhere.so", "sora: rank 0: the MPI library \"libnowhere.so\" cannot be loaded: ")]
    public void Library_that_is_no_mpi_is_refused_by_name(string library, string line)
    {
        RankProgram run = RankProgram.Run(mpi, 2, "hello", library);

        Assert.That(run.FirstLine, Does.StartWith(line));
        Assert.That(run.Complaints.Count(), Is.EqualTo(1));
        Assert.That(run.ExitCode, Is.EqualTo(2));
    }

    [Test]
    public void Every_operation_gives_its_closed_form([Values(1, 2)] int ranks)
    {
        RankProgram run = RankProgram.Run(mpi, ranks, "smoke");

        Assert.That(run.Output, Does.Contain("smoke passed"), string.Join('\n', run.Output));
        Assert.That(run.ExitCode, Is.Zero);
    }

    [Test]
    public void Messages_past_two_gibibytes_arrive()
    {
        if (GC.GetGCMemoryInfo().TotalAvailableMemoryBytes < 8L << 30)
            Assert.Ignore("needs 8 GiB of memory");

        RankProgram run = RankProgram.Run(mpi, 2, "large", limitSeconds: 60);

        Assert.That(run.Output, Does.Contain("large messages arrived"), string.Join('\n', run.Output));
    }
}
