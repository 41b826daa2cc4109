using System.Diagnostics;
using System.Runtime.InteropServices;

namespace SoraHpc.Diagnostics.Tracing;

/// <summary>Where a span began; handed back to <see cref="Tracer.End"/>.</summary>
public readonly record struct TraceMark(long Ticks, int Depth);

/// <summary>
/// Records one rank: what it does now (always, two stores a change), and with timing on where its time went, how often and with how many
/// bytes, and the newest spans. Used by the rank's own thread; calls from other threads do nothing. Allocates nothing after it is made.
/// </summary>
/// <remarks>A span costs two readings of the clock and some ten stores, about 50 ns; without timing about 5 ns.</remarks>
public sealed unsafe class Tracer : IDisposable
{
    private const int MostNested = 16;
    private const int NotRecorded = -1;

    private readonly int thread = Environment.CurrentManagedThreadId;
    private readonly RankState* state;
    private readonly bool ownsState;
    private readonly TraceBuffer? buffer;
    private readonly TraceProfile? profile;
    private readonly long[] outer = new long[MostNested];
    private readonly long[] ticks = new long[Activities.Count], calls = new long[Activities.Count], bytes = new long[Activities.Count];
    private readonly long[] sentBytes, sentMessages, tasksFrom, stealsFrom;
    private int depth;
    private long changes, last, cells;
    private RankActivity current;

    /// <param name="rank">This rank, in [0, <paramref name="ranks"/>).</param>
    /// <param name="spans">Spans kept, or 0 for no timing at all.</param>
    /// <param name="resolution">See <see cref="TraceBuffer"/>.</param>
    /// <param name="state">Where the rank says what it does, valid until this is disposed; null for memory of its own.</param>
    public Tracer(int rank, int ranks, int spans, TimeSpan resolution, RankState* state = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(spans);
        (Rank, ownsState) = (rank, state is null);
        this.state = ownsState ? (RankState*)NativeMemory.AlignedAlloc((nuint)sizeof(RankState), 64) : state;
        this.state->Open(Environment.ProcessId);
        sentBytes = new long[ranks];
        sentMessages = new long[ranks];
        tasksFrom = new long[ranks];
        stealsFrom = new long[ranks];
        Started = last = Stopwatch.GetTimestamp();
        if (spans == 0)
            return;
        buffer = new(spans, (long)(resolution.TotalSeconds * Stopwatch.Frequency));
        profile = new(Started, Math.Max(1, Stopwatch.Frequency / 1000));
    }

    /// <summary>This rank.</summary>
    public int Rank { get; }

    /// <summary>When recording began [ticks].</summary>
    public long Started { get; }

    /// <summary>Whether spans and times are recorded, or only what the rank does now.</summary>
    public bool IsTimed => buffer is not null;

    /// <summary>Steps done.</summary>
    public long Step
    {
        get => state->Step;
        set => Volatile.Write(ref state->Step, value);
    }

    /// <summary>λ step by step, on the rank that keeps it; null elsewhere.</summary>
    public LoadSeries? Imbalance { get; init; }

    /// <summary>Begins a span inside the one that is open.</summary>
    /// <param name="peer">The rank of the world that it is with or waits for; −1 for none or several.</param>
    public TraceMark Begin(RankActivity activity, int peer = TraceEvent.NoPeer)
    {
        if (Environment.CurrentManagedThreadId != thread || depth == MostNested)
            return new(0, NotRecorded);
        int at = depth++;
        outer[at] = state->Word;
        Say(activity, peer);
        long now = 0;
        if (buffer is not null)
        {
            now = Stopwatch.GetTimestamp();
            Account(now);
            current = activity;
        }
        return new(now, at);
    }

    /// <summary>Ends the span that began at <paramref name="mark"/>, and any inside it that an exception left open.</summary>
    /// <param name="moved">Bytes moved; tasks for a steal.</param>
    public void End(TraceMark mark, RankActivity activity, int peer = TraceEvent.NoPeer, long moved = 0)
    {
        if (mark.Depth == NotRecorded)
            return;
        depth = mark.Depth;
        long around = outer[depth];
        Say(RankState.ActivityOf(around), RankState.PeerOf(around));
        calls[(int)activity]++;
        bytes[(int)activity] += moved;
        if (buffer is null)
            return;
        long now = Stopwatch.GetTimestamp();
        Account(now);
        current = RankState.ActivityOf(around);
        buffer.Add(activity, mark.Ticks, now, peer, moved);
    }

    /// <summary>Counts a message to a rank of the world.</summary>
    public void CountMessage(int to, long length)
    {
        if ((uint)to >= (uint)sentBytes.Length || Environment.CurrentManagedThreadId != thread)
            return;
        sentBytes[to] += length;
        sentMessages[to]++;
    }

    /// <summary>Counts tasks taken from a rank of the world.</summary>
    public void CountSteal(int from, int tasks)
    {
        if ((uint)from >= (uint)tasksFrom.Length)
            return;
        stealsFrom[from]++;
        tasksFrom[from] += tasks;
    }

    /// <summary>Counts work done, in the job's unit: cells updated, as a rule.</summary>
    public void CountWork(long done) => Volatile.Write(ref cells, cells + done);

    /// <summary>Time in an activity so far, without what is nested in it [s]. From any thread.</summary>
    public double Seconds(RankActivity activity) => Volatile.Read(in ticks[(int)activity]) / (double)Stopwatch.Frequency;

    /// <summary>Time in a kind of activity so far [s]. From any thread.</summary>
    public double Seconds(ActivityKind kind)
    {
        double sum = 0;
        for (int activity = 0; activity < Activities.Count; activity++)
            sum += Activities.KindOf((RankActivity)activity) == kind ? Seconds((RankActivity)activity) : 0;
        return sum;
    }

    /// <summary>Steals that brought tasks so far. From any thread.</summary>
    public long Steals => stealsFrom.Sum();

    /// <summary>Calls of an activity so far. From any thread.</summary>
    public long Calls(RankActivity activity) => Volatile.Read(in calls[(int)activity]);

    /// <summary>Bytes moved by an activity so far. From any thread.</summary>
    public long Bytes(RankActivity activity) => Volatile.Read(in bytes[(int)activity]);

    /// <summary>Bytes sent to other ranks so far, by messages between two. From any thread.</summary>
    public long BytesSent => sentBytes.Sum();

    /// <summary>Work done so far. From any thread.</summary>
    public long Work => Volatile.Read(in cells);

    /// <summary>What was recorded until now, in seconds and nanoseconds of the reference clock.</summary>
    /// <param name="host">Where the rank runs.</param>
    /// <param name="clock">From this rank's clock to the reference clock.</param>
    /// <param name="most">Spans to keep: the longest.</param>
    public RankTrace Collect(string host, ClockAlignment clock, int most)
    {
        Account(Stopwatch.GetTimestamp());
        TraceEvent[] kept = buffer?.ToArray() ?? [];
        int dropped = Math.Max(0, kept.Length - most);
        kept = SpanSelection.Longest(kept, most);
        for (int i = 0; i < kept.Length; i++)
            kept[i] = kept[i] with { Begin = clock.ToReference(kept[i].Begin), End = clock.ToReference(kept[i].End) };
        return new()
        {
            Rank = Rank, Host = host, Process = Environment.ProcessId, ClockError = clock.Error, Lost = (buffer?.Lost ?? 0) + dropped, Spans = kept,
            Begin = clock.ToReference(Started), BinWidth = profile is null ? 0 : profile.Width * 1e9 / Stopwatch.Frequency, Profile = ProfileSeconds(),
            Seconds = [.. ticks.Select(t => t / (double)Stopwatch.Frequency)], Calls = [.. calls], Bytes = [.. bytes],
            SentBytes = [.. sentBytes], SentMessages = [.. sentMessages], TasksFrom = [.. tasksFrom], StealsFrom = [.. stealsFrom], Steps = Step, Work = Work,
        };
    }

    /// <summary>Frees the state's memory where it is its own.</summary>
    public void Dispose()
    {
        if (ownsState)
            NativeMemory.AlignedFree(state);
    }

    private void Say(RankActivity activity, int peer) => Volatile.Write(ref state->Word, RankState.Pack(activity, peer, ++changes));

    // The time since the last change belongs to what was on then: so times are without what is nested, and add up to all there is.
    private void Account(long now)
    {
        ticks[(int)current] += now - last;
        profile?.Add(Activities.KindOf(current), last, now);
        last = now;
    }

    private float[] ProfileSeconds()
    {
        float[] seconds = new float[(profile?.Used ?? 0) * TraceProfile.Kinds];
        for (int i = 0; i < seconds.Length; i++)
            seconds[i] = (float)(profile![i / TraceProfile.Kinds, (ActivityKind)(i % TraceProfile.Kinds)] / (double)Stopwatch.Frequency);
        return seconds;
    }
}
