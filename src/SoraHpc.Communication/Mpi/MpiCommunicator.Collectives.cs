namespace SoraHpc.Communication.Mpi;

internal sealed unsafe partial class MpiCommunicator
{
    // The side that sends. An empty one gets an address of its own: MPICH takes two null buffers for one buffer used twice.
    private void* Operand(in Payload data) => data.Count > 0 ? data.Address : data.Count == 0 ? (void*)Process.EmptyBuffer : (void*)abi.InPlace;

    private void* Target(in Payload data) => IsInPlace(data) ? (void*)abi.InPlace : data.Address;

    // A side that does not take part, or is in place, has no count of its own.
    private static int Count(in Payload data) => (int)Math.Max(0, data.Count);

    private static int Share(in Payload whole, int parts) => parts == 0 ? 0 : (int)(Math.Max(0, whole.Count) / parts);

    protected override Request BarrierCore(bool start)
    {
        nint comm = Open(nameof(Barrier)), request = 0;
        return !start ? Done(mpi.Barrier(comm), nameof(Barrier)) : Started(mpi.Ibarrier(comm, &request), request, nameof(Barrier));
    }

    protected override Request BroadcastCore(in Payload data, int root, bool start)
    {
        nint comm = Open(nameof(Broadcast)), type = types.Of(data.Type), request = 0;
        if (!start)
            return Done(mpi.Bcast(data.Address, Count(data), type, root, comm), nameof(Broadcast));
        int code = mpi.Ibcast(data.Address, Count(data), type, root, comm, &request);
        return Started(code, request, nameof(Broadcast));
    }

    protected override Request GatherCore(in Payload send, in Payload receive, int root, bool start)
    {
        nint comm = Open(nameof(Gather)), type = types.Of(send.Type), request = 0;
        int share = Rank == root ? Share(receive, Size) : 0;
        if (!start)
            return Done(mpi.Gather(Operand(send), Count(send), type, receive.Address, share, type, root, comm), nameof(Gather));
        int code = mpi.Igather(Operand(send), Count(send), type, receive.Address, share, type, root, comm, &request);
        return Started(code, request, nameof(Gather));
    }

    protected override Request GathervCore(in Payload send, in Payload receive, ReadOnlySpan<int> counts, ReadOnlySpan<int> displacements, int root, bool start)
    {
        nint comm = Open(nameof(Gatherv)), type = types.Of(send.Type), request = 0;
        if (!start)
            fixed (int* c = counts, d = displacements)
                return Done(mpi.Gatherv(Operand(send), Count(send), type, receive.Address, c, d, type, root, comm), nameof(Gatherv));
        int[] kept = requests.KeepCounts(counts, displacements);
        fixed (int* c = kept)
        {
            int code = mpi.Igatherv(Operand(send), Count(send), type, receive.Address, c, c + counts.Length, type, root, comm, &request);
            return Started(code, request, nameof(Gatherv), kept);
        }
    }

    protected override Request ScatterCore(in Payload send, in Payload receive, int root, bool start)
    {
        nint comm = Open(nameof(Scatter)), type = types.Of(receive.Type), request = 0;
        int share = Rank == root ? Share(send, Size) : 0;
        if (!start)
            return Done(mpi.Scatter(Operand(send), share, type, Target(receive), Count(receive), type, root, comm), nameof(Scatter));
        int code = mpi.Iscatter(Operand(send), share, type, Target(receive), Count(receive), type, root, comm, &request);
        return Started(code, request, nameof(Scatter));
    }

    protected override Request ScattervCore(in Payload send, ReadOnlySpan<int> counts, ReadOnlySpan<int> displacements, in Payload receive, int root, bool start)
    {
        nint comm = Open(nameof(Scatterv)), type = types.Of(receive.Type), request = 0;
        if (!start)
            fixed (int* c = counts, d = displacements)
                return Done(mpi.Scatterv(Operand(send), c, d, type, Target(receive), Count(receive), type, root, comm), nameof(Scatterv));
        int[] kept = requests.KeepCounts(counts, displacements);
        fixed (int* c = kept)
        {
            int code = mpi.Iscatterv(Operand(send), c, c + counts.Length, type, Target(receive), Count(receive), type, root, comm, &request);
            return Started(code, request, nameof(Scatterv), kept);
        }
    }

    protected override Request AllgatherCore(in Payload send, in Payload receive, bool start)
    {
        nint comm = Open(nameof(Allgather)), type = types.Of(send.Type), request = 0;
        int share = Share(receive, Size);
        if (!start)
            return Done(mpi.Allgather(Operand(send), Count(send), type, receive.Address, share, type, comm), nameof(Allgather));
        int code = mpi.Iallgather(Operand(send), Count(send), type, receive.Address, share, type, comm, &request);
        return Started(code, request, nameof(Allgather));
    }

    protected override Request AllgathervCore(in Payload send, in Payload receive, ReadOnlySpan<int> counts, ReadOnlySpan<int> displacements, bool start)
    {
        nint comm = Open(nameof(Allgatherv)), type = types.Of(send.Type), request = 0;
        if (!start)
            fixed (int* c = counts, d = displacements)
                return Done(mpi.Allgatherv(Operand(send), Count(send), type, receive.Address, c, d, type, comm), nameof(Allgatherv));
        int[] kept = requests.KeepCounts(counts, displacements);
        fixed (int* c = kept)
        {
            int code = mpi.Iallgatherv(Operand(send), Count(send), type, receive.Address, c, c + counts.Length, type, comm, &request);
            return Started(code, request, nameof(Allgatherv), kept);
        }
    }

    protected override Request AlltoallCore(in Payload send, in Payload receive, bool start)
    {
        nint comm = Open(nameof(Alltoall)), type = types.Of(send.Type), request = 0;
        int share = Share(receive, Size);
        if (!start)
            return Done(mpi.Alltoall(Operand(send), share, type, receive.Address, share, type, comm), nameof(Alltoall));
        int code = mpi.Ialltoall(Operand(send), share, type, receive.Address, share, type, comm, &request);
        return Started(code, request, nameof(Alltoall));
    }

    protected override Request AlltoallvCore(in Payload send, ReadOnlySpan<int> sendCounts, ReadOnlySpan<int> sendDisplacements,
        in Payload receive, ReadOnlySpan<int> receiveCounts, ReadOnlySpan<int> receiveDisplacements, bool start)
    {
        nint comm = Open(nameof(Alltoallv)), type = types.Of(send.Type), request = 0;
        if (!start)
            fixed (int* sc = sendCounts, sd = sendDisplacements, rc = receiveCounts, rd = receiveDisplacements)
                return Done(mpi.Alltoallv(Operand(send), sc, sd, type, receive.Address, rc, rd, type, comm), nameof(Alltoallv));
        int[] kept = requests.KeepCounts(sendCounts, sendDisplacements, receiveCounts, receiveDisplacements);
        fixed (int* sc = kept)
        {
            int* rc = sc + 2 * sendCounts.Length;
            int code = mpi.Ialltoallv(Operand(send), sc, sc + sendCounts.Length, type, receive.Address, rc, rc + receiveCounts.Length, type, comm, &request);
            return Started(code, request, nameof(Alltoallv), kept);
        }
    }
}
