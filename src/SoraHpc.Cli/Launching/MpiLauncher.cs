using System.Diagnostics;
using SoraHpc.Diagnostics;

namespace SoraHpc.Cli.Launching;

/// <summary>The program that starts MPI ranks.</summary>
/// <param name="Path">Its file.</param>
/// <param name="Family">Whose options it understands.</param>
internal sealed record MpiLauncher(string Path, LauncherFamily Family)
{
    /// <summary>The launcher that belongs to the MPI asked for.</summary>
    /// <param name="mpi">"openmpi", "mpich", the path or file name of an MPI library, or null: whichever "mpiexec" is.</param>
    /// <exception cref="SoraException">There is none, or what is there belongs to another MPI.</exception>
    internal static MpiLauncher Find(string? mpi) => Find(mpi, OnPath, VersionOf);

    internal static MpiLauncher Find(string? mpi, Func<string, string?> locate, Func<string, string> versionOf)
    {
        LauncherFamily? wanted = FamilyOf(mpi);
        string?[] besideLibrary = mpi?.Contains('/') == true ? BesideLibrary(mpi) : [];
        string[] names = wanted switch
        {
            LauncherFamily.OpenMpi => ["mpiexec.openmpi", "mpiexec", "mpirun"],
            LauncherFamily.Hydra => ["mpiexec.mpich", "mpiexec.hydra", "mpiexec", "mpirun"],
            _ => ["mpiexec", "mpirun", "mpiexec.openmpi", "mpiexec.mpich"],
        };
        foreach (string? path in besideLibrary.Concat(names.Select(locate)))
            if (path is not null && Identify(versionOf(path)) is { } family && (wanted is null || wanted == family))
                return new(path, family);
        string what = wanted switch { LauncherFamily.OpenMpi => "Open MPI", LauncherFamily.Hydra => "MPICH", _ => "any MPI" };
        string package = wanted == LauncherFamily.Hydra ? "mpich" : "openmpi-bin";
        throw new SoraException($"no mpiexec of {what} on the PATH (looked for {string.Join(", ", names)}); install {package}, or run with --launcher threads");
    }

    /// <summary>Slurm's launcher.</summary>
    /// <exception cref="SoraException">Not on the PATH.</exception>
    internal static MpiLauncher FindSrun() => OnPath("srun") is { } path
        ? new(path, LauncherFamily.Srun)
        : throw new SoraException("srun is not on the PATH; install slurm-client, or use --launcher mpiexec");

    /// <summary>"openmpi" or "mpich", whichever mpiexec belongs to; null without one.</summary>
    internal static string? FamilyInstalled()
    {
        try
        {
            return Find(null).Family == LauncherFamily.OpenMpi ? "openmpi" : "mpich";
        }
        catch (SoraException)
        {
            return null;
        }
    }

    /// <summary>The family a name or library file belongs to; null when the name does not tell.</summary>
    internal static LauncherFamily? FamilyOf(string? mpi)
    {
        string file = System.IO.Path.GetFileName(mpi ?? "").ToLowerInvariant();
        return file.StartsWith("openmpi", StringComparison.Ordinal) || file.StartsWith("libmpi.so.40", StringComparison.Ordinal) || file.Contains("ompi") ? LauncherFamily.OpenMpi
            : file.Contains("mpich") || file.StartsWith("libmpi.so.12", StringComparison.Ordinal) ? LauncherFamily.Hydra
            : null;
    }

    /// <summary>The family by what the launcher answers to --version; null for one that is not known.</summary>
    internal static LauncherFamily? Identify(string version) =>
        version.Contains("OpenRTE") || version.Contains("Open MPI") || version.Contains("PRRTE") ? LauncherFamily.OpenMpi
        : version.Contains("HYDRA", StringComparison.OrdinalIgnoreCase) || version.Contains("Intel(R) MPI") ? LauncherFamily.Hydra
        : null;

    /// <summary>A program on the PATH; null when it is not there.</summary>
    internal static string? OnPath(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(':', StringSplitOptions.RemoveEmptyEntries)
        .Select(folder => System.IO.Path.Combine(folder, program))
        .FirstOrDefault(File.Exists);

    // An MPI outside the system folders keeps lib/libmpi.so and bin/mpiexec under one roof.
    private static string?[] BesideLibrary(string library)
    {
        string? folder = System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(library));
        return [.. new[] { "../bin/mpiexec", "../../bin/mpiexec" }
            .Select(relative => System.IO.Path.GetFullPath(System.IO.Path.Combine(folder ?? "/", relative)))
            .Where(path => File.Exists(path) && !path.StartsWith("/usr/bin/", StringComparison.Ordinal))];
    }

    private static string VersionOf(string path)
    {
        var start = new ProcessStartInfo(path, "--version") { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        string version = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return version;
    }
}
