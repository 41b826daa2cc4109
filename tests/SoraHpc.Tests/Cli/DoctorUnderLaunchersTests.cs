using System.Diagnostics;
using NUnit.Framework;
using SoraHpc.Cli.Doctor;
using SoraHpc.Cli.Launching;
using SoraHpc.Cli.Slurm;

namespace SoraHpc.Tests.Cli;

/// <summary>The doctor as a user calls it, where the launcher or a library is the wrong one.</summary>
public sealed class DoctorUnderLaunchersTests
{
    [Test]
    public void Ranks_of_the_right_launcher_are_well([Values("openmpi", "mpich")] string mpi)
    {
        (int code, string output) = Doctor(mpi, [], "--mpi", mpi, "--ranks", "2");

        Assert.That(code, Is.Zero, output);
        Assert.That(output, Does.Match("ok +launcher .* started this process as rank 0 of 2").And.Match("ok +world +2 ranks in the world, 2 started by"));
    }

    [TestCase("openmpi", "mpich")]
    [TestCase("mpich", "openmpi")]
    public void Launcher_of_another_mpi_is_an_error(string launcher, string library)
    {
        (int code, string output) = Doctor(launcher, [$"mpiexec.{launcher}", "-n", "2"], "--mpi", library);

        Assert.That(code, Is.Not.Zero);
        Assert.That(output, Does.Match($"error +launcher +.* started 2 ranks in the way of .*, but the library is .* → each rank would be alone"));
    }

    [Test]
    public void Library_path_that_leads_to_another_mpi_is_an_error()
    {
        using TemporaryDirectory folder = new();
        string? mpich = new[] { "x86_64-linux-gnu", "aarch64-linux-gnu" }.Select(machine => $"/usr/lib/{machine}/libmpich.so.12").FirstOrDefault(File.Exists);
        Assume.That(mpich, Is.Not.Null, "libmpich.so.12 is not installed here");
        File.CreateSymbolicLink(folder.File("libmpi.so.40"), mpich!);

        (int code, string output) = Doctor("openmpi", ["env", $"LD_LIBRARY_PATH={folder.Path}", "mpiexec.openmpi", "-n", "2", "--oversubscribe"]);

        Assert.That(code, Is.Not.Zero);
        Assert.That(output, Does.Match("error +launcher +Open MPI started 2 ranks in the way of Open MPI, but the library is MPICH's"));
    }

    [Test]
    public void Library_path_that_leads_to_a_broken_hdf5_is_an_error()
    {
        using TemporaryDirectory folder = new();
        foreach (string name in (string[])["libhdf5.so", "libhdf5_serial.so.103", "libhdf5_openmpi.so.103", "libhdf5_mpich.so.103"])
            File.WriteAllText(folder.File(name), "no library");

        (int code, string output) = Doctor(null, ["env", $"LD_LIBRARY_PATH={folder.Path}"]);

        Assert.That(output, Does.Match("(error|warning|ok) +HDF5"), output);
        Assert.That(code, Is.EqualTo(output.Contains("error ") ? 1 : 0));
    }

    [Test]
    public void No_mpiexec_on_the_path_is_an_error_where_one_is_asked_for()
    {
        (int code, string output) = Doctor(null, ["env", "PATH=/nowhere"], "--mpi", "mpich");

        Assert.That((code, output), Is.EqualTo((1, "sora: no mpiexec of MPICH on the PATH (looked for mpiexec.mpich, mpiexec.hydra, mpiexec, mpirun); install mpich, or run with --launcher threads\n")));
    }

    [TestCase("run heat --data a --output b --launcher srun", "srun is not on the PATH; install slurm-client, or use --launcher mpiexec")]
    [TestCase("submit weather --case 5 --launcher mpiexec --mpi openmpi", "sbatch is not on the PATH: this machine belongs to no Slurm")]
    [TestCase("status", "scontrol is not on the PATH: this machine belongs to no Slurm")]
    public void Missing_launcher_is_told_in_one_line(string words, string expected)
    {
        using TemporaryDirectory folder = new();
        (int code, string output) = Run(["env", "-C", folder.Path, "PATH=/nowhere", .. LaunchedRanks.Self(), .. words.Split(' ')]);

        Assert.That(code, Is.EqualTo(1));
        Assert.That(output, Does.StartWith($"sora: {expected}"));
        Assert.That(output.TrimEnd('\n'), Does.Not.Contain("\n"));
    }

    [TestCase("pmix pmi2 none", "ok       Slurm     slurm 22.05.8: srun starts Open MPI (pmix) and MPICH (pmi2)")]
    [TestCase("pmi2 none", "ok       Slurm     slurm 22.05.8: srun starts MPICH (pmi2)")]
    [TestCase("none", "warning  Slurm     slurm 22.05.8: srun speaks none, which no MPI understands → start ranks with --launcher mpiexec, inside a job too")]
    public void Protocols_of_srun_say_which_mpi_it_starts(string protocols, string line) =>
        Assert.That(SlurmCheck.Protocols("slurm 22.05.8", protocols.Split(' ')).ToString(), Is.EqualTo(line));

    [Test]
    public void Job_is_told_with_the_time_left() => Assert.That(SlurmCheck.Job(new Allocation("12", "n[1-2]", 4), "58:00").ToString(),
        Is.EqualTo("ok       Slurm     job 12 on n[1-2], 4 tasks; time left 58:00"));

    [TestCase("SLURM_JOB_ID=7 SLURM_JOB_NODELIST=n1 SLURM_NTASKS=4", 4)]
    [TestCase("SLURM_JOB_ID=7 SLURM_NTASKS_PER_NODE=3 SLURM_JOB_NUM_NODES=2", 6)]
    [TestCase("SLURM_JOB_ID=7", 1)]
    public void Allocation_is_read_from_slurms_variables(string variables, int tasks)
    {
        Dictionary<string, string> all = variables.Split(' ').ToDictionary(variable => variable.Split('=')[0], variable => variable.Split('=')[1]);

        Assert.That(Allocation.Read(name => all.GetValueOrDefault(name))?.Tasks, Is.EqualTo(tasks));
        Assert.That(Allocation.Read(_ => null), Is.Null);
    }

    private static (int Code, string Output) Doctor(string? mpi, string[] before, params string[] options)
    {
        if (mpi is not null && MpiLauncher.OnPath($"mpiexec.{mpi}") is null)
            Assert.Ignore($"mpiexec.{mpi} is not installed here");
        return Run([.. before, .. LaunchedRanks.Self(), "doctor", .. options]);
    }

    private static (int Code, string Output) Run(string[] command)
    {
        var start = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string name in (string[])["OMPI_ALLOW_RUN_AS_ROOT", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM"])
            start.Environment[name] = "1";
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, (output + error.Result).ReplaceLineEndings("\n"));
    }
}
