using System.ComponentModel;
using System.Diagnostics;
using SoraHpc.Communication;
using SoraHpc.Diagnostics;
using SoraHpc.Runtime.Resilience;

namespace SoraHpc.Cli.Launching;

/// <summary>Starts the launcher and waits for it.</summary>
internal static class LaunchedRanks
{
    // In a session of its own the launcher gets no signal but from here: one that the terminal or a batch system sends to the whole group would have it kill
    // the ranks while they save.
    private const string Apart = "setsid";

    // Nor is it left behind when this process is killed, by a batch system or for want of memory: util-linux 2.33 (2018) or newer tells it.
    private static readonly string[] Bound = ["setpriv", "--pdeathsig", "TERM"];

    /// <summary>Runs the command with this process's own input and output; returns its exit code.</summary>
    /// <exception cref="SoraException">The launcher does not start.</exception>
    internal static int Run(LaunchCommand command, bool ranksStop) => Watch(command, ranksStop).Code;

    /// <summary>As above; also says whether this process was sent a signal meanwhile.</summary>
    /// <param name="ranksStop">The ranks save and stop when they get SIGUSR1.</param>
    internal static (int Code, bool Signalled) Watch(LaunchCommand command, bool ranksStop)
    {
        string? apart = MpiLauncher.OnPath(Apart);
        string[] around = [.. apart is not null && Succeeds([.. Bound, "true"]) ? Bound : [], .. apart is not null ? [apart] : Array.Empty<string>()];
        using Process launcher = Start(around.Length == 0 ? command : command with { File = around[0], Arguments = [.. around[1..], command.File, .. command.Arguments] }, capture: false);
        using var signals = new ForwardedSignals(launcher.Id, sharesTerminal: apart is null && !Console.IsInputRedirected, ranksStop);
        launcher.WaitForExit();
        if (signals.Received is not { } signal)
            return (launcher.ExitCode, false);
        // A launcher that is told to end kills its ranks before one of them can speak: then it is said here.
        if (launcher.ExitCode is 0 or >= 128 or RunStoppedException.TryAgainExitCode)
            return (launcher.ExitCode, true);
        Console.Error.WriteLine($"sora: ended by {StopSignal.NameOf(signal)}");
        return (StopSignal.ExitCodeOf(signal), true);
    }

    /// <summary>Runs the command and returns the lines it prints.</summary>
    /// <exception cref="SoraException">The launcher does not start, or ends with another code than 0.</exception>
    internal static IReadOnlyList<string> Capture(LaunchCommand command)
    {
        using Process launcher = Start(command, capture: true);
        string printed = launcher.StandardOutput.ReadToEnd();
        launcher.WaitForExit();
        return launcher.ExitCode == 0
            ? printed.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            : throw new SoraException($"{command.File} {string.Join(' ', command.Arguments)} ended with exit code {launcher.ExitCode}");
    }

    /// <summary>Whether this machine has a program and it takes these arguments.</summary>
    internal static bool Succeeds(IReadOnlyList<string> words)
    {
        try
        {
            using Process trial = Process.Start(new ProcessStartInfo(words[0], words.Skip(1)) { RedirectStandardError = true })!;
            trial.WaitForExit();
            return trial.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }

    private static Process Start(LaunchCommand command, bool capture)
    {
        var start = new ProcessStartInfo(command.File, command.Arguments) { RedirectStandardOutput = capture };
        foreach ((string name, string value) in command.Environment)
            start.Environment[name] = value;
        try
        {
            return Process.Start(start)!;
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
