using NUnit.Framework;
using SoraHpc.Cli.Run;
using SoraHpc.Communication;
using SoraHpc.Diagnostics;

namespace SoraHpc.Tests.Cli;

public sealed class LaunchChoiceTests
{
    private static readonly LaunchEnvironment Alone = new(Transport.Threads, null, -1, 0);
    private static readonly LaunchEnvironment OneOfFour = new(Transport.Mpi, "Open MPI", 1, 4);

    [TestCase(null, null, "Threads")]
    [TestCase("auto", null, "Threads")]
    [TestCase("threads", null, "Threads")]
    [TestCase(null, "mpich", "Mpiexec")]
    [TestCase("auto", "openmpi", "Mpiexec")]
    [TestCase("mpiexec", null, "Mpiexec")]
    [TestCase("srun", "mpich", "Srun")]
    public void Choice_without_a_launcher_follows_the_options(string? launcher, string? mpi, string choice) =>
        Assert.That(LaunchChoices.Of(launcher, ranks: 2, mpi, startedBySora: false, Alone).ToString(), Is.EqualTo(choice));

    [Test]
    public void Choice_under_a_launcher_is_to_be_a_rank([Values(null, "auto", "mpiexec", "srun")] string? launcher, [Values] bool startedBySora) =>
        Assert.That(LaunchChoices.Of(launcher, ranks: 4, "openmpi", startedBySora, OneOfFour), Is.EqualTo(LaunchChoice.ThisIsARank));

    [TestCase("threads", null, "--launcher threads, but Open MPI started 4 ranks")]
    [TestCase(null, 3, "--ranks 3, but Open MPI started 4 ranks")]
    public void Choice_that_contradicts_the_launcher_is_refused(string? launcher, int? ranks, string message) =>
        Assert.That(() => LaunchChoices.Of(launcher, ranks, null, startedBySora: false, OneOfFour),
            Throws.TypeOf<UsageException>().With.Message.StartsWith(message));

    [Test]
    public void Rank_started_here_that_sees_no_launcher_does_not_start_another() =>
        Assert.That(() => LaunchChoices.Of("mpiexec", 2, null, startedBySora: true, Alone), Throws.InstanceOf<SoraException>());
}
