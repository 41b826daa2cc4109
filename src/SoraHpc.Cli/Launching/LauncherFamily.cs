namespace SoraHpc.Cli.Launching;

/// <summary>Whose options a launcher understands.</summary>
internal enum LauncherFamily
{
    /// <summary>Open MPI's mpiexec.</summary>
    OpenMpi,
    /// <summary>Hydra: MPICH and what descends from it (Intel MPI, MVAPICH).</summary>
    Hydra,
    /// <summary>Slurm's srun.</summary>
    Srun,
}
