using System.Globalization;
using SoraHpc.Diagnostics;

namespace SoraHpc.Cli.Launching;

/// <summary>The command line that starts the ranks, and what its environment needs besides. Pure: starts nothing.</summary>
/// <param name="File">The launcher.</param>
/// <param name="Arguments">Its arguments, the program last.</param>
/// <param name="Environment">Variables to add.</param>
internal sealed record LaunchCommand(string File, IReadOnlyList<string> Arguments, IReadOnlyDictionary<string, string> Environment)
{
    /// <summary>Spells the request in the launcher's own options.</summary>
    internal static LaunchCommand For(MpiLauncher launcher, LaunchRequest request)
    {
        List<string> arguments = request.Ranks is { } ranks ? ["-n", ranks.ToString(CultureInfo.InvariantCulture)] : [];
        var environment = new Dictionary<string, string>();
        switch (launcher.Family)
        {
            case LauncherFamily.OpenMpi:
                AddOpenMpi(arguments, environment, request);
                break;
            case LauncherFamily.Hydra when request.Survives:
                throw new UsageException("MPICH cannot go on without a rank that died: use --mpi openmpi, or have a failed run started again with --restarts N");
            case LauncherFamily.Hydra when !request.InAllocation:
                arguments.AddRange(["-bind-to", request.Ranks <= request.Cores ? "core" : "none"]);
                break;
            case LauncherFamily.Srun:
                AddSrun(arguments, request);
                break;
        }
        arguments.AddRange(request.Program);
        return new(launcher.Path, arguments, environment);
    }

    private static void AddOpenMpi(List<string> arguments, Dictionary<string, string> environment, LaunchRequest request)
    {
        // The rank that failed has said why; the launcher's own paragraph about it says no more.
        arguments.AddRange(["--mca", "orte_execute_quiet", "1"]);
        if (request.Survives)
            arguments.Add("--enable-recovery");
        if (request.Ranks <= request.Cores && !request.InAllocation)
            arguments.AddRange(["--bind-to", "core"]);
        else if (!request.InAllocation)         // ranks share cores: one that waits must give way to one that works
            arguments.AddRange(["--oversubscribe", "--bind-to", "none", "--mca", "mpi_yield_when_idle", "1"]);
        if (request.IsRoot)
            foreach (string prefix in (string[])["OMPI", "PRTE"])
            {
                environment[$"{prefix}_ALLOW_RUN_AS_ROOT"] = "1";
                environment[$"{prefix}_ALLOW_RUN_AS_ROOT_CONFIRM"] = "1";
            }
    }

    private static void AddSrun(List<string> arguments, LaunchRequest request)
    {
        // With the wrong protocol every MPICH rank is alone in a world of one, and Open MPI does not start.
        if (MpiLauncher.FamilyOf(request.Mpi) is { } family)
            arguments.Add(family == LauncherFamily.OpenMpi ? "--mpi=pmix" : "--mpi=pmi2");
        arguments.Add("--quit-on-interrupt");           // else the first Ctrl-C only asks for another one
        arguments.AddRange(request.Survives ? ["--kill-on-bad-exit=0", "--wait=0"] : ["--kill-on-bad-exit=1", "--wait=30"]);
    }
}
