namespace SoraHpc.Communication.Survival.Opening;

/// <summary>The ranks that one launcher process has started on this host, as the system's table of processes (/proc) shows them.</summary>
/// <remarks>For the time before the ranks can speak to each other. A process between launcher and rank, a shell, counts as its rank.</remarks>
internal sealed class HostRanks
{
    private const string AnyMark = "\0PMIX_NAMESPACE=";

    private readonly string processes;
    private readonly string mark;
    private readonly int own;

    private HostRanks(string processes, string mark, int launcher, int own, int count) =>
        (this.processes, this.mark, Launcher, this.own, Count) = (processes, mark, launcher, own, count);

    /// <summary>The process whose children the ranks are.</summary>
    internal int Launcher { get; }

    /// <summary>Ranks that it says it starts on this host.</summary>
    internal int Count { get; }

    /// <summary>Null where they cannot be seen: not started by Open MPI, no such table, or the launcher in another space of processes (a container).</summary>
    /// <param name="self">This process, a rank.</param>
    /// <param name="processes">The table's folder.</param>
    internal static HostRanks? Find(Func<string, string?> variable, int self, string processes = "/proc")
    {
        if (variable("PMIX_NAMESPACE") is not { Length: > 0 } job || !int.TryParse(variable("OMPI_COMM_WORLD_LOCAL_SIZE"), out int count))
            return null;
        string mark = $"{AnyMark}{job}\0";
        int own = self, launcher = ParentOf(processes, self);
        while (launcher > 1 && BelongsTo(mark, processes, launcher))
            (own, launcher) = (launcher, ParentOf(processes, launcher));
        HostRanks found = new(processes, mark, launcher, own, count);
        return launcher > 1 && found.Living().Contains(own) ? found : null;
    }

    /// <summary>Whether this one is the first of those that live.</summary>
    internal bool IsFirst => Living() is [var first, ..] && first == own;

    /// <summary>The processes of those that live, ascending.</summary>
    internal int[] Living() => Children(mark);

    /// <summary>How many there are of another start by the same launcher: for a new rank, those that it was started by.</summary>
    internal int Others => Children(AnyMark).Length - Living().Length;

    private int[] Children(string marked)
    {
        try
        {
            return [.. Directory.EnumerateDirectories(Path.Combine(processes, $"{Launcher}", "task"))
                .SelectMany(thread => (Read(Path.Combine(thread, "children")) ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries))
                .Select(int.Parse)
                .Where(child => BelongsTo(marked, processes, child)).Order()];
        }
        catch (IOException)
        {
            return [];                          // the launcher itself has ended
        }
    }

    // One that has ended but was not waited for yet has no environment any more.
    private static bool BelongsTo(string mark, string processes, int process) =>
        Read(Path.Combine(processes, $"{process}", "environ")) is { } environment && $"\0{environment}".Contains(mark, StringComparison.Ordinal);

    // Fields behind the name, which may hold anything: state, parent.
    private static int ParentOf(string processes, int process) =>
        Read(Path.Combine(processes, $"{process}", "stat")) is { } line && line[(line.LastIndexOf(')') + 1)..].Split(' ') is [_, _, var parent, ..] ? int.Parse(parent) : 0;

    private static string? Read(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
