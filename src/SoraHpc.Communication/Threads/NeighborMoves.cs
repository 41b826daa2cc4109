namespace SoraHpc.Communication.Threads;

/// <summary>The neighbourhood collectives: block by block along the edges of the topology.</summary>
internal static class NeighborMoves
{
    internal static void Do(Meeting meeting, int receiver)
    {
        CollectiveCall to = meeting.CallOf(receiver);
        Topology topology = to.Topology!;
        for (int j = 0; j < topology.Sources.Count; j++)
        {
            int source = topology.Sources[j];
            if (source == Communicator.ProcessNull)
                continue;
            CollectiveCall from = meeting.CallOf(source);
            BlockMoves.Copy(meeting, from, Sent(from, PartnerOf(topology, j, receiver, from.Topology!)), to, Received(to, j));
        }
    }

    /// <summary>Which of the sender's destinations is the other end of this edge.</summary>
    /// <remarks>On a grid what goes in the + direction comes from the − direction, also where a period of one or two ranks makes both
    /// neighbours the same rank (MPI 4.0, section 8.6). On a graph the n-th edge between two ranks is the n-th in both lists.</remarks>
    private static int PartnerOf(Topology receiving, int j, int receiver, Topology sending)
    {
        if (receiving is CartesianTopology)
            return j ^ 1;
        int nth = 0;
        for (int before = 0; before < j; before++)
            nth += receiving.Sources[before] == receiving.Sources[j] ? 1 : 0;
        for (int i = 0; i < sending.Destinations.Count; i++)
            if (sending.Destinations[i] == receiver && nth-- == 0)
                return i;
        throw new CommunicationException($"no edge leads to rank {receiver}", nameof(Communicator.CreateGraph), -1, ErrorClass.Topology);
    }

    private static Payload Sent(CollectiveCall from, int i)
    {
        if (from.Kind == CollectiveKind.NeighborAllgather)
            return from.Send;
        if (from.Kind == CollectiveKind.NeighborAlltoallv)
            return BlockMoves.Block(from.Send, from.SendDisplacements[i], from.SendCounts[i]);
        nint length = from.Send.Count / from.Topology!.Destinations.Count;
        return BlockMoves.Block(from.Send, i * length, length);
    }

    private static Payload Received(CollectiveCall to, int j)
    {
        if (to.Kind == CollectiveKind.NeighborAlltoallv)
            return BlockMoves.Block(to.Receive, to.ReceiveDisplacements[j], to.ReceiveCounts[j]);
        nint length = to.Receive.Count / to.Topology!.Sources.Count;
        return BlockMoves.Block(to.Receive, j * length, length);
    }
}
