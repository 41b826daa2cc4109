using System.Diagnostics;
using SoraHpc.Cli.Launching;
using SoraHpc.Diagnostics;

namespace SoraHpc.Cli.Slurm;

/// <summary>Slurm's own programs: what they print, and what they complain about in their own words.</summary>
internal static class SlurmProgram
{
    /// <summary>Runs one and returns what it printed.</summary>
    /// <exception cref="SoraException">It is not there, or ended with another code than 0: its first complaint.</exception>
    internal static string Run(string program, params IReadOnlyList<string> arguments)
    {
        if (MpiLauncher.OnPath(program) is not { } path)
            throw new SoraException($"{program} is not on the PATH: this machine belongs to no Slurm; log in where it does, install slurm-client, or use sora run");
        var start = new ProcessStartInfo(path, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        Task<string> complaint = process.StandardError.ReadToEndAsync();
        string printed = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode == 0)
            return printed;
        string[] lines = complaint.Result.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        throw new SoraException(lines.Length > 0 ? string.Join("; ", lines) : $"{program} ended with exit code {process.ExitCode}");
    }

    /// <summary>The protocols by which srun can start MPI ranks here, "none" among them.</summary>
    internal static IReadOnlyList<string> StartProtocols() => ProtocolsIn(Run("srun", "--mpi=list"));

    // "MPI plugin types are..." and one on each line; or, in older versions, "srun: pmi2". Details follow behind a colon.
    internal static IReadOnlyList<string> ProtocolsIn(string list) => [.. list.Split('\n', StringSplitOptions.TrimEntries)
        .Select(line => line.StartsWith("srun: ", StringComparison.Ordinal) ? line["srun: ".Length..] : line)
        .Where(line => line.Length > 0 && !line.Contains(' '))];
}
