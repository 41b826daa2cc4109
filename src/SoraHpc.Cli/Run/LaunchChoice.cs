using SoraHpc.Communication;
using SoraHpc.Diagnostics;

namespace SoraHpc.Cli.Run;

/// <summary>What becomes of a <c>sora run</c>.</summary>
internal enum LaunchChoice
{
    /// <summary>Ranks are threads of this process.</summary>
    Threads,
    /// <summary>This process is one rank of a launcher already.</summary>
    ThisIsARank,
    /// <summary>This process starts mpiexec with itself.</summary>
    Mpiexec,
    /// <summary>This process starts srun with itself.</summary>
    Srun,
}

/// <summary>Decides between them.</summary>
internal static class LaunchChoices
{
    /// <param name="launcher">The word given, or null.</param>
    /// <param name="ranks">Ranks asked for, or null.</param>
    /// <param name="mpi">MPI asked for, or null.</param>
    /// <param name="startedBySora">This process was started through a launcher by this program.</param>
    /// <param name="launch">What the launcher, if any, said.</param>
    /// <param name="tasks">Tasks of the Slurm job that this process is in, 1 outside.</param>
    /// <exception cref="UsageException">What is asked contradicts the launcher this process runs under.</exception>
    /// <exception cref="SoraException">A launcher ran this process, but no variable tells its rank.</exception>
    internal static LaunchChoice Of(string? launcher, int? ranks, string? mpi, bool startedBySora, LaunchEnvironment launch, int tasks = 1)
    {
        if (launch.Transport == Transport.Mpi)
        {
            string size = $"{launch.Launcher} started {launch.Size} rank{(launch.Size == 1 ? "" : "s")}";
            if (launcher == "threads")
                throw new UsageException($"--launcher threads, but {size}: leave out one of the two");
            if (launch.Size > 0 && ranks is { } wanted && wanted != launch.Size)
                throw new UsageException($"--ranks {wanted}, but {size}: leave out --ranks under a launcher");
            return LaunchChoice.ThisIsARank;
        }
        if (startedBySora)
            throw new SoraException("the launcher started this process but set none of the variables of Open MPI, MPICH or Slurm; see sora doctor");
        return launcher switch
        {
            "mpiexec" => LaunchChoice.Mpiexec,
            "srun" => LaunchChoice.Srun,
            "threads" when mpi is not null => throw new UsageException("--mpi has no meaning with --launcher threads: leave out one of the two"),
            "threads" => LaunchChoice.Threads,
            _ when tasks > 1 && ranks is null or > 1 => LaunchChoice.Srun,
            _ => mpi is not null ? LaunchChoice.Mpiexec : LaunchChoice.Threads,
        };
    }
}
