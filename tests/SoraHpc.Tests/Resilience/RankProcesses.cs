using System.Diagnostics;

namespace SoraHpc.Tests.Resilience;

/// <summary>Finds the processes that are ranks of a run.</summary>
internal static class RankProcesses
{
    /// <summary>A process below the tool without children of its own, at random; null when there is none. A launcher that has none yet is known by its name.</summary>
    internal static int? OneBelow(Process tool, Random random) => Below(tool) is { Length: > 0 } ranks ? ranks[random.Next(ranks.Length)] : null;

    /// <summary>All of them, ascending.</summary>
    internal static int[] Below(Process tool)
    {
        Dictionary<int, int> parents = [];
        foreach (string path in Directory.EnumerateDirectories("/proc").Where(path => int.TryParse(Path.GetFileName(path), out _)))
            if (ReadFile(Path.Combine(path, "stat")) is { Length: > 0 } stat)
                parents[int.Parse(Path.GetFileName(path))] = int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1]);
        return [.. parents.Keys.Where(process => IsBelow(process, tool.Id) && ReadFile($"/proc/{process}/comm") is { } name
            && !name.StartsWith("mpiexec", StringComparison.Ordinal) && !name.StartsWith("orte", StringComparison.Ordinal) && !name.StartsWith("hydra", StringComparison.Ordinal)
            && !parents.ContainsValue(process)).Order()];

        bool IsBelow(int process, int above) => process != above && parents.TryGetValue(process, out int parent) && (parent == above || parent > 1 && IsBelow(parent, above));
    }

    private static string? ReadFile(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (IOException)
        {
            return null;
        }
    }
}
