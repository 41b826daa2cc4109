using SoraHpc.Diagnostics.Tracing;

namespace SoraHpc.Communication;

// Where calls are recorded: between the typed fronts and the transports' cores, once per call. Without a tracer each costs one comparison.
// Only calls that block have a span: a started one has it where it is waited for.
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

    private Request Barrier(bool start)
    {
        if (start || Tracer is not { } tracer)
            return BarrierCore(start);
        TraceMark mark = tracer.Begin(RankActivity.Barrier);
        BarrierCore(start: false);
        tracer.End(mark, RankActivity.Barrier);
        return default;
    }

    private Request Broadcast(in Payload data, int root, bool start)
    {
        if (start || Tracer is not { } tracer)
            return BroadcastCore(data, root, start);
        TraceMark mark = tracer.Begin(RankActivity.Broadcast, ToWorld(root));
        BroadcastCore(data, root, start: false);
        tracer.End(mark, RankActivity.Broadcast, ToWorld(root), Bytes(data));
        return default;
    }

    private Request Reduce(in Payload send, in Payload receive, ReduceOperation operation, int root, bool start)
    {
        if (start || Tracer is not { } tracer)
            return ReduceCore(send, receive, operation, root, start);
        TraceMark mark = tracer.Begin(RankActivity.Reduce, ToWorld(root));
        ReduceCore(send, receive, operation, root, start: false);
        tracer.End(mark, RankActivity.Reduce, ToWorld(root), Math.Max(Bytes(send), Bytes(receive)));
        return default;
    }

    private Request Allreduce(in Payload send, in Payload receive, ReduceOperation operation, bool start)
    {
        if (start || Tracer is not { } tracer)
            return AllreduceCore(send, receive, operation, start);
        TraceMark mark = tracer.Begin(RankActivity.Allreduce);
        AllreduceCore(send, receive, operation, start: false);
        tracer.End(mark, RankActivity.Allreduce, moved: Bytes(receive));
        return default;
    }

    private Request Scan(in Payload send, in Payload receive, ReduceOperation operation, bool start)
    {
        if (start || Tracer is not { } tracer)
            return ScanCore(send, receive, operation, start);
        TraceMark mark = tracer.Begin(RankActivity.Scan);
        ScanCore(send, receive, operation, start: false);
        tracer.End(mark, RankActivity.Scan, moved: Bytes(receive));
        return default;
    }

    private Request Exscan(in Payload send, in Payload receive, ReduceOperation operation, bool start)
    {
        if (start || Tracer is not { } tracer)
            return ExscanCore(send, receive, operation, start);
        TraceMark mark = tracer.Begin(RankActivity.Scan);
        ExscanCore(send, receive, operation, start: false);
        tracer.End(mark, RankActivity.Scan, moved: Bytes(receive));
        return default;
    }

    private Request ReduceScatter(in Payload send, in Payload receive, ReduceOperation operation, bool start)
    {
        if (start || Tracer is not { } tracer)
            return ReduceScatterCore(send, receive, operation, start);
        TraceMark mark = tracer.Begin(RankActivity.ReduceScatter);
        ReduceScatterCore(send, receive, operation, start: false);
        tracer.End(mark, RankActivity.ReduceScatter, moved: Bytes(send));
        return default;
    }

    private Request ReduceScatterv(in Payload send, in Payload receive, ReadOnlySpan<int> counts, ReduceOperation operation, bool start)
    {
        if (start || Tracer is not { } tracer)
            return ReduceScattervCore(send, receive, counts, operation, start);
        TraceMark mark = tracer.Begin(RankActivity.ReduceScatter);
        ReduceScattervCore(send, receive, counts, operation, start: false);
        tracer.End(mark, RankActivity.ReduceScatter, moved: Bytes(send));
        return default;
    }

    private Request Gather(in Payload send, in Payload receive, int root, bool start)
    {
        if (start || Tracer is not { } tracer)
            return GatherCore(send, receive, root, start);
        TraceMark mark = tracer.Begin(RankActivity.Gather, ToWorld(root));
        GatherCore(send, receive, root, start: false);
        tracer.End(mark, RankActivity.Gather, ToWorld(root), Bytes(send));
        return default;
    }

    private Request Gatherv(in Payload send, in Payload receive, ReadOnlySpan<int> counts, ReadOnlySpan<int> displacements, int root, bool start)
    {
        if (start || Tracer is not { } tracer)
            return GathervCore(send, receive, counts, displacements, root, start);
        TraceMark mark = tracer.Begin(RankActivity.Gather, ToWorld(root));
        GathervCore(send, receive, counts, displacements, root, start: false);
        tracer.End(mark, RankActivity.Gather, ToWorld(root), Bytes(send));
        return default;
    }

    private Request Scatter(in Payload send, in Payload receive, int root, bool start)
    {
        if (start || Tracer is not { } tracer)
            return ScatterCore(send, receive, root, start);
        TraceMark mark = tracer.Begin(RankActivity.Scatter, ToWorld(root));
        ScatterCore(send, receive, root, start: false);
        tracer.End(mark, RankActivity.Scatter, ToWorld(root), Bytes(receive));
        return default;
    }

    private Request Scatterv(in Payload send, ReadOnlySpan<int> counts, ReadOnlySpan<int> displacements, in Payload receive, int root, bool start)
    {
        if (start || Tracer is not { } tracer)
            return ScattervCore(send, counts, displacements, receive, root, start);
        TraceMark mark = tracer.Begin(RankActivity.Scatter, ToWorld(root));
        ScattervCore(send, counts, displacements, receive, root, start: false);
        tracer.End(mark, RankActivity.Scatter, ToWorld(root), Bytes(receive));
        return default;
    }

    private Request Allgather(in Payload send, in Payload receive, bool start)
    {
        if (start || Tracer is not { } tracer)
            return AllgatherCore(send, receive, start);
        TraceMark mark = tracer.Begin(RankActivity.Allgather);
        AllgatherCore(send, receive, start: false);
        tracer.End(mark, RankActivity.Allgather, moved: Bytes(receive));
        return default;
    }

    private Request Allgatherv(in Payload send, in Payload receive, ReadOnlySpan<int> counts, ReadOnlySpan<int> displacements, bool start)
    {
        if (start || Tracer is not { } tracer)
            return AllgathervCore(send, receive, counts, displacements, start);
        TraceMark mark = tracer.Begin(RankActivity.Allgather);
        AllgathervCore(send, receive, counts, displacements, start: false);
        tracer.End(mark, RankActivity.Allgather, moved: Bytes(receive));
        return default;
    }

    private Request Alltoall(in Payload send, in Payload receive, bool start)
    {
        if (start || Tracer is not { } tracer)
            return AlltoallCore(send, receive, start);
        TraceMark mark = tracer.Begin(RankActivity.Alltoall);
        AlltoallCore(send, receive, start: false);
        tracer.End(mark, RankActivity.Alltoall, moved: Bytes(receive));
        return default;
    }

    private Request Alltoallv(in Payload send, ReadOnlySpan<int> sendCounts, ReadOnlySpan<int> sendDisplacements,
        in Payload receive, ReadOnlySpan<int> receiveCounts, ReadOnlySpan<int> receiveDisplacements, bool start)
    {
        if (start || Tracer is not { } tracer)
            return AlltoallvCore(send, sendCounts, sendDisplacements, receive, receiveCounts, receiveDisplacements, start);
        TraceMark mark = tracer.Begin(RankActivity.Alltoall);
        AlltoallvCore(send, sendCounts, sendDisplacements, receive, receiveCounts, receiveDisplacements, start: false);
        tracer.End(mark, RankActivity.Alltoall, moved: Bytes(receive));
        return default;
    }

    private Request NeighborAllgather(in Payload send, in Payload receive, bool start)
    {
        if (start || Tracer is not { } tracer)
            return NeighborAllgatherCore(send, receive, start);
        TraceMark mark = tracer.Begin(RankActivity.Neighbors);
        NeighborAllgatherCore(send, receive, start: false);
        tracer.End(mark, RankActivity.Neighbors, moved: Bytes(receive));
        return default;
    }

    private Request NeighborAlltoall(in Payload send, in Payload receive, bool start)
    {
        if (start || Tracer is not { } tracer)
            return NeighborAlltoallCore(send, receive, start);
        TraceMark mark = tracer.Begin(RankActivity.Neighbors);
        NeighborAlltoallCore(send, receive, start: false);
        tracer.End(mark, RankActivity.Neighbors, moved: Bytes(receive));
        return default;
    }

    private Request NeighborAlltoallv(in Payload send, ReadOnlySpan<int> sendCounts, ReadOnlySpan<int> sendDisplacements,
        in Payload receive, ReadOnlySpan<int> receiveCounts, ReadOnlySpan<int> receiveDisplacements, bool start)
    {
        if (start || Tracer is not { } tracer)
            return NeighborAlltoallvCore(send, sendCounts, sendDisplacements, receive, receiveCounts, receiveDisplacements, start);
        TraceMark mark = tracer.Begin(RankActivity.Neighbors);
        NeighborAlltoallvCore(send, sendCounts, sendDisplacements, receive, receiveCounts, receiveDisplacements, start: false);
        tracer.End(mark, RankActivity.Neighbors, moved: Bytes(receive));
        return default;
    }
}
