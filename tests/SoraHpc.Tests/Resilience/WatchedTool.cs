using System.Diagnostics;
using SoraHpc.Cli.Launching;

namespace SoraHpc.Tests.Resilience;

/// <summary>How a run of the tool ended.</summary>
/// <param name="Code">Null: it did not end in the time it had, and was ended.</param>
/// <param name="Complaints">Lines on standard error that are our own, with when they were read.</param>
/// <param name="Ended">When it had ended.</param>
internal sealed record ToolEnd(int? Code, string Output, string Error, IReadOnlyList<(string Line, long At)> Complaints, long Ended);

/// <summary>The tool, running, with what it says and when.</summary>
internal sealed class WatchedTool : IDisposable
{
    private readonly Process process;
    private readonly Task<string> output;
    private readonly Task<(string All, List<(string, long)> Complaints)> error;

    private WatchedTool(Process process)
    {
        this.process = process;
        output = process.StandardOutput.ReadToEndAsync();
        error = Task.Run(Listen);
    }

    internal long Begun { get; } = Stopwatch.GetTimestamp();

    internal static WatchedTool Start(string folder, IEnumerable<string> words) => new(ProcessOf(folder, words));

    /// <summary>The tool, with nobody who listens yet.</summary>
    internal static Process ProcessOf(string folder, IEnumerable<string> words)
    {
        string[] command = LaunchedRanks.Self();
        return Process.Start(new ProcessStartInfo(command[0], [.. command[1..], .. words])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
    }

    /// <summary>Waits until all its ranks are there; false when it has ended before.</summary>
    internal bool HasStarted(int ranks)
    {
        while (!process.HasExited && RankProcesses.Below(process).Length < ranks)
            Thread.Sleep(20);
        return !process.HasExited;
    }

    /// <summary>Kills one of its ranks; null when there is none.</summary>
    /// <returns>When.</returns>
    internal long? Kill(Random random)
    {
        if (RankProcesses.OneBelow(process, random) is not { } rank)
            return null;
        using Process victim = Process.GetProcessById(rank);
        long now = Stopwatch.GetTimestamp();
        victim.Kill();
        return now;
    }

    /// <summary>Waits for its end, and ends it when that takes too long.</summary>
    internal ToolEnd Wait(TimeSpan limit)
    {
        bool hangs = !process.WaitForExit(limit);
        if (hangs)
            process.Kill(entireProcessTree: true);
        process.WaitForExit();
        long ended = Stopwatch.GetTimestamp();
        return new(hangs ? null : process.ExitCode, output.Result, error.Result.All, error.Result.Complaints, ended);
    }

    public void Dispose() => process.Dispose();

    private (string, List<(string, long)>) Listen()
    {
        List<string> lines = [];
        List<(string, long)> complaints = [];
        while (process.StandardError.ReadLine() is { } line)
        {
            if (line.StartsWith("sora:", StringComparison.Ordinal))
                complaints.Add((line, Stopwatch.GetTimestamp()));
            lines.Add(line);
        }
        return (string.Join('\n', lines), complaints);
    }
}
