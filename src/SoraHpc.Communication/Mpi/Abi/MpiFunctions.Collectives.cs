// send, receive, count, datatype, operation, communicator
using unsafe ReduceCall = delegate* unmanaged[Cdecl]<void*, void*, int, nint, nint, nint, int>;
using unsafe StartReduceCall = delegate* unmanaged[Cdecl]<void*, void*, int, nint, nint, nint, nint*, int>;
// send, count, datatype, receive, count, datatype, communicator
using unsafe ExchangeCall = delegate* unmanaged[Cdecl]<void*, int, nint, void*, int, nint, nint, int>;
using unsafe StartExchangeCall = delegate* unmanaged[Cdecl]<void*, int, nint, void*, int, nint, nint, nint*, int>;
// … with counts and displacements on both sides
using unsafe ExchangeVCall = delegate* unmanaged[Cdecl]<void*, int*, int*, nint, void*, int*, int*, nint, nint, int>;
using unsafe StartExchangeVCall = delegate* unmanaged[Cdecl]<void*, int*, int*, nint, void*, int*, int*, nint, nint, nint*, int>;
// send, count, datatype, receive, count, datatype, root, communicator
using unsafe RootedCall = delegate* unmanaged[Cdecl]<void*, int, nint, void*, int, nint, int, nint, int>;
using unsafe StartRootedCall = delegate* unmanaged[Cdecl]<void*, int, nint, void*, int, nint, int, nint, nint*, int>;

namespace SoraHpc.Communication.Mpi.Abi;

internal sealed unsafe partial class MpiFunctions
{
    internal readonly delegate* unmanaged[Cdecl]<nint, int> Barrier = (delegate* unmanaged[Cdecl]<nint, int>)symbols.Required("MPI_Barrier");
    internal readonly delegate* unmanaged[Cdecl]<void*, int, nint, int, nint, int> Bcast =
        (delegate* unmanaged[Cdecl]<void*, int, nint, int, nint, int>)symbols.Required("MPI_Bcast");
    internal readonly RootedCall Gather = (RootedCall)symbols.Required("MPI_Gather");
    internal readonly delegate* unmanaged[Cdecl]<void*, int, nint, void*, int*, int*, nint, int, nint, int> Gatherv =
        (delegate* unmanaged[Cdecl]<void*, int, nint, void*, int*, int*, nint, int, nint, int>)symbols.Required("MPI_Gatherv");
    internal readonly RootedCall Scatter = (RootedCall)symbols.Required("MPI_Scatter");
    internal readonly delegate* unmanaged[Cdecl]<void*, int*, int*, nint, void*, int, nint, int, nint, int> Scatterv =
        (delegate* unmanaged[Cdecl]<void*, int*, int*, nint, void*, int, nint, int, nint, int>)symbols.Required("MPI_Scatterv");
    internal readonly ExchangeCall Allgather = (ExchangeCall)symbols.Required("MPI_Allgather");
    internal readonly delegate* unmanaged[Cdecl]<void*, int, nint, void*, int*, int*, nint, nint, int> Allgatherv =
        (delegate* unmanaged[Cdecl]<void*, int, nint, void*, int*, int*, nint, nint, int>)symbols.Required("MPI_Allgatherv");
    internal readonly ExchangeCall Alltoall = (ExchangeCall)symbols.Required("MPI_Alltoall");
    internal readonly ExchangeVCall Alltoallv = (ExchangeVCall)symbols.Required("MPI_Alltoallv");
    internal readonly delegate* unmanaged[Cdecl]<void*, void*, int, nint, nint, int, nint, int> Reduce =
        (delegate* unmanaged[Cdecl]<void*, void*, int, nint, nint, int, nint, int>)symbols.Required("MPI_Reduce");
    internal readonly ReduceCall Allreduce = (ReduceCall)symbols.Required("MPI_Allreduce");
    internal readonly ReduceCall ReduceScatterBlock = (ReduceCall)symbols.Required("MPI_Reduce_scatter_block");
    internal readonly delegate* unmanaged[Cdecl]<void*, void*, int*, nint, nint, nint, int> ReduceScatter =
        (delegate* unmanaged[Cdecl]<void*, void*, int*, nint, nint, nint, int>)symbols.Required("MPI_Reduce_scatter");
    internal readonly ReduceCall Scan = (ReduceCall)symbols.Required("MPI_Scan");
    internal readonly ReduceCall Exscan = (ReduceCall)symbols.Required("MPI_Exscan");

    internal readonly delegate* unmanaged[Cdecl]<nint, nint*, int> Ibarrier =
        (delegate* unmanaged[Cdecl]<nint, nint*, int>)symbols.Required("MPI_Ibarrier");
    internal readonly delegate* unmanaged[Cdecl]<void*, int, nint, int, nint, nint*, int> Ibcast =
        (delegate* unmanaged[Cdecl]<void*, int, nint, int, nint, nint*, int>)symbols.Required("MPI_Ibcast");
    internal readonly StartRootedCall Igather = (StartRootedCall)symbols.Required("MPI_Igather");
    internal readonly delegate* unmanaged[Cdecl]<void*, int, nint, void*, int*, int*, nint, int, nint, nint*, int> Igatherv =
        (delegate* unmanaged[Cdecl]<void*, int, nint, void*, int*, int*, nint, int, nint, nint*, int>)symbols.Required("MPI_Igatherv");
    internal readonly StartRootedCall Iscatter = (StartRootedCall)symbols.Required("MPI_Iscatter");
    internal readonly delegate* unmanaged[Cdecl]<void*, int*, int*, nint, void*, int, nint, int, nint, nint*, int> Iscatterv =
        (delegate* unmanaged[Cdecl]<void*, int*, int*, nint, void*, int, nint, int, nint, nint*, int>)symbols.Required("MPI_Iscatterv");
    internal readonly StartExchangeCall Iallgather = (StartExchangeCall)symbols.Required("MPI_Iallgather");
    internal readonly delegate* unmanaged[Cdecl]<void*, int, nint, void*, int*, int*, nint, nint, nint*, int> Iallgatherv =
        (delegate* unmanaged[Cdecl]<void*, int, nint, void*, int*, int*, nint, nint, nint*, int>)symbols.Required("MPI_Iallgatherv");
    internal readonly StartExchangeCall Ialltoall = (StartExchangeCall)symbols.Required("MPI_Ialltoall");
    internal readonly StartExchangeVCall Ialltoallv = (StartExchangeVCall)symbols.Required("MPI_Ialltoallv");
    internal readonly delegate* unmanaged[Cdecl]<void*, void*, int, nint, nint, int, nint, nint*, int> Ireduce =
        (delegate* unmanaged[Cdecl]<void*, void*, int, nint, nint, int, nint, nint*, int>)symbols.Required("MPI_Ireduce");
    internal readonly StartReduceCall Iallreduce = (StartReduceCall)symbols.Required("MPI_Iallreduce");
    internal readonly StartReduceCall IreduceScatterBlock = (StartReduceCall)symbols.Required("MPI_Ireduce_scatter_block");
    internal readonly delegate* unmanaged[Cdecl]<void*, void*, int*, nint, nint, nint, nint*, int> IreduceScatter =
        (delegate* unmanaged[Cdecl]<void*, void*, int*, nint, nint, nint, nint*, int>)symbols.Required("MPI_Ireduce_scatter");
    internal readonly StartReduceCall Iscan = (StartReduceCall)symbols.Required("MPI_Iscan");
    internal readonly StartReduceCall Iexscan = (StartReduceCall)symbols.Required("MPI_Iexscan");

    internal readonly ExchangeCall NeighborAllgather = (ExchangeCall)symbols.Required("MPI_Neighbor_allgather");
    internal readonly ExchangeCall NeighborAlltoall = (ExchangeCall)symbols.Required("MPI_Neighbor_alltoall");
    internal readonly ExchangeVCall NeighborAlltoallv = (ExchangeVCall)symbols.Required("MPI_Neighbor_alltoallv");
    internal readonly StartExchangeCall IneighborAllgather = (StartExchangeCall)symbols.Required("MPI_Ineighbor_allgather");
    internal readonly StartExchangeCall IneighborAlltoall = (StartExchangeCall)symbols.Required("MPI_Ineighbor_alltoall");
    internal readonly StartExchangeVCall IneighborAlltoallv = (StartExchangeVCall)symbols.Required("MPI_Ineighbor_alltoallv");
}
