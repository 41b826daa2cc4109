using NUnit.Framework;
using SoraHpc.Cli.Launching;

namespace SoraHpc.Tests.Cli;

public sealed class LaunchCommandTests
{
    private static readonly LaunchRequest Two = new(2, ["sora", "run"], Cores: 4, InAllocation: false, IsRoot: false, Mpi: null);

    [Test]
    public void Open_mpi_with_a_core_for_each_rank_binds_them() => Assert.That(
        Spell(LauncherFamily.OpenMpi, Two), Is.EqualTo("-n 2 --mca orte_execute_quiet 1 --bind-to core sora run"));

    [Test]
    public void Open_mpi_with_more_ranks_than_cores_lets_them_take_turns() => Assert.That(
        Spell(LauncherFamily.OpenMpi, Two with { Ranks = 5 }),
        Is.EqualTo("-n 5 --mca orte_execute_quiet 1 --oversubscribe --bind-to none --mca mpi_yield_when_idle 1 sora run"));

    [Test]
    public void Open_mpi_as_root_is_allowed_to_run_and_otherwise_not_asked()
    {
        Assert.That(For(LauncherFamily.OpenMpi, Two with { IsRoot = true }).Environment["OMPI_ALLOW_RUN_AS_ROOT_CONFIRM"], Is.EqualTo("1"));
        Assert.That(For(LauncherFamily.OpenMpi, Two).Environment, Is.Empty);
    }

    [TestCase(2, "-n 2 -bind-to core sora run")]
    [TestCase(5, "-n 5 -bind-to none sora run")]
    public void Hydra_binds_while_there_are_cores(int ranks, string arguments) =>
        Assert.That(Spell(LauncherFamily.Hydra, Two with { Ranks = ranks }), Is.EqualTo(arguments));

    [TestCase("openmpi", "-n 2 --mpi=pmix --quit-on-interrupt --kill-on-bad-exit=1 --wait=30 sora run")]
    [TestCase("/opt/mpich/lib/libmpich.so", "-n 2 --mpi=pmi2 --quit-on-interrupt --kill-on-bad-exit=1 --wait=30 sora run")]
    [TestCase(null, "-n 2 --quit-on-interrupt --kill-on-bad-exit=1 --wait=30 sora run")]
    public void Srun_speaks_the_protocol_of_the_mpi(string? mpi, string arguments) =>
        Assert.That(Spell(LauncherFamily.Srun, Two with { Mpi = mpi }), Is.EqualTo(arguments));

    [Test]
    public void Ranks_not_given_are_left_to_srun() =>
        Assert.That(Spell(LauncherFamily.Srun, Two with { Ranks = null }), Does.Not.Contain("-n "));

    [TestCase(LauncherFamily.OpenMpi)]
    [TestCase(LauncherFamily.Hydra)]
    public void Allocation_of_a_batch_system_decides_slots_and_binding(object family) =>
        Assert.That(Spell((LauncherFamily)family, Two with { Ranks = 64, InAllocation = true }), Does.Not.Contain("bind").And.Not.Contain("oversubscribe"));

    [TestCase("mpiexec (OpenRTE) 4.1.4", "OpenMpi")]
    [TestCase("mpiexec (Open MPI) 5.0.3", "OpenMpi")]
    [TestCase("HYDRA build details:\n    Version: 4.0.2", "Hydra")]
    [TestCase("Intel(R) MPI Library for Linux* OS, Version 2021.9", "Hydra")]
    [TestCase("something else", null)]
    public void Launcher_is_known_by_its_answer(string version, string? family) =>
        Assert.That(MpiLauncher.Identify(version)?.ToString(), Is.EqualTo(family));

    [TestCase("openmpi", "/bin/mpiexec.openmpi")]
    [TestCase("mpich", "/bin/mpiexec.mpich")]
    [TestCase("libmpi.so.40", "/bin/mpiexec.openmpi")]
    [TestCase(null, "/bin/mpiexec")]
    public void Launcher_found_is_the_one_of_the_mpi_asked_for(string? mpi, string path) =>
        Assert.That(MpiLauncher.Find(mpi, program => $"/bin/{program}", Version).Path, Is.EqualTo(path));

    [Test]
    public void Launcher_of_another_mpi_is_not_taken()
    {
        Assert.That(() => MpiLauncher.Find("mpich", program => program == "mpiexec" ? "/bin/mpiexec" : null, Version),
            Throws.Exception.With.Message.Contains("install mpich"));
    }

    [Test]
    public void Cores_count_hardware_threads_of_one_core_once()
    {
        using TemporaryDirectory folder = new();
        string[] siblings = ["0,2", "1,3", "0,2", "1,3"];
        for (int cpu = 0; cpu < siblings.Length; cpu++)
        {
            string topology = Directory.CreateDirectory(folder.File($"cpu{cpu}/topology")).FullName;
            File.WriteAllText(Path.Combine(topology, "thread_siblings_list"), siblings[cpu]);
        }

        Assert.Multiple(() =>
        {
            Assert.That(Machine.CountCores(folder.Path, usable: 4), Is.EqualTo(2));
            Assert.That(Machine.CountCores(folder.Path, usable: 1), Is.EqualTo(1));
            Assert.That(Machine.CountCores("/nowhere", usable: 3), Is.EqualTo(3));
        });
    }

    private static string Version(string path) => path.Contains("mpich") ? "HYDRA build details" : "mpiexec (OpenRTE) 4.1.4";

    private static LaunchCommand For(LauncherFamily family, LaunchRequest request) => LaunchCommand.For(new MpiLauncher("/bin/launcher", family), request);

    private static string Spell(LauncherFamily family, LaunchRequest request) => string.Join(' ', For(family, request).Arguments);
}
