using System.Globalization;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using SoraHpc.Diagnostics;

namespace SoraHpc.Cli.Slurm;

/// <summary>What Slurm knows of a job, or of one task of an array.</summary>
internal sealed partial record SlurmJob
{
    [JsonPropertyName("job")]
    public required string Id { get; init; }

    [JsonPropertyName("name")]
    public required string Name { get; init; }

    /// <summary>In Slurm's words: PENDING, RUNNING, COMPLETED, FAILED, TIMEOUT …</summary>
    [JsonPropertyName("state")]
    public required string State { get; init; }

    /// <summary>Why it waits or ended, in Slurm's words; empty where there is nothing to say.</summary>
    [JsonPropertyName("reason")]
    public required string Reason { get; init; }

    [JsonPropertyName("nodes")]
    public required string Nodes { get; init; }

    /// <summary>How long it has run since its last start, and how long it may, as Slurm writes them.</summary>
    [JsonPropertyName("runTime")]
    public required string RunTime { get; init; }

    [JsonPropertyName("timeLimit")]
    public required string TimeLimit { get; init; }

    /// <summary>Exit code, or 128 + the signal that ended it; 0 before its end.</summary>
    [JsonPropertyName("exitCode")]
    public required int ExitCode { get; init; }

    /// <summary>How often it has gone back into the queue.</summary>
    [JsonPropertyName("restarts")]
    public required int Restarts { get; init; }

    [JsonPropertyName("log")]
    public required string Log { get; init; }

    [JsonPropertyName("user")]
    public required string User { get; init; }

    /// <summary>Nothing of it will run any more.</summary>
    [JsonIgnore]
    public bool HasEnded => State is not ("PENDING" or "RUNNING" or "SUSPENDED" or "COMPLETING" or "CONFIGURING" or "REQUEUED" or "RESIZING" or "STOPPED");

    /// <summary>The job of this number, an array's tasks one by one; all jobs when no number is given.</summary>
    /// <exception cref="SoraException">Slurm does not know it, or is not there.</exception>
    internal static IReadOnlyList<SlurmJob> Find(string? id)
    {
        try
        {
            return ParseAll(SlurmProgram.Run("scontrol", id is null ? ["--oneliner", "show", "jobs"] : ["--oneliner", "show", "job", id]));
        }
        catch (SoraException unknown) when (id is not null && unknown.Message.Contains("Invalid job id"))
        {
            throw new SoraException($"job {id}: {unknown.Message} (Slurm forgets a job some minutes after its end; where it keeps accounts: sacct -j {id})", unknown);
        }
    }

    /// <param name="printed">What <c>scontrol --oneliner show job</c> prints.</param>
    internal static IReadOnlyList<SlurmJob> ParseAll(string printed) =>
        [.. printed.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line.StartsWith("JobId=", StringComparison.Ordinal) && IsFirstComponent(line)).Select(Parse).Reverse()];

    // A job over two kinds of nodes is two to Slurm, of which the first has the script and the log.
    private static bool IsFirstComponent(string line) => !line.Contains(" HetJobOffset=") || line.Contains(" HetJobOffset=0 ");

    private static SlurmJob Parse(string line)
    {
        Dictionary<string, string> fields = [];
        foreach (Match field in Field().Matches(line))
            fields.TryAdd(field.Groups[1].Value, field.Groups[2].Value);
        string Of(string name) => fields.GetValueOrDefault(name) is { } value && value is not ("(null)" or "None" or "N/A") ? value : "";
        string[] codes = Of("ExitCode").Split(':');
        int signal = codes.Length == 2 ? Number(codes[1]) : 0;
        return new()
        {
            Id = Of("ArrayTaskId").Length > 0 ? $"{Of("ArrayJobId")}_{Of("ArrayTaskId")}" : Of("JobId"),
            Name = Of("JobName"),
            State = Of("JobState"),
            Reason = Of("Reason"),
            Nodes = Of("NodeList"),
            RunTime = Of("RunTime"),
            TimeLimit = Of("TimeLimit"),
            ExitCode = signal > 0 ? 128 + signal : Number(codes[0]),
            Restarts = Number(Of("Restarts")),
            Log = Of("StdOut"),
            User = Of("UserId").Split('(')[0],
        };
    }

    private static int Number(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : 0;

    // A value ends where the next name begins: some hold spaces.
    [GeneratedRegex(@"(\S+?)=(.*?)(?= \S+?=|\s*$)")]
    private static partial Regex Field();
}
