using NUnit.Framework;

namespace SoraHpc.Tests.Mpi;

/// <summary>Ranks that vanish while the others wait in one way or another.</summary>
public sealed class SurvivalTests
{
    [Test]
    public void Death_ends_every_kind_of_wait([Values("receive", "allreduce", "barrier", "split", "window", "probe", "poll", "memory")] string place)
    {
        RankProgram run = RankProgram.Run("openmpi", 3, $"survive {place} shrink", launcherOptions: "--enable-recovery");

        Assert.That(run.Output, Does.Contain("generation 1, 2 ranks, first 0,1, died 2"), string.Join('\n', run.Output));
        Assert.That(run.Complaints.Single(), Does.StartWith("sora: rank 2 of 3 died; noticed within "));
        Assert.That(run.ExitCode, Is.Zero);
    }

    [Test]
    public void Replacements_take_the_places_of_the_dead_twice()
    {
        RankProgram run = RankProgram.Run("openmpi", 3, "survive receive replace 2", launcherOptions: "--enable-recovery");

        Assert.That(run.Output, Does.Contain("generation 2, 3 ranks, first 0,1,2, died 0"), string.Join('\n', run.Output));
        Assert.That(run.Complaints.Count(), Is.EqualTo(2));
    }

    [Test]
    public void Death_before_the_ranks_have_met_ends_the_run_with_one_line()
    {
        RankProgram run = RankProgram.Run("openmpi", 3, "survive start shrink", launcherOptions: "--enable-recovery");

        Assert.That(run.Complaints.Single(), Does.Match("sora: rank [01]: 1 of 3 ranks on .+ died before the ranks had found each other: start the run again"), string.Join('\n', run.Output));
        Assert.That(run.Output, Has.None.StartsWith("generation"));
    }

    [Test]
    public void Death_within_a_call_that_nothing_ends_is_told_before_the_deadline()
    {
        RankProgram run = RankProgram.Run("openmpi", 3, "survive fence shrink", launcherOptions: "--enable-recovery");

        Assert.That(run.Complaints.First(), Does.Match(@"sora: rank [01]: ranks died, and MPI_Win_fence does not return without them \(after 1 s\): start the run again"), string.Join('\n', run.Output));
        Assert.That(run.Output, Has.None.StartsWith("generation"));
    }

    [Test]
    public void Death_while_the_ranks_leave_keeps_nobody()
    {
        RankProgram run = RankProgram.Run("openmpi", 3, "survive end shrink 0", launcherOptions: "--enable-recovery");

        Assert.That(run.Output, Does.Contain("generation 0, 3 ranks, first 0,1,2, died"), string.Join('\n', run.Output));
        Assert.That(run.Complaints, Is.Empty);
        Assert.That(run.ExitCode, Is.Zero);
    }

    [Test]
    public void Launcher_that_would_end_the_living_is_refused()
    {
        RankProgram run = RankProgram.Run("openmpi", 2, "survive receive shrink");

        Assert.That(run.FirstLine, Does.Contain("start it with --enable-recovery"));
        Assert.That(run.ExitCode, Is.EqualTo(2));
    }

    [Test]
    public void Library_that_cannot_go_on_without_the_dead_is_refused()
    {
        RankProgram run = RankProgram.Run("mpich", 2, "survive receive shrink");

        Assert.That(run.FirstLine, Does.Contain("MPICH cannot go on without a rank that died").And.Contain("--restarts N"));
        Assert.That(run.ExitCode, Is.EqualTo(2));
    }
}
