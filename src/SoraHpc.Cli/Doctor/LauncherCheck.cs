using SoraHpc.Cli.Launching;
using SoraHpc.Communication;
using SoraHpc.Diagnostics;

namespace SoraHpc.Cli.Doctor;

/// <summary>Who started this process, and which launchers it could start itself.</summary>
internal static class LauncherCheck
{
    internal static IEnumerable<Finding> Run(LaunchEnvironment launch, string? mpi)
    {
        if (launch.Transport == Transport.Mpi)
        {
            yield return new(Severity.Ok, "launcher", $"{launch.Launcher} started this process as rank {launch.Rank} of {launch.Size}");
            yield break;
        }
        yield return new(Severity.Ok, "launcher", "none started this process: ranks are threads unless --launcher mpiexec or srun is given");
        yield return Installed(mpi);
        if (MpiLauncher.OnPath("srun") is { } srun)
            yield return new(Severity.Ok, "launcher", $"Slurm: {srun}");
    }

    private static Finding Installed(string? mpi)
    {
        try
        {
            MpiLauncher found = MpiLauncher.Find(mpi);
            return new(Severity.Ok, "launcher", $"{(found.Family == LauncherFamily.OpenMpi ? "Open MPI" : "MPICH family")}: {found.Path}");
        }
        catch (SoraException missing)
        {
            return new(mpi is null ? Severity.Warning : Severity.Error, "launcher", missing.Message);
        }
    }
}
