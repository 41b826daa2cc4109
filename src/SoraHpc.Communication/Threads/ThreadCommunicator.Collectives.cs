namespace SoraHpc.Communication.Threads;

internal sealed partial class ThreadCommunicator
{
    protected override Request BarrierCore(bool start) => Meet(Called(CollectiveKind.Barrier, -1), start);

    protected override Request BroadcastCore(in Payload data, int root, bool start) =>
        Meet(Called(CollectiveKind.Broadcast, data.Count, data, data, root), start);

    protected override Request ReduceCore(in Payload send, in Payload receive, ReduceOperation operation, int root, bool start) =>
        Meet(Combining(CollectiveKind.Reduce, IsInPlace(send) ? receive.Count : send.Count, send, receive, operation, root), start);

    protected override Request AllreduceCore(in Payload send, in Payload receive, ReduceOperation operation, bool start) =>
        Meet(Combining(CollectiveKind.Allreduce, receive.Count, send, receive, operation), start);

    protected override Request ScanCore(in Payload send, in Payload receive, ReduceOperation operation, bool start) =>
        Meet(Combining(CollectiveKind.Scan, receive.Count, send, receive, operation), start);

    protected override Request ExscanCore(in Payload send, in Payload receive, ReduceOperation operation, bool start) =>
        Meet(Combining(CollectiveKind.Exscan, receive.Count, send, receive, operation), start);

    protected override Request ReduceScatterCore(in Payload send, in Payload receive, ReduceOperation operation, bool start) =>
        Meet(Combining(CollectiveKind.ReduceScatter, receive.Count, send, receive, operation), start);

    protected override Request ReduceScattervCore(in Payload send, in Payload receive, ReadOnlySpan<int> counts, ReduceOperation operation, bool start)
    {
        CollectiveCall call = Combining(CollectiveKind.ReduceScatterv, send.Count, send, receive, operation);
        call.ReceiveCounts.Set(counts);
        return Meet(call, start);
    }

    protected override Request GatherCore(in Payload send, in Payload receive, int root, bool start) =>
        Meet(Called(CollectiveKind.Gather, IsInPlace(send) ? receive.Count / Size : send.Count, send, receive, root), start);

    protected override Request GathervCore(in Payload send, in Payload receive, ReadOnlySpan<int> counts, ReadOnlySpan<int> displacements, int root, bool start)
    {
        CollectiveCall call = Called(CollectiveKind.Gatherv, -1, send, receive, root);
        call.ReceiveCounts.Set(counts);
        call.ReceiveDisplacements.Set(displacements);
        return Meet(call, start);
    }

    protected override Request ScatterCore(in Payload send, in Payload receive, int root, bool start) =>
        Meet(Called(CollectiveKind.Scatter, IsInPlace(receive) ? send.Count / Size : receive.Count, send, receive, root), start);

    protected override Request ScattervCore(in Payload send, ReadOnlySpan<int> counts, ReadOnlySpan<int> displacements, in Payload receive, int root, bool start)
    {
        CollectiveCall call = Called(CollectiveKind.Scatterv, -1, send, receive, root);
        call.SendCounts.Set(counts);
        call.SendDisplacements.Set(displacements);
        return Meet(call, start);
    }

    protected override Request AllgatherCore(in Payload send, in Payload receive, bool start) =>
        Meet(Called(CollectiveKind.Allgather, receive.Count / Size, send, receive), start);

    protected override Request AllgathervCore(in Payload send, in Payload receive, ReadOnlySpan<int> counts, ReadOnlySpan<int> displacements, bool start)
    {
        CollectiveCall call = Called(CollectiveKind.Allgatherv, -1, send, receive);
        call.ReceiveCounts.Set(counts);
        call.ReceiveDisplacements.Set(displacements);
        return Meet(call, start);
    }

    protected override Request AlltoallCore(in Payload send, in Payload receive, bool start) =>
        Meet(Called(CollectiveKind.Alltoall, receive.Count / Size, send, receive), start);

    protected override Request AlltoallvCore(in Payload send, ReadOnlySpan<int> sendCounts, ReadOnlySpan<int> sendDisplacements,
        in Payload receive, ReadOnlySpan<int> receiveCounts, ReadOnlySpan<int> receiveDisplacements, bool start) =>
        Meet(Counted(CollectiveKind.Alltoallv, send, sendCounts, sendDisplacements, receive, receiveCounts, receiveDisplacements), start);

    protected override Request NeighborAllgatherCore(in Payload send, in Payload receive, bool start) =>
        Meet(Called(CollectiveKind.NeighborAllgather, -1, send, receive), start);

    protected override Request NeighborAlltoallCore(in Payload send, in Payload receive, bool start) =>
        Meet(Called(CollectiveKind.NeighborAlltoall, -1, send, receive), start);

    protected override Request NeighborAlltoallvCore(in Payload send, ReadOnlySpan<int> sendCounts, ReadOnlySpan<int> sendDisplacements,
        in Payload receive, ReadOnlySpan<int> receiveCounts, ReadOnlySpan<int> receiveDisplacements, bool start) =>
        Meet(Counted(CollectiveKind.NeighborAlltoallv, send, sendCounts, sendDisplacements, receive, receiveCounts, receiveDisplacements), start);

    private CollectiveCall Called(CollectiveKind kind, nint length, in Payload send = default, in Payload receive = default, int root = -1)
    {
        Enter(kind.Name());
        CollectiveCall call = self.RentCall().As(group, Rank, kind, length, root);
        (call.Send, call.Receive, call.Topology) = (send, receive, Topology);
        return call;
    }

    private CollectiveCall Combining(CollectiveKind kind, nint length, in Payload send, in Payload receive, ReduceOperation operation, int root = -1)
    {
        CollectiveCall call = Called(kind, length, send, receive, root);
        call.Operation = operation;
        return call;
    }

    private CollectiveCall Counted(CollectiveKind kind, in Payload send, ReadOnlySpan<int> sendCounts, ReadOnlySpan<int> sendDisplacements,
        in Payload receive, ReadOnlySpan<int> receiveCounts, ReadOnlySpan<int> receiveDisplacements)
    {
        CollectiveCall call = Called(kind, -1, send, receive);
        call.SendCounts.Set(sendCounts);
        call.SendDisplacements.Set(sendDisplacements);
        call.ReceiveCounts.Set(receiveCounts);
        call.ReceiveDisplacements.Set(receiveDisplacements);
        return call;
    }

    private Request Meet(CollectiveCall call, bool start)
    {
        group.Board.Arrive(call, collectives++);
        if (start)
            return self.Requests.Started(call);
        call.Wait();
        call.Finish();
        return default;
    }
}
