using System.Runtime.InteropServices;
using SoraHpc.Communication.Mpi.Abi;

namespace SoraHpc.Communication.Mpi;

internal sealed unsafe partial class SurvivingCalls
{
    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int SendCall(void* data, int count, nint type, int destination, int tag, nint comm);
    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int ReceiveCall(void* data, int count, nint type, int source, int tag, nint comm, void* status);
    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int SendReceiveCall(void* send, int sendCount, nint sendType, int destination, int sendTag,
        void* receive, int receiveCount, nint receiveType, int source, int receiveTag, nint comm, void* status);
    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int WaitCall(nint* request, void* status);
    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int TestCall(nint* request, int* done, void* status);
    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int WaitAnyCall(int count, void* requests, int* index, void* status);
    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int TestAnyCall(int count, void* requests, int* index, int* done, void* status);
    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int WaitAllCall(int count, void* requests, void* statuses);
    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int TestAllCall(int count, void* requests, int* done, void* statuses);
    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int ProbeCall(int source, int tag, nint comm, void* status);
    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int TryProbeCall(int source, int tag, nint comm, int* found, void* status);
    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int MatchedProbeCall(int source, int tag, nint comm, nint* message, void* status);
    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int TryMatchedProbeCall(int source, int tag, nint comm, int* found, nint* message, void* status);
    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int MatchedReceiveCall(void* data, int count, nint type, nint* message, void* status);

    private void ReplacePointToPoint()
    {
        Replace("MPI_Send", new SendCall((data, count, type, to, tag, comm) =>
        {
            nint request = 0;
            int code = IsBroken ? RankFailed : mpi.Isend(data, count, type, to, tag, comm, &request);
            return Complete(code, request);
        }));
        Replace("MPI_Ssend", new SendCall((data, count, type, to, tag, comm) =>
        {
            nint request = 0;
            int code = IsBroken ? RankFailed : mpi.Issend(data, count, type, to, tag, comm, &request);
            return Complete(code, request);
        }));
        Replace("MPI_Rsend", new SendCall((data, count, type, to, tag, comm) =>
        {
            nint request = 0;
            int code = IsBroken ? RankFailed : mpi.Irsend(data, count, type, to, tag, comm, &request);
            return Complete(code, request);
        }));
        Replace("MPI_Recv", new ReceiveCall(Receive));
        Replace("MPI_Sendrecv", new SendReceiveCall(SendReceive));
        Replace("MPI_Wait", new WaitCall((request, status) =>
        {
            int code = 0, done = 0;
            while (code == 0 && done == 0)
                code = Missed(mpi.Test(request, &done, status), done);
            return code;
        }));
        Replace("MPI_Test", new TestCall((request, done, status) => Missed(mpi.Test(request, done, status), *done)));
        Replace("MPI_Waitany", new WaitAnyCall((count, requests, index, status) =>
        {
            int code = 0, done = 0;
            while (code == 0 && done == 0)
                code = Missed(mpi.Testany(count, requests, index, &done, status), done);
            return code;
        }));
        Replace("MPI_Testany", new TestAnyCall((count, requests, index, done, status) => Missed(mpi.Testany(count, requests, index, done, status), *done)));
        Replace("MPI_Waitall", new WaitAllCall((count, requests, statuses) =>
        {
            int code = 0, done = 0;
            while (code == 0 && done == 0)
                code = Missed(mpi.Testall(count, requests, &done, statuses), done);
            return code;
        }));
        Replace("MPI_Testall", new TestAllCall((count, requests, done, statuses) => Missed(mpi.Testall(count, requests, done, statuses), *done)));
        ReplaceProbes();
    }

    private void ReplaceProbes()
    {
        Replace("MPI_Iprobe", new TryProbeCall((source, tag, comm, found, status) => Missed(mpi.Iprobe(source, tag, comm, found, status), *found)));
        Replace("MPI_Probe", new ProbeCall((source, tag, comm, status) =>
        {
            int code = 0, found = 0;
            while (code == 0 && found == 0)
                code = Missed(mpi.Iprobe(source, tag, comm, &found, status), found);
            return code;
        }));
        Replace("MPI_Improbe", new TryMatchedProbeCall((source, tag, comm, found, message, status) =>
            Missed(mpi.Improbe(source, tag, comm, found, message, status), *found)));
        Replace("MPI_Mprobe", new MatchedProbeCall((source, tag, comm, message, status) =>
        {
            int code = 0, found = 0;
            while (code == 0 && found == 0)
                code = Missed(mpi.Improbe(source, tag, comm, &found, message, status), found);
            return code;
        }));
        Replace("MPI_Mrecv", new MatchedReceiveCall((data, count, type, message, status) =>
        {
            nint request = 0;
            int code = mpi.Imrecv(data, count, type, message, &request);
            return Complete(code, request, status);
        }));
    }

    private int Receive(void* data, int count, nint type, int source, int tag, nint comm, void* status)
    {
        nint request = 0;
        int code = IsBroken ? RankFailed : mpi.Irecv(data, count, type, source, tag, comm, &request);
        return Complete(code, request, status, isReceive: true);
    }

    private int SendReceive(void* send, int sendCount, nint sendType, int destination, int sendTag,
        void* receive, int receiveCount, nint receiveType, int source, int receiveTag, nint comm, void* status)
    {
        if (IsBroken)
            return RankFailed;
        nint receiving = 0, sending = 0;
        int code = mpi.Irecv(receive, receiveCount, receiveType, source, receiveTag, comm, &receiving);
        if (code == 0)
            code = mpi.Isend(send, sendCount, sendType, destination, sendTag, comm, &sending);
        code = Complete(code, receiving, status, isReceive: true);
        return Complete(code, sending);
    }
}
