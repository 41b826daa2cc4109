namespace SoraHpc.Cli.CommandLine;

/// <summary>The name somebody probably meant.</summary>
internal static class Suggestion
{
    /// <summary>"; did you mean weather?", or nothing when no name is near.</summary>
    internal static string For(string typed, IEnumerable<string> names) =>
        Nearest(typed, names) is { } name ? $"; did you mean {name}?" : "";

    /// <summary>The name fewest edits away, at most one edit for every three letters (and one more); else one it begins; null when none is near.</summary>
    internal static string? Nearest(string typed, IEnumerable<string> names)
    {
        string[] all = [.. names];
        string? nearest = all.MinBy(name => Distance(typed, name));
        if (nearest is not null && Distance(typed, nearest) <= 1 + nearest.TrimStart('-').Length / 3)
            return nearest;
        return typed.TrimStart('-').Length >= 2 ? all.FirstOrDefault(name => name.StartsWith(typed, StringComparison.OrdinalIgnoreCase)) : null;
    }

    /// <summary>Insertions, deletions, replacements and swaps of neighbours that turn one word into the other, upper case ignored.</summary>
    /// <remarks>Source: Damerau, Communications of the ACM 7 (1964); the restricted form that edits no letter twice.</remarks>
    internal static int Distance(string from, string to)
    {
        (from, to) = (from.ToLowerInvariant(), to.ToLowerInvariant());
        var distance = new int[from.Length + 1, to.Length + 1];
        for (int i = 0; i <= from.Length; i++)
            for (int j = 0; j <= to.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    distance[i, j] = i + j;
                    continue;
                }
                int replaced = distance[i - 1, j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1);
                int best = Math.Min(replaced, 1 + Math.Min(distance[i - 1, j], distance[i, j - 1]));
                if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1])
                    best = Math.Min(best, distance[i - 2, j - 2] + 1);
                distance[i, j] = best;
            }
        return distance[from.Length, to.Length];
    }
}
