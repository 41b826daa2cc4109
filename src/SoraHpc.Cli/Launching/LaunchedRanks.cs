using System.ComponentModel;
using System.Diagnostics;
using SoraHpc.Diagnostics;

namespace SoraHpc.Cli.Launching;

/// <summary>Starts the launcher and waits for it.</summary>
internal static class LaunchedRanks
{
    /// <summary>Runs the command with this process's own input and output; returns its exit code.</summary>
    /// <exception cref="SoraException">The launcher does not start.</exception>
    internal static int Run(LaunchCommand command)
    {
        var start = new ProcessStartInfo(command.File, command.Arguments);
        foreach ((string name, string value) in command.Environment)
            start.Environment[name] = value;
        try
        {
            using Process launcher = Process.Start(start)!;
            using var signals = new ForwardedSignals(launcher.Id, sharesTerminal: !Console.IsInputRedirected);
            launcher.WaitForExit();
            return launcher.ExitCode;
        }
        catch (Win32Exception failure)
        {
            throw new SoraException($"{command.File} does not start: {failure.Message}", failure);
        }
    }

    /// <summary>How this program is started once more: its own executable, or the .NET host and its assembly.</summary>
    internal static string[] Self()
    {
        string assembly = typeof(LaunchedRanks).Assembly.Location, own = Path.ChangeExtension(assembly, null);
        if (Environment.ProcessPath is { } running && Path.GetFileName(running) == Path.GetFileName(own))
            return [running];
        return File.Exists(own) ? [own] : [Environment.ProcessPath ?? "dotnet", assembly];
    }
}
