using SoraHpc.Cli.Launching;
using SoraHpc.Cli.Slurm;
using SoraHpc.Diagnostics;

namespace SoraHpc.Cli.Doctor;

/// <summary>Whether there is a Slurm, which MPIs its srun can start, and what this process's job has left.</summary>
internal static class SlurmCheck
{
    /// <summary>Nothing where there is no Slurm.</summary>
    internal static IEnumerable<Finding> Run()
    {
        if (MpiLauncher.OnPath("srun") is null)
            return [];
        try
        {
            string version = SlurmProgram.Run("srun", "--version").Trim();
            Finding protocols = Protocols(version, SlurmProgram.StartProtocols());
            return Allocation.Read() is { } job ? [protocols, Job(job, SlurmProgram.Run("squeue", "--noheader", $"--jobs={job.Job}", "--Format=TimeLeft").Trim())] : [protocols];
        }
        catch (SoraException refused)
        {
            return [new(Severity.Warning, "Slurm", $"srun is installed, but finds no cluster: {refused.Message.Split(';')[0]}", "none is needed without --launcher srun and sora submit; else set SLURM_CONF")];
        }
    }

    internal static Finding Protocols(string version, IReadOnlyList<string> protocols)
    {
        (string Protocol, string Mpi)[] all = [("pmix", "Open MPI"), ("pmi2", "MPICH")];
        string[] starts = [.. all.Where(one => protocols.Contains(one.Protocol)).Select(one => $"{one.Mpi} ({one.Protocol})")];
        return starts.Length > 0
            ? new(Severity.Ok, "Slurm", $"{version}: srun starts {string.Join(" and ", starts)}")
            : new(Severity.Warning, "Slurm", $"{version}: srun speaks {string.Join(", ", protocols)}, which no MPI understands", "start ranks with --launcher mpiexec, inside a job too");
    }

    internal static Finding Job(Allocation job, string timeLeft) =>
        new(Severity.Ok, "Slurm", $"job {job.Job} on {job.Nodes}, {job.Tasks} task{(job.Tasks == 1 ? "" : "s")}; time left {timeLeft}");
}
