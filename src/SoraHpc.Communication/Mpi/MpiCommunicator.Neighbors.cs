namespace SoraHpc.Communication.Mpi;

internal sealed unsafe partial class MpiCommunicator
{
    protected override Request NeighborAllgatherCore(in Payload send, in Payload receive, bool start)
    {
        nint comm = Open(nameof(NeighborAllgather)), type = types.Of(send.Type), request = 0;
        int share = Share(receive, Topology!.Sources.Count);
        if (!start)
            return Done(mpi.NeighborAllgather(send.Address, Count(send), type, receive.Address, share, type, comm), nameof(NeighborAllgather));
        int code = mpi.IneighborAllgather(send.Address, Count(send), type, receive.Address, share, type, comm, &request);
        return Started(code, request, nameof(NeighborAllgather));
    }

    protected override Request NeighborAlltoallCore(in Payload send, in Payload receive, bool start)
    {
        nint comm = Open(nameof(NeighborAlltoall)), type = types.Of(send.Type), request = 0;
        int outgoing = Share(send, Topology!.Destinations.Count), incoming = Share(receive, Topology.Sources.Count);
        if (!start)
            return Done(mpi.NeighborAlltoall(send.Address, outgoing, type, receive.Address, incoming, type, comm), nameof(NeighborAlltoall));
        int code = mpi.IneighborAlltoall(send.Address, outgoing, type, receive.Address, incoming, type, comm, &request);
        return Started(code, request, nameof(NeighborAlltoall));
    }

    protected override Request NeighborAlltoallvCore(in Payload send, ReadOnlySpan<int> sendCounts, ReadOnlySpan<int> sendDisplacements,
        in Payload receive, ReadOnlySpan<int> receiveCounts, ReadOnlySpan<int> receiveDisplacements, bool start)
    {
        nint comm = Open(nameof(NeighborAlltoallv)), type = types.Of(send.Type), request = 0;
        if (!start)
            fixed (int* sc = sendCounts, sd = sendDisplacements, rc = receiveCounts, rd = receiveDisplacements)
                return Done(mpi.NeighborAlltoallv(send.Address, sc, sd, type, receive.Address, rc, rd, type, comm), nameof(NeighborAlltoallv));
        int[] kept = requests.KeepCounts(sendCounts, sendDisplacements, receiveCounts, receiveDisplacements);
        fixed (int* sc = kept)
        {
            int* rc = sc + 2 * sendCounts.Length;
            int code = mpi.IneighborAlltoallv(send.Address, sc, sc + sendCounts.Length, type,
                receive.Address, rc, rc + receiveCounts.Length, type, comm, &request);
            return Started(code, request, nameof(NeighborAlltoallv), kept);
        }
    }
}
