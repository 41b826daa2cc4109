using SoraHpc.Cli.Launching;
using SoraHpc.Communication;
using SoraHpc.Communication.Mpi;
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
    }

    /// <summary>Whether the ranks of this launcher would find each other through this library: before MPI is started, for a misfit may not start.</summary>
    internal static Finding Fit(LaunchEnvironment launch, MpiInformation found)
    {
        string started = $"{launch.Launcher} started {launch.Size} rank{(launch.Size == 1 ? "" : "s")}";
        if (launch.Library is null)
            return new(Severity.Error, "launcher", $"{started} without telling them of each other", "give srun --mpi=pmix for Open MPI, --mpi=pmi2 for MPICH; or sora run --launcher srun");
        bool fits = launch.Library == "openmpi" == (found.Abi == "Open MPI");
        return fits
            ? new(Severity.Ok, "launcher", $"{started} in the way of {found.Abi}, which is the library's")
            : new(Severity.Error, "launcher", $"{started} in the way of {(launch.Library == "openmpi" ? "Open MPI" : "MPICH")}, but the library is {found.Abi}'s: {found.Path}",
                "each rank would be alone: launch with that library's mpiexec, or look at --mpi, SORA_MPI and LD_LIBRARY_PATH");
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
