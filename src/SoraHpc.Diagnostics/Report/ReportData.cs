using System.Runtime.InteropServices;
using System.Text.Json;
using SoraHpc.Diagnostics.Tracing;

namespace SoraHpc.Diagnostics.Report;

/// <summary>What the page's script reads: JSON, its long lists as base64 of little-endian numbers.</summary>
internal static class ReportData
{
    // Bins of the shares of time, over all ranks; matrices are shown in so many groups of ranks a side.
    private const int MostCells = 256_000, MostBins = 1024, LeastBins = 64, MostGroups = 128;

    internal static byte[] Write(RunTrace trace, int mostSpans)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteString("title", trace.Title);
            json.WriteNumber("seconds", trace.Seconds);
            json.WriteString("energy", trace.Energy);
            json.WriteStartArray("facts");
            foreach ((string name, string value) in trace.Facts)
                WriteStrings(json, [name, value]);
            json.WriteEndArray();
            json.WritePropertyName("kinds");
            WriteStrings(json, Enum.GetNames<ActivityKind>());
            json.WritePropertyName("activities");
            WriteStrings(json, Enum.GetNames<RankActivity>());
            json.WriteString("kindOf", Convert.ToBase64String([.. Enum.GetValues<RankActivity>().Select(activity => (byte)Activities.KindOf(activity))]));
            WriteNumbers<double>(json, "imbalanceAt", [.. trace.Imbalance.Select(point => (double)point.At)]);
            WriteNumbers<float>(json, "imbalance", [.. trace.Imbalance.Select(point => (float)point.Ratio)]);
            WriteMatrix(json, "sent", trace, rank => rank.SentBytes, rank => rank.SentMessages);
            WriteMatrix(json, "steals", trace, rank => rank.StealsFrom, rank => rank.TasksFrom);
            int bins = Math.Clamp(MostCells / Math.Max(1, trace.Ranks.Count), LeastBins, MostBins);
            json.WriteNumber("bins", bins);
            json.WriteStartArray("ranks");
            foreach (RankTrace rank in trace.Ranks)
                WriteRank(json, rank, bins, trace.Seconds, mostSpans / trace.Ranks.Count);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return bytes.ToArray();
    }

    private static void WriteRank(Utf8JsonWriter json, RankTrace rank, int bins, double seconds, int mostSpans)
    {
        TraceEvent[] spans = SpanSelection.Longest(rank.Spans, mostSpans);
        json.WriteStartObject();
        json.WriteString("host", rank.Host);
        json.WriteNumber("process", rank.Process);
        json.WriteNumber("steps", rank.Steps);
        json.WriteNumber("work", rank.Work);
        json.WriteNumber("lost", rank.Lost + rank.Spans.Length - spans.Length);
        json.WriteNumber("clockError", rank.ClockError);
        json.WriteString("profile", Convert.ToBase64String(ProfileShares.Resample(rank, bins, seconds)));
        WriteNumbers<double>(json, "seconds", rank.Seconds);
        WriteNumbers<double>(json, "calls", [.. rank.Calls.Select(calls => (double)calls)]);
        WriteNumbers<double>(json, "bytes", [.. rank.Bytes.Select(moved => (double)moved)]);
        WriteNumbers<double>(json, "begin", Array.ConvertAll(spans, span => (double)span.Begin));
        WriteNumbers<float>(json, "length", Array.ConvertAll(spans, span => (float)span.Length));
        WriteNumbers<float>(json, "moved", Array.ConvertAll(spans, span => (float)span.Bytes));
        WriteNumbers<int>(json, "peer", Array.ConvertAll(spans, span => span.Peer));
        WriteNumbers<ushort>(json, "count", Array.ConvertAll(spans, span => span.Count));
        WriteNumbers<byte>(json, "activity", Array.ConvertAll(spans, span => (byte)span.Activity));
        json.WriteEndObject();
    }

    /// <summary>Rank to rank without zeros: row, column, two numbers, one after the other. Many ranks are summed in groups of neighbours.</summary>
    private static void WriteMatrix(Utf8JsonWriter json, string name, RunTrace trace, Func<RankTrace, long[]> first, Func<RankTrace, long[]> second)
    {
        int perGroup = (trace.Ranks.Count + MostGroups - 1) / MostGroups;
        SortedDictionary<(int, int), (double First, double Second)> sums = [];
        for (int row = 0; row < trace.Ranks.Count; row++)
        {
            long[] a = first(trace.Ranks[row]), b = second(trace.Ranks[row]);
            for (int column = 0; column < a.Length; column++)
                if (b[column] != 0)
                {
                    (double First, double Second) sum = sums.GetValueOrDefault((row / perGroup, column / perGroup));
                    sums[(row / perGroup, column / perGroup)] = (sum.First + a[column], sum.Second + b[column]);
                }
        }
        json.WriteStartObject(name);
        json.WriteNumber("perGroup", perGroup);
        json.WriteNumber("groups", (trace.Ranks.Count + perGroup - 1) / perGroup);
        WriteNumbers<double>(json, "entries", [.. sums.SelectMany(entry => (double[])[entry.Key.Item1, entry.Key.Item2, entry.Value.First, entry.Value.Second])]);
        json.WriteEndObject();
    }

    private static void WriteNumbers<T>(Utf8JsonWriter json, string name, T[] values) where T : unmanaged =>
        json.WriteString(name, Convert.ToBase64String(MemoryMarshal.AsBytes(values.AsSpan())));

    private static void WriteStrings(Utf8JsonWriter json, IEnumerable<string> values)
    {
        json.WriteStartArray();
        foreach (string value in values)
            json.WriteStringValue(value);
        json.WriteEndArray();
    }
}
