using System.Globalization;

namespace SoraHpc.Communication;

/// <summary>What the launcher said to this process, read once from its environment.</summary>
/// <param name="Transport">Processes when a launcher of MPI ranks started this one, else threads.</param>
/// <param name="Launcher">"Open MPI", "MPICH", "Slurm" …; null without one.</param>
/// <param name="Rank">This process's rank as the launcher numbers it; −1 when not said.</param>
/// <param name="Size">Ranks the launcher started; 0 when not said. MPI must agree, else the launcher and the library do not match.</param>
public sealed record LaunchEnvironment(Transport Transport, string? Launcher, int Rank, int Size)
{
    /// <summary>The MPI whose start-up protocol the launcher speaks: "openmpi", "mpich", or null when that is not said.</summary>
    public string? Library { get; init; }

    /// <summary>Reads the variables of this process.</summary>
    public static LaunchEnvironment Read() => Read(Environment.GetEnvironmentVariable);

    // mpiexec inside a Slurm job sets its own variables beside Slurm's: the innermost launcher is asked first.
    internal static LaunchEnvironment Read(Func<string, string?> variable)
    {
        int Number(string name, int otherwise) =>
            int.TryParse(variable(name), NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : otherwise;

        // A process that ranks have started themselves: the launcher counts it apart from them.
        if (variable("OMPI_PARENT_PORT") is not null)
            return new(Transport.Mpi, "Open MPI", -1, 0) { Library = "openmpi" };
        if (Number("OMPI_COMM_WORLD_SIZE", 0) is > 0 and int openMpi)
            return new(Transport.Mpi, "Open MPI", Number("OMPI_COMM_WORLD_RANK", -1), openMpi) { Library = "openmpi" };
        // Slurm counts the tasks of the step (srun), not of the job; outside a step the batch shell itself is no rank.
        bool inStep = variable("SLURM_STEP_ID") is not null && Number("SLURM_PROCID", -1) >= 0;
        if (inStep && variable("HYDI_CONTROL_FD") is null)
            return new(Transport.Mpi, "Slurm", Number("SLURM_PROCID", -1), Number("SLURM_STEP_NUM_TASKS", Number("SLURM_NTASKS", 0)))
            {
                Library = variable("PMIX_RANK") is not null ? "openmpi" : variable("PMI_RANK") is not null ? "mpich" : null,
            };
        if (Number("PMI_SIZE", 0) is > 0 and int mpich)
            return new(Transport.Mpi, "MPICH", Number("PMI_RANK", -1), mpich) { Library = "mpich" };
        if (Number("PMIX_RANK", -1) is >= 0 and int pmix)
            return new(Transport.Mpi, "PMIx", pmix, 0) { Library = "openmpi" };
        return new(Transport.Threads, null, -1, 0);
    }
}
