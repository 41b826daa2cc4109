using System.Globalization;

namespace SoraHpc.Cli.Doctor;

/// <summary>What the system grants this process less of than ranks need: address space, open files, locked memory, room for the memory that ranks share.</summary>
internal static class LimitCheck
{
    // .NET opens some forty files, an MPI a few for every rank of its node.
    private const long FewestFiles = 128;
    // Bytes a rank: the segments of Open MPI 4.1 and of MPICH 4.0 between the ranks of a node, and as much again for windows.
    private const long SharedBytesPerRank = 16 << 20;
    private const double Mega = 1e6;

    /// <param name="ranks">Processes on this machine that share memory through files.</param>
    internal static IEnumerable<Finding> Run(int ranks) =>
        ranks == 0 ? OfProcess() : OfProcess().Concat(new[] { Path.GetTempPath().TrimEnd('/'), "/dev/shm" }.Where(Directory.Exists).Select(folder => Room(folder, FreeIn(folder), ranks)));

    /// <summary>Of this process alone.</summary>
    internal static IEnumerable<Finding> OfProcess()
    {
        string limits = File.Exists("/proc/self/limits") ? File.ReadAllText("/proc/self/limits") : "";
        bool infiniBand = Directory.Exists("/sys/class/infiniband") && Directory.EnumerateFileSystemEntries("/sys/class/infiniband").Any();
        return Limits(limits, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes, infiniBand);
    }

    private static long FreeIn(string folder)
    {
        try
        {
            return new DriveInfo(folder).AvailableFreeSpace;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }

    /// <param name="limits">As Linux writes them into /proc/self/limits.</param>
    /// <param name="memory">Bytes this process may use.</param>
    /// <param name="infiniBand">Whether this machine has such a network, which reads and writes only locked memory.</param>
    internal static IEnumerable<Finding> Limits(string limits, long memory, bool infiniBand)
    {
        if (SoftLimit(limits, "Max open files") is { } files && files < FewestFiles)
            yield return new(Severity.Error, "limits", $"{files} open files", $"allow more: ulimit -n {8 * FewestFiles}");
        if (SoftLimit(limits, "Max address space") is { } space && space < 2 * memory)
            yield return new(Severity.Warning, "limits", $"{Megabytes(space)} of address space, which .NET reserves far more of than it uses", "ulimit -v unlimited; limit memory by the batch system (--mem)");
        if (infiniBand && SoftLimit(limits, "Max locked memory") is { } locked && locked < memory)
            yield return new(Severity.Warning, "limits", $"{Megabytes(locked)} of locked memory, in which an InfiniBand network moves messages", "ulimit -l unlimited, also for the daemons of the batch system");
    }

    internal static Finding Room(string folder, long free, int ranks)
    {
        string text = $"{Megabytes(free)} free in {folder}";
        return free >= ranks * SharedBytesPerRank ? new(Severity.Ok, "room", text)
            : new(Severity.Error, "room", text, $"the ranks of a node share memory through files there: make room for {Megabytes(ranks * SharedBytesPerRank)}{(folder == "/dev/shm" ? "" : ", or set TMPDIR")}");
    }

    // Null: unlimited, or not told.
    private static long? SoftLimit(string limits, string name) =>
        limits.Split('\n').FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal)) is { } line
            && long.TryParse(line[name.Length..].Trim().Split(' ')[0], NumberStyles.None, CultureInfo.InvariantCulture, out long limit) ? limit : null;

    private static string Megabytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / Mega:#,0} MB");
}
