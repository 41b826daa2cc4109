namespace SoraHpc.Communication;

/// <summary>What the launcher said to this process, read once from its environment.</summary>
/// <param name="Transport">Processes when a launcher of MPI ranks started this one, else threads.</param>
/// <param name="Launcher">"Open MPI", "MPICH", "Slurm" …; null without one.</param>
/// <param name="Rank">This process's rank as the launcher numbers it; −1 when not said.</param>
/// <param name="Size">Ranks the launcher started; 0 when not said. MPI must agree, else the launcher and the library do not match.</param>
public sealed record LaunchEnvironment(Transport Transport, string? Launcher, int Rank, int Size)
{
    /// <summary>Reads the variables of this process.</summary>
    public static LaunchEnvironment Read() => new(Transport.Threads, null, -1, 0);
}
