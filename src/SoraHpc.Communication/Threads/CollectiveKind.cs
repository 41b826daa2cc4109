namespace SoraHpc.Communication.Threads;

/// <summary>What a collective call does; the names are those of <see cref="Communicator"/>'s methods.</summary>
internal enum CollectiveKind : byte
{
    Barrier, Broadcast,
    Reduce, Allreduce, Scan, Exscan, ReduceScatter, ReduceScatterv,
    Gather, Gatherv, Scatter, Scatterv, Allgather, Allgatherv, Alltoall, Alltoallv,
    NeighborAllgather, NeighborAlltoall, NeighborAlltoallv,
    Split, Duplicate, CreateCartesian, CreateGraph, AllocateWindow,
}
