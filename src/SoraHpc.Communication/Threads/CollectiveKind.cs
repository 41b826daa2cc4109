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

internal static class CollectiveNames
{
    private static readonly string[] Names = Enum.GetNames<CollectiveKind>();

    /// <summary>As <c>ToString</c>, which would allocate.</summary>
    internal static string Name(this CollectiveKind kind) => Names[(int)kind];
}
