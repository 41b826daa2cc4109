namespace SoraHpc.Diagnostics.Tracing;

/// <summary>
/// The newest spans of one rank, in a ring of fixed size: when it is full the oldest are overwritten and counted as lost. Spans shorter than
/// the resolution that follow one of the same activity within it are merged at once, so that a rank with a million calls a second writes
/// some ten thousand spans. Allocates nothing after it is made.
/// </summary>
/// <param name="capacity">Spans kept, ≥ 1; 32 B each.</param>
/// <param name="resolution">Spans shorter than this are merged, and gaps shorter than this bridged [ticks], ≥ 0; 0 merges none.</param>
public sealed class TraceBuffer(int capacity, long resolution)
{
    private readonly TraceEvent[] ring = new TraceEvent[capacity >= 1 ? capacity : throw new ArgumentOutOfRangeException(nameof(capacity))];
    // The newest span of each activity, which may still grow: spans of different activities take turns, and would otherwise never merge.
    private readonly TraceEvent[] open = new TraceEvent[Activities.Count];
    private readonly bool[] grows = new bool[Activities.Count];
    private long written;

    /// <summary>Spans that were overwritten.</summary>
    public long Lost => Math.Max(0, written - ring.Length);

    /// <summary>Adds a span that has just ended.</summary>
    public void Add(RankActivity activity, long begin, long end, int peer, long bytes)
    {
        ref TraceEvent last = ref open[(int)activity];
        bool isShort = end - begin < resolution;
        if (isShort && grows[(int)activity] && begin - last.End < resolution && last.Count is > 0 and < ushort.MaxValue)
        {
            last = new(last.Begin, end, last.Bytes + bytes, last.Peer == peer ? peer : TraceEvent.NoPeer, (ushort)(last.Count + 1), activity);
            return;
        }
        if (last.Count > 0)
            Write(last);
        (last, grows[(int)activity]) = (new(begin, end, bytes, peer, 1, activity), isShort);
    }

    /// <summary>What was kept, by where it begins; an enclosing span before those inside it.</summary>
    public TraceEvent[] ToArray()
    {
        TraceEvent[] unfinished = [.. open.Where(span => span.Count > 0)];
        int kept = (int)Math.Min(written, ring.Length);
        TraceEvent[] spans = [.. ring.AsSpan(0, kept), .. unfinished];
        Array.Sort(spans, static (a, b) => a.Begin != b.Begin ? a.Begin.CompareTo(b.Begin) : b.End.CompareTo(a.End));
        return spans;
    }

    private void Write(in TraceEvent span)
    {
        ring[(int)(written % ring.Length)] = span;
        written++;
    }
}
