using System.Globalization;
using System.Text;
using SoraHpc.Diagnostics;
using SoraHpc.Runtime;

namespace SoraHpc.Cli.Run;

/// <summary>What a run came to, as text for its end.</summary>
internal static class RunSummary
{
    /// <summary>The job and its choices, the observables, and the load of every rank; lines end in '\n'.</summary>
    internal static string Render(RunResult result)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{result.Job}: {result.Steps} steps on {Ranks(result)} in {result.Seconds:0.00} s ({result.Choices})\n");
        int longest = result.Observables.Count > 0 ? result.Observables.Keys.Max(name => name.Length) : 0;
        foreach ((string name, double value) in result.Observables)
            text.Append(CultureInfo.InvariantCulture, $"  {name.PadRight(longest)}  {value:G10}\n");
        if (result.Ranks.Any(rank => rank.Workload > 0))
            text.Append(LoadImbalanceTable.Render(LoadOf(result), "updates"));
        return text.ToString();
    }

    private static string Ranks(RunResult result) => result.Ranks.Count == 1 ? "1 rank" : $"{result.Ranks.Count} ranks";

    // A rank that computed nothing has no measured capability and needs no time.
    private static LoadImbalance LoadOf(RunResult result) => LoadImbalance.FromTimes(
        [.. result.Ranks.Select(rank => rank.Workload)],
        [.. result.Ranks.Select(rank => rank.Lambda)]);
}
