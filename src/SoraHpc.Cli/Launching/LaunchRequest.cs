namespace SoraHpc.Cli.Launching;

/// <summary>What is to be started on how many ranks of which machine.</summary>
/// <param name="Ranks">≥ 1; null leaves it to the launcher (Slurm knows the allocation).</param>
/// <param name="Program">The program of every rank and its arguments.</param>
/// <param name="Cores">Physical cores this process may use.</param>
/// <param name="InAllocation">A batch system handed out the hosts: its launcher knows the slots and binds.</param>
/// <param name="IsRoot">The user is root, which Open MPI refuses unless told otherwise.</param>
/// <param name="Mpi">The MPI asked for; null: not said.</param>
/// <param name="Survives">The run goes on when a rank dies: the launcher is not to end the others.</param>
internal sealed record LaunchRequest(int? Ranks, IReadOnlyList<string> Program, int Cores, bool InAllocation, bool IsRoot, string? Mpi, bool Survives = false);
