using System.Text;

namespace SoraHpc.Diagnostics.Watching;

/// <summary>Ranks in few words.</summary>
internal static class RankList
{
    private const int MostRuns = 4;

    /// <summary>"0–2, 5, 7–9"; of many runs the first, and how many ranks there are: "0, 2, 4, 6, … (800 in all)".</summary>
    /// <param name="ranks">Ascending.</param>
    internal static string Text(IReadOnlyList<int> ranks)
    {
        var text = new StringBuilder();
        int runs = 0;
        for (int first = 0; first < ranks.Count; runs++)
        {
            int last = first;
            while (last + 1 < ranks.Count && ranks[last + 1] == ranks[last] + 1)
                last++;
            text.Append(runs == 0 ? "" : ", ");
            if (runs == MostRuns)
                return text.Append($"… ({ranks.Count} in all)").ToString();
            text.Append(ranks[first]).Append(last > first ? $"–{ranks[last]}" : "");
            first = last + 1;
        }
        return text.ToString();
    }
}
