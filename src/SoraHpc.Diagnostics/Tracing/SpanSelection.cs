namespace SoraHpc.Diagnostics.Tracing;

/// <summary>Fewer spans of many.</summary>
internal static class SpanSelection
{
    /// <summary>At most <paramref name="most"/>, the longest, in the order they had.</summary>
    internal static TraceEvent[] Longest(TraceEvent[] spans, int most)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(most);
        if (spans.Length <= most)
            return spans;
        int[] byLength = [.. Enumerable.Range(0, spans.Length).OrderByDescending(i => spans[i].Length).ThenBy(i => i).Take(most).Order()];
        return Array.ConvertAll(byLength, i => spans[i]);
    }
}
