using NUnit.Framework;

namespace SoraHpc.Tests.Mpi;

/// <summary>Ranks that vanish at any moment while communicators are made, where not every wait can be left: the run goes on or ends with one line, and none hangs.</summary>
public sealed class RandomDeathTests
{
    private const int LimitSeconds = 60, TimedOut = 124;

    /// <summary><c>--test-parameter deaths=N</c> runs each way; with <c>replace</c> a second rank vanishes while new ones are started.</summary>
    [Test, Explicit("takes minutes")]
    public void Death_while_communicators_are_made_ends_or_is_survived([Values("duplicate", "split", "grid", "barrier")] string making, [Values("shrink", "replace")] string mode)
    {
        int survived = 0, ended = 0, runs = TestContext.Parameters.Get("deaths", 5);
        for (int seed = 1; seed <= runs; seed++)
        {
            RankProgram run = RankProgram.Run("openmpi", 3, $"survive-random {making} {mode} {seed}", limitSeconds: LimitSeconds, launcherOptions: "--enable-recovery");
            string what = $"{making}, {mode}, seed {seed}:\n{string.Join('\n', run.Output)}";
            Assert.That(run.ExitCode, Is.LessThan(TimedOut), what);
            string[] endings = [.. run.Complaints.Where(line => !line.Contains("going on with"))];
            bool hasResult = run.Output.Any(line => line.StartsWith("generation", StringComparison.Ordinal));
            Assert.That(endings, Has.Length.EqualTo(hasResult ? 0 : 1), what);
            (survived, ended) = hasResult ? (survived + 1, ended) : (survived, ended + 1);
        }
        TestContext.Progress.WriteLine($"{making}, {mode}: {survived} of {runs} went on, {ended} ended with one line");
    }
}
