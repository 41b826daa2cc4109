using NUnit.Framework;

namespace SoraHpc.Tests.Mpi;

/// <summary>One rank fails, in every way a rank can: the first line says which and why, the exit code says so, nothing hangs.</summary>
[TestFixture("openmpi")]
[TestFixture("mpich")]
public sealed class FailureTests(string mpi)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    [TestCase("throw", "sora: rank 1: the input is empty", 1)]
    [TestCase("throw-everywhere", "sora: rank 0: the input of rank 0 is empty", 1)]
    [TestCase("throw-on-thread", "sora: rank 1: the writer thread failed", 1)]
    [TestCase("usage", "sora: rank 0: unknown option --wind", 2)]
    [TestCase("exit", "sora: rank 1: the process left with exit code 3 before its world was closed", 3)]
    [TestCase("signal", "sora: rank 1: ended by SIGTERM", 143)]
    [TestCase("combine-throws", "sora: rank 0: no sum of these", 1)]
    public void Job_whose_rank_fails_ends_everywhere_with_its_reason_first(string verb, string line, int exitCode)
    {
        RankProgram run = RankProgram.Run(mpi, 2, verb);

        Assert.That(run.FirstLine, Is.EqualTo(line));
        Assert.That(run.Complaints.Count(), Is.EqualTo(1), "the other ranks stay silent");
        Assert.That(run.ExitCode, Is.EqualTo(exitCode));
        Assert.That(run.Ending, Is.LessThan(Limit));
    }

    [Test]
    public void Error_of_the_library_names_the_call_and_the_rank()
    {
        RankProgram run = RankProgram.Run(mpi, 2, "truncate");

        Assert.That(run.FirstLine, Does.StartWith("sora: Receive on rank 1: ").And.Contains("truncated").IgnoreCase);
        Assert.That(run.ExitCode, Is.EqualTo(1));
        Assert.That(run.Ending, Is.LessThan(Limit));
    }

    [Test]
    public void Caught_faults_of_the_processor_do_not_end_a_rank()
    {
        RankProgram run = RankProgram.Run(mpi, 2, "null-reference");

        Assert.That(run.Output, Does.Contain("rank 0 caught null zero, 2 ranks go on").And.Contains("rank 1 caught null zero, 2 ranks go on"));
        Assert.That(run.ExitCode, Is.Zero);
    }

    [Test]
    public void Transfer_never_waited_for_is_reported_when_the_world_closes()
    {
        RankProgram run = RankProgram.Run(mpi, 2, "leak");

        Assert.That(run.FirstLine, Is.EqualTo("sora: rank 0: 1 transfer was started and never waited for"));
        Assert.That(run.Ending, Is.LessThan(Limit));
    }

    [Test]
    public void Call_on_a_disposed_communicator_fails_cleanly()
    {
        RankProgram run = RankProgram.Run(mpi, 1, "after-close");

        Assert.That(run.FirstLine, Is.EqualTo("Barrier on rank 0: the communicator or its world is closed"));
        Assert.That(run.ExitCode, Is.Zero);
    }

    [Test]
    public void Second_world_in_a_process_is_refused()
    {
        RankProgram run = RankProgram.Run(mpi, 1, "second-world");

        Assert.That(run.FirstLine, Does.StartWith("second world: 1 ").And.Contains("already open"));
        Assert.That(run.ExitCode, Is.Zero);
    }

    [Test]
    public void Task_that_throws_ends_the_job_across_nodes()
    {
        RankProgram run = RankProgram.Run(mpi, 2, "task-throws");

        Assert.That(run.FirstLine, Does.Match(@"^sora: rank 0: task 77 failed on rank [01]: InvalidOperationException: no such row$"));
        Assert.That(run.Complaints.Count(), Is.EqualTo(1), "the other ranks stay silent");
        Assert.That(run.ExitCode, Is.EqualTo(1));
        Assert.That(run.Ending, Is.LessThan(Limit));
    }

    // What the launcher says of it is its own; that it ends is ours.
    [Test]
    public void Rank_killed_in_a_task_ends_the_job_across_nodes([Values("rma", "polled", "messages")] string transport)
    {
        const int TimedOut = 124, TimedOutHard = 137;
        var watch = System.Diagnostics.Stopwatch.StartNew();

        RankProgram run = RankProgram.Run(mpi, 2, $"task-killed-{transport}");

        Assert.That(run.ExitCode, Is.Not.Zero.And.Not.EqualTo(TimedOut));
        Assert.That(run.ExitCode != TimedOutHard || watch.Elapsed < TimeSpan.FromSeconds(20), "ended by the launcher, not by the limit");
    }
}
