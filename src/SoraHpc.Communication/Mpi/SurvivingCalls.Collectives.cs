using System.Runtime.InteropServices;

namespace SoraHpc.Communication.Mpi;

internal sealed unsafe partial class SurvivingCalls
{
    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int BarrierCall(nint comm);
    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int BroadcastCall(void* data, int count, nint type, int root, nint comm);
    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int ExchangeCall(void* send, int sendCount, nint sendType, void* receive, int receiveCount, nint receiveType, nint comm);
    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int ExchangeVCall(void* send, int* sendCounts, int* sendAt, nint sendType, void* receive, int* receiveCounts, int* receiveAt, nint receiveType, nint comm);
    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int AllgathervCall(void* send, int count, nint type, void* receive, int* counts, int* at, nint receiveType, nint comm);
    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int RootedCall(void* send, int sendCount, nint sendType, void* receive, int receiveCount, nint receiveType, int root, nint comm);
    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int GathervCall(void* send, int count, nint type, void* receive, int* counts, int* at, nint receiveType, int root, nint comm);
    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int ScattervCall(void* send, int* counts, int* at, nint type, void* receive, int count, nint receiveType, int root, nint comm);
    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int ReduceCall(void* send, void* receive, int count, nint type, nint operation, nint comm);
    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int RootedReduceCall(void* send, void* receive, int count, nint type, nint operation, int root, nint comm);
    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int ReduceScatterCall(void* send, void* receive, int* counts, nint type, nint operation, nint comm);


    private void ReplaceCollectives()
    {
        Replace("MPI_Barrier", new BarrierCall(Meet));
        Replace("MPI_Bcast", new BroadcastCall((data, count, type, root, comm) =>
        {
            nint request = 0;
            int code = IsBroken ? RankFailed : mpi.Ibcast(data, count, type, root, comm, &request);
            return Complete(code, request);
        }));
        ReplaceExchanges();
        ReplaceRooted();
        ReplaceReductions();
    }

    private void ReplaceExchanges()
    {
        Exchange("MPI_Allgather", mpi.Iallgather);
        Exchange("MPI_Alltoall", mpi.Ialltoall);
        Exchange("MPI_Neighbor_allgather", mpi.IneighborAllgather);
        Exchange("MPI_Neighbor_alltoall", mpi.IneighborAlltoall);
        ExchangeV("MPI_Alltoallv", mpi.Ialltoallv);
        ExchangeV("MPI_Neighbor_alltoallv", mpi.IneighborAlltoallv);
        Replace("MPI_Allgatherv", new AllgathervCall((send, count, type, receive, counts, at, receiveType, comm) =>
        {
            nint request = 0;
            int code = IsBroken ? RankFailed : mpi.Iallgatherv(send, count, type, receive, counts, at, receiveType, comm, &request);
            return Complete(code, request);
        }));
    }

    private void Exchange(string name, delegate* unmanaged[Cdecl]<void*, int, nint, void*, int, nint, nint, nint*, int> start) =>
        Replace(name, new ExchangeCall((send, sendCount, sendType, receive, receiveCount, receiveType, comm) =>
        {
            nint request = 0;
            int code = IsBroken ? RankFailed : start(send, sendCount, sendType, receive, receiveCount, receiveType, comm, &request);
            return Complete(code, request);
        }));

    private void ExchangeV(string name, delegate* unmanaged[Cdecl]<void*, int*, int*, nint, void*, int*, int*, nint, nint, nint*, int> start) =>
        Replace(name, new ExchangeVCall((send, sendCounts, sendAt, sendType, receive, receiveCounts, receiveAt, receiveType, comm) =>
        {
            nint request = 0;
            int code = IsBroken ? RankFailed : start(send, sendCounts, sendAt, sendType, receive, receiveCounts, receiveAt, receiveType, comm, &request);
            return Complete(code, request);
        }));

    private void ReplaceRooted()
    {
        Rooted("MPI_Gather", mpi.Igather);
        Rooted("MPI_Scatter", mpi.Iscatter);
        Replace("MPI_Gatherv", new GathervCall((send, count, type, receive, counts, at, receiveType, root, comm) =>
        {
            nint request = 0;
            int code = IsBroken ? RankFailed : mpi.Igatherv(send, count, type, receive, counts, at, receiveType, root, comm, &request);
            return Complete(code, request);
        }));
        Replace("MPI_Scatterv", new ScattervCall((send, counts, at, type, receive, count, receiveType, root, comm) =>
        {
            nint request = 0;
            int code = IsBroken ? RankFailed : mpi.Iscatterv(send, counts, at, type, receive, count, receiveType, root, comm, &request);
            return Complete(code, request);
        }));
    }

    private void Rooted(string name, delegate* unmanaged[Cdecl]<void*, int, nint, void*, int, nint, int, nint, nint*, int> start) =>
        Replace(name, new RootedCall((send, sendCount, sendType, receive, receiveCount, receiveType, root, comm) =>
        {
            nint request = 0;
            int code = IsBroken ? RankFailed : start(send, sendCount, sendType, receive, receiveCount, receiveType, root, comm, &request);
            return Complete(code, request);
        }));

    private void ReplaceReductions()
    {
        Reduction("MPI_Allreduce", mpi.Iallreduce);
        Reduction("MPI_Reduce_scatter_block", mpi.IreduceScatterBlock);
        Reduction("MPI_Scan", mpi.Iscan);
        Reduction("MPI_Exscan", mpi.Iexscan);
        Replace("MPI_Reduce", new RootedReduceCall((send, receive, count, type, operation, root, comm) =>
        {
            nint request = 0;
            int code = IsBroken ? RankFailed : mpi.Ireduce(send, receive, count, type, operation, root, comm, &request);
            return Complete(code, request);
        }));
        Replace("MPI_Reduce_scatter", new ReduceScatterCall((send, receive, counts, type, operation, comm) =>
        {
            nint request = 0;
            int code = IsBroken ? RankFailed : mpi.IreduceScatter(send, receive, counts, type, operation, comm, &request);
            return Complete(code, request);
        }));
    }

    private void Reduction(string name, delegate* unmanaged[Cdecl]<void*, void*, int, nint, nint, nint, nint*, int> start) =>
        Replace(name, new ReduceCall((send, receive, count, type, operation, comm) =>
        {
            nint request = 0;
            int code = IsBroken ? RankFailed : start(send, receive, count, type, operation, comm, &request);
            return Complete(code, request);
        }));
}
