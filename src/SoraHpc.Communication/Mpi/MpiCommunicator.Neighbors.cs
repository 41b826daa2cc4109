namespace SoraHpc.Communication.Mpi;

internal sealed unsafe partial class MpiCommunicator
{
    // A rank without sources still names a block's length, for which MPICH wants an address, and not the empty send buffer's.
    private void* Incoming(in Payload receive) => receive.Count > 0 ? receive.Address : (void*)(Process.EmptyBuffer + sizeof(double));

    protected override Request NeighborAllgatherCore(in Payload send, in Payload receive, bool start)
    {
        nint comm = Open(nameof(NeighborAllgather)), type = types.Of(send.Type), request = 0;
        int share = Count(send);                        // even without sources: Open MPI sends nothing when this is 0
        if (!start)
            return Done(mpi.NeighborAllgather(Operand(send), Count(send), type, Incoming(receive), share, type, comm), nameof(NeighborAllgather));
        int code = mpi.IneighborAllgather(Operand(send), Count(send), type, Incoming(receive), share, type, comm, &request);
        return Started(code, request, nameof(NeighborAllgather));
    }

    protected override Request NeighborAlltoallCore(in Payload send, in Payload receive, bool start)
    {
        nint comm = Open(nameof(NeighborAlltoall)), type = types.Of(send.Type), request = 0;
        // One length everywhere; a rank with neighbours on one side only takes it from there.
        int share = Math.Max(Share(send, Topology!.Destinations.Count), Share(receive, Topology.Sources.Count));
        if (neighborhood is not null)
            return EqualBlocks(send, receive, share, start);
        if (!start)
            return Done(mpi.NeighborAlltoall(Operand(send), share, type, Incoming(receive), share, type, comm), nameof(NeighborAlltoall));
        int code = mpi.IneighborAlltoall(Operand(send), share, type, Incoming(receive), share, type, comm, &request);
        return Started(code, request, nameof(NeighborAlltoall));
    }

    protected override Request NeighborAlltoallvCore(in Payload send, ReadOnlySpan<int> sendCounts, ReadOnlySpan<int> sendDisplacements,
        in Payload receive, ReadOnlySpan<int> receiveCounts, ReadOnlySpan<int> receiveDisplacements, bool start)
    {
        nint comm = Open(nameof(NeighborAlltoallv));
        if (neighborhood is not null)
        {
            Span<int> sent = stackalloc int[sendCounts.Length], sentAt = stackalloc int[sendCounts.Length];
            Span<int> received = stackalloc int[receiveCounts.Length], receivedAt = stackalloc int[receiveCounts.Length];
            neighborhood.OrderDestinations(sendCounts, sent);
            neighborhood.OrderDestinations(sendDisplacements, sentAt);
            neighborhood.OrderSources(receiveCounts, received);
            neighborhood.OrderSources(receiveDisplacements, receivedAt);
            return NeighborExchange(neighborhood.Handle, send, sent[..neighborhood.Destinations], sentAt[..neighborhood.Destinations],
                receive, received[..neighborhood.Sources], receivedAt[..neighborhood.Sources], start);
        }
        return NeighborExchange(comm, send, sendCounts, sendDisplacements, receive, receiveCounts, receiveDisplacements, start);
    }

    private Request EqualBlocks(in Payload send, in Payload receive, int share, bool start)
    {
        int sides = Topology!.Sources.Count;
        Span<int> counts = stackalloc int[sides], displacements = stackalloc int[sides];
        counts.Fill(share);
        for (int i = 0; i < sides; i++)
            displacements[i] = i * share;
        return NeighborAlltoallvCore(send, counts, displacements, receive, counts, displacements, start);
    }

    private Request NeighborExchange(nint comm, in Payload send, ReadOnlySpan<int> sendCounts, ReadOnlySpan<int> sendDisplacements,
        in Payload receive, ReadOnlySpan<int> receiveCounts, ReadOnlySpan<int> receiveDisplacements, bool start)
    {
        nint type = types.Of(send.Type), request = 0;
        if (!start)
            fixed (int* sc = sendCounts, sd = sendDisplacements, rc = receiveCounts, rd = receiveDisplacements)
                return Done(mpi.NeighborAlltoallv(Operand(send), sc, sd, type, Incoming(receive), rc, rd, type, comm), nameof(NeighborAlltoallv));
        int[] kept = requests.KeepCounts(sendCounts, sendDisplacements, receiveCounts, receiveDisplacements);
        fixed (int* sc = kept)
        {
            int* rc = sc + 2 * sendCounts.Length;
            int code = mpi.IneighborAlltoallv(Operand(send), sc, sc + sendCounts.Length, type,
                Incoming(receive), rc, rc + receiveCounts.Length, type, comm, &request);
            return Started(code, request, nameof(NeighborAlltoallv), kept);
        }
    }
}
