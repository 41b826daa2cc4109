// buffer, count, datatype, rank, tag, communicator
using unsafe SendCall = delegate* unmanaged[Cdecl]<void*, int, nint, int, int, nint, int>;
using unsafe LargeSendCall = delegate* unmanaged[Cdecl]<void*, nint, nint, int, int, nint, int>;
// … and the request
using unsafe StartCall = delegate* unmanaged[Cdecl]<void*, int, nint, int, int, nint, nint*, int>;
using unsafe RequestCall = delegate* unmanaged[Cdecl]<nint*, int>;

namespace SoraHpc.Communication.Mpi.Abi;

internal sealed unsafe partial class MpiFunctions
{
    internal readonly SendCall Send = (SendCall)symbols.Required("MPI_Send");
    internal readonly SendCall Ssend = (SendCall)symbols.Required("MPI_Ssend");
    internal readonly SendCall Rsend = (SendCall)symbols.Required("MPI_Rsend");
    internal readonly delegate* unmanaged[Cdecl]<void*, int, nint, int, int, nint, void*, int> Recv =
        (delegate* unmanaged[Cdecl]<void*, int, nint, int, int, nint, void*, int>)symbols.Required("MPI_Recv");
    internal readonly delegate* unmanaged[Cdecl]<void*, nint, nint*, int> GetElements =
        (delegate* unmanaged[Cdecl]<void*, nint, nint*, int>)symbols.Required("MPI_Get_elements_x");
    internal readonly delegate* unmanaged[Cdecl]<void*, nint, int, int> StatusSetElements =
        (delegate* unmanaged[Cdecl]<void*, nint, int, int>)symbols.Required("MPI_Status_set_elements");
    internal readonly delegate* unmanaged[Cdecl]<void*, int, nint, int, int, void*, int, nint, int, int, nint, void*, int> Sendrecv =
        (delegate* unmanaged[Cdecl]<void*, int, nint, int, int, void*, int, nint, int, int, nint, void*, int>)symbols.Required("MPI_Sendrecv");

    internal readonly StartCall Isend = (StartCall)symbols.Required("MPI_Isend");
    internal readonly StartCall Issend = (StartCall)symbols.Required("MPI_Issend");
    internal readonly StartCall Irsend = (StartCall)symbols.Required("MPI_Irsend");
    internal readonly StartCall Irecv = (StartCall)symbols.Required("MPI_Irecv");
    internal readonly delegate* unmanaged[Cdecl]<nint*, void*, int> Wait =
        (delegate* unmanaged[Cdecl]<nint*, void*, int>)symbols.Required("MPI_Wait");
    internal readonly delegate* unmanaged[Cdecl]<nint*, int*, void*, int> Test =
        (delegate* unmanaged[Cdecl]<nint*, int*, void*, int>)symbols.Required("MPI_Test");
    internal readonly RequestCall RequestFree = (RequestCall)symbols.Required("MPI_Request_free");
    internal readonly delegate* unmanaged[Cdecl]<int, void*, int*, void*, int> Waitany =
        (delegate* unmanaged[Cdecl]<int, void*, int*, void*, int>)symbols.Required("MPI_Waitany");
    internal readonly delegate* unmanaged[Cdecl]<int, void*, int*, int*, void*, int> Testany =
        (delegate* unmanaged[Cdecl]<int, void*, int*, int*, void*, int>)symbols.Required("MPI_Testany");
    internal readonly delegate* unmanaged[Cdecl]<int, void*, void*, int> Waitall =
        (delegate* unmanaged[Cdecl]<int, void*, void*, int>)symbols.Required("MPI_Waitall");
    internal readonly delegate* unmanaged[Cdecl]<int, void*, int*, void*, int> Testall =
        (delegate* unmanaged[Cdecl]<int, void*, int*, void*, int>)symbols.Required("MPI_Testall");

    internal readonly delegate* unmanaged[Cdecl]<int, int, nint, int*, void*, int> Iprobe =
        (delegate* unmanaged[Cdecl]<int, int, nint, int*, void*, int>)symbols.Required("MPI_Iprobe");
    internal readonly delegate* unmanaged[Cdecl]<int, int, nint, void*, int> Probe =
        (delegate* unmanaged[Cdecl]<int, int, nint, void*, int>)symbols.Required("MPI_Probe");
    internal readonly delegate* unmanaged[Cdecl]<int, int, nint, int*, nint*, void*, int> Improbe =
        (delegate* unmanaged[Cdecl]<int, int, nint, int*, nint*, void*, int>)symbols.Required("MPI_Improbe");
    internal readonly delegate* unmanaged[Cdecl]<int, int, nint, nint*, void*, int> Mprobe =
        (delegate* unmanaged[Cdecl]<int, int, nint, nint*, void*, int>)symbols.Required("MPI_Mprobe");
    internal readonly delegate* unmanaged[Cdecl]<void*, int, nint, nint*, void*, int> Mrecv =
        (delegate* unmanaged[Cdecl]<void*, int, nint, nint*, void*, int>)symbols.Required("MPI_Mrecv");
    internal readonly delegate* unmanaged[Cdecl]<void*, int, nint, nint*, nint*, int> Imrecv =
        (delegate* unmanaged[Cdecl]<void*, int, nint, nint*, nint*, int>)symbols.Required("MPI_Imrecv");
    internal readonly RequestCall Cancel = (RequestCall)symbols.Required("MPI_Cancel");
    internal readonly delegate* unmanaged[Cdecl]<void*, int*, int> TestCancelled =
        (delegate* unmanaged[Cdecl]<void*, int*, int>)symbols.Required("MPI_Test_cancelled");

    internal readonly StartCall SendInit = (StartCall)symbols.Required("MPI_Send_init");
    internal readonly StartCall SsendInit = (StartCall)symbols.Required("MPI_Ssend_init");
    internal readonly StartCall RsendInit = (StartCall)symbols.Required("MPI_Rsend_init");
    internal readonly StartCall RecvInit = (StartCall)symbols.Required("MPI_Recv_init");
    internal readonly RequestCall Start = (RequestCall)symbols.Required("MPI_Start");

    // ---- counts of 64 bits (MPI 4): null in Open MPI 4 ----
    internal readonly LargeSendCall SendLarge = (LargeSendCall)symbols.Optional("MPI_Send_c");
    internal readonly LargeSendCall SsendLarge = (LargeSendCall)symbols.Optional("MPI_Ssend_c");
    internal readonly LargeSendCall RsendLarge = (LargeSendCall)symbols.Optional("MPI_Rsend_c");
    internal readonly delegate* unmanaged[Cdecl]<void*, nint, nint, int, int, nint, void*, int> RecvLarge =
        (delegate* unmanaged[Cdecl]<void*, nint, nint, int, int, nint, void*, int>)symbols.Optional("MPI_Recv_c");
}
