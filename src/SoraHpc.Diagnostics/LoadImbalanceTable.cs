using System.Globalization;
using System.Text;

namespace SoraHpc.Diagnostics;

/// <summary>The load of every rank as text, for the end of a run.</summary>
public static class LoadImbalanceTable
{
    /// <summary>Up to this many ranks all are listed; beyond it the first, the last and the extremes.</summary>
    public const int AllRanks = 16;

    private const int Ends = 4;

    /// <summary>A table of rank, W, P and λ with a line of totals above; lines end in '\n'.</summary>
    /// <param name="load">The ranks' load.</param>
    /// <param name="unit">What the work is counted in: "cells", "node updates".</param>
    public static string Render(LoadImbalance load, string unit = "units")
    {
        var table = new StringBuilder();
        string ranks = load.Ranks == 1 ? "1 rank" : $"{load.Ranks} ranks";
        table.Append(CultureInfo.InvariantCulture, $"load of {ranks}: C = ΣW = {load.TotalWork:0.####e+0} {unit}, ");
        table.Append(CultureInfo.InvariantCulture, $"λ max {Seconds(load.MaxLambda)} on rank {load.SlowestRank}, ");
        table.Append(CultureInfo.InvariantCulture, $"mean {Seconds(load.MeanLambda)}, max/mean {load.Ratio:0.000}\n");
        table.Append($"{"rank",8}  {$"W [{unit}]",16}  {$"P [{unit}/s]",18}  {"λ [s]",12}  {"λ/mean",7}\n");
        int previous = -1;
        foreach (int rank in Shown(load))
        {
            if (rank > previous + 1)
                table.Append($"{"…",8}\n");
            AppendRow(table, load, rank);
            previous = rank;
        }
        return table.ToString();
    }

    private static IEnumerable<int> Shown(LoadImbalance load)
    {
        if (load.Ranks <= AllRanks)
            return Enumerable.Range(0, load.Ranks);
        var shown = new SortedSet<int> { load.SlowestRank, load.FastestRank };
        for (int i = 0; i < Ends; i++)
            shown.UnionWith([i, load.Ranks - 1 - i]);
        return shown;
    }

    private static void AppendRow(StringBuilder table, LoadImbalance load, int rank)
    {
        double lambda = load.Lambda[rank], capability = load.Capability[rank];
        double relative = load.MeanLambda > 0 ? lambda / load.MeanLambda : 1;
        string measured = double.IsNaN(capability) ? "–" : capability.ToString("0.###e+0", CultureInfo.InvariantCulture);
        string mark = load.Ranks > 1 && relative > 1.05 && rank == load.SlowestRank ? "  ← the others wait for it" : "";
        table.Append(CultureInfo.InvariantCulture, $"{rank,8}  {load.Work[rank],16:0.####e+0}  {measured,18}  {lambda,12:0.0000}  {relative,7:0.000}{mark}\n");
    }

    private static string Seconds(double seconds) => seconds.ToString("0.0000 s", CultureInfo.InvariantCulture);
}
