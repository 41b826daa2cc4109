using System.Runtime.CompilerServices;
using SoraHpc.Diagnostics.Tracing;

namespace SoraHpc.Communication;

// Where calls are recorded: between the typed fronts and the transports' cores, once per call. Without a tracer each costs two comparisons.
// Only calls that block have a span: a started one has it where it is waited for. A line reads from left to right: the span begins, the core is
// called, the span ends.
public abstract unsafe partial class Communicator
{
    /// <summary>Records what this rank calls, on all its communicators; null: nothing is recorded. Local. Set it between calls.</summary>
    public Tracer? Tracer
    {
        get => Requests.Tracer;
        set => Requests.Tracer = value;
    }

    /// <summary>The world's number of a rank of this communicator; −1 where it is not in this world. Negative ones, which name no rank, stay as they are. Local.</summary>
    public int ToWorld(int rank) => rank < 0 ? rank : WorldRankOf(rank);

    private protected abstract int WorldRankOf(int rank);

    private static long Bytes(in Payload data) => Math.Max(0, (long)data.Count) * data.Type.Size;

    private Request Barrier(bool start) =>
        Record(start, RankActivity.Barrier).End(BarrierCore(start));

    private Request Broadcast(in Payload data, int root, bool start) =>
        Record(start, RankActivity.Broadcast, data, root).End(BroadcastCore(data, root, start));

    private Request Reduce(in Payload send, in Payload receive, ReduceOperation operation, int root, bool start) =>
        Record(start, RankActivity.Reduce, in (send.Count > receive.Count ? ref send : ref receive), root).End(ReduceCore(send, receive, operation, root, start));

    private Request Allreduce(in Payload send, in Payload receive, ReduceOperation operation, bool start) =>
        Record(start, RankActivity.Allreduce, receive).End(AllreduceCore(send, receive, operation, start));

    private Request Scan(in Payload send, in Payload receive, ReduceOperation operation, bool start) =>
        Record(start, RankActivity.Scan, receive).End(ScanCore(send, receive, operation, start));

    private Request Exscan(in Payload send, in Payload receive, ReduceOperation operation, bool start) =>
        Record(start, RankActivity.Scan, receive).End(ExscanCore(send, receive, operation, start));

    private Request ReduceScatter(in Payload send, in Payload receive, ReduceOperation operation, bool start) =>
        Record(start, RankActivity.ReduceScatter, send).End(ReduceScatterCore(send, receive, operation, start));

    private Request ReduceScatterv(in Payload send, in Payload receive, ReadOnlySpan<int> counts, ReduceOperation operation, bool start) =>
        Record(start, RankActivity.ReduceScatter, send).End(ReduceScattervCore(send, receive, counts, operation, start));

    private Request Gather(in Payload send, in Payload receive, int root, bool start) =>
        Record(start, RankActivity.Gather, send, root).End(GatherCore(send, receive, root, start));

    private Request Gatherv(in Payload send, in Payload receive, ReadOnlySpan<int> counts, ReadOnlySpan<int> displacements, int root, bool start) =>
        Record(start, RankActivity.Gather, send, root).End(GathervCore(send, receive, counts, displacements, root, start));

    private Request Scatter(in Payload send, in Payload receive, int root, bool start) =>
        Record(start, RankActivity.Scatter, receive, root).End(ScatterCore(send, receive, root, start));

    private Request Scatterv(in Payload send, ReadOnlySpan<int> counts, ReadOnlySpan<int> displacements, in Payload receive, int root, bool start) =>
        Record(start, RankActivity.Scatter, receive, root).End(ScattervCore(send, counts, displacements, receive, root, start));

    private Request Allgather(in Payload send, in Payload receive, bool start) =>
        Record(start, RankActivity.Allgather, receive).End(AllgatherCore(send, receive, start));

    private Request Allgatherv(in Payload send, in Payload receive, ReadOnlySpan<int> counts, ReadOnlySpan<int> displacements, bool start) =>
        Record(start, RankActivity.Allgather, receive).End(AllgathervCore(send, receive, counts, displacements, start));

    private Request Alltoall(in Payload send, in Payload receive, bool start) =>
        Record(start, RankActivity.Alltoall, receive).End(AlltoallCore(send, receive, start));

    private Request Alltoallv(in Payload send, ReadOnlySpan<int> sendCounts, ReadOnlySpan<int> sendDisplacements,
        in Payload receive, ReadOnlySpan<int> receiveCounts, ReadOnlySpan<int> receiveDisplacements, bool start) =>
        Record(start, RankActivity.Alltoall, receive).End(AlltoallvCore(send, sendCounts, sendDisplacements, receive, receiveCounts, receiveDisplacements, start));

    private Request NeighborAllgather(in Payload send, in Payload receive, bool start) =>
        Record(start, RankActivity.Neighbors, receive).End(NeighborAllgatherCore(send, receive, start));

    private Request NeighborAlltoall(in Payload send, in Payload receive, bool start) =>
        Record(start, RankActivity.Neighbors, receive).End(NeighborAlltoallCore(send, receive, start));

    private Request NeighborAlltoallv(in Payload send, ReadOnlySpan<int> sendCounts, ReadOnlySpan<int> sendDisplacements,
        in Payload receive, ReadOnlySpan<int> receiveCounts, ReadOnlySpan<int> receiveDisplacements, bool start) =>
        Record(start, RankActivity.Neighbors, receive).End(NeighborAlltoallvCore(send, sendCounts, sendDisplacements, receive, receiveCounts, receiveDisplacements, start));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private RecordedCall Record(bool start, RankActivity activity) =>
        start || Tracer is not { } tracer ? default : new(tracer, activity, TraceEvent.NoPeer, 0);

    /// <param name="moved">What the call moves here.</param>
    /// <param name="root">The rank it is with; negative: all.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private RecordedCall Record(bool start, RankActivity activity, in Payload moved, int root = TraceEvent.NoPeer) =>
        start || Tracer is not { } tracer ? default : new(tracer, activity, ToWorld(root), Bytes(moved));

    /// <summary>A call whose span has begun; without a tracer nothing.</summary>
    private readonly struct RecordedCall(Tracer? tracer, RankActivity activity, int peer, long moved)
    {
        private readonly TraceMark mark = tracer?.Begin(activity, peer) ?? default;

        /// <summary>Ends the span, and hands on what the core returned.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        internal Request End(Request returned)
        {
            tracer?.End(mark, activity, peer, moved);
            return returned;
        }
    }
}
