using SoraHpc.Communication.Mpi.Abi;

namespace SoraHpc.Communication.Mpi;

internal sealed unsafe partial class MpiCommunicator
{
    protected override void SendCore(in Payload data, int destination, int tag, SendMode mode)
    {
        nint comm = Open(nameof(Send));
        if (destination == ProcessNull)
            return;
        if (data.Count > int.MaxValue)
        {
            SendLarge(data, destination, tag, mode);
            return;
        }
        Check((mode == SendMode.Standard ? mpi.Send : mode == SendMode.Synchronous ? mpi.Ssend : mpi.Rsend)(
            data.Address, (int)data.Count, types.Of(data.Type), destination, abi.Tag(tag), comm), nameof(Send));
    }

    protected override Status ReceiveCore(in Payload data, int source, int tag)
    {
        nint comm = Open(nameof(Receive));
        if (source == ProcessNull)
            return Status.Empty;
        if (data.Count > int.MaxValue)
            return ReceiveLarge(data, source, tag);
        NativeStatus status;
        Check(mpi.Recv(data.Address, (int)data.Count, types.Of(data.Type), abi.Rank(source), abi.Tag(tag), comm, &status), nameof(Receive));
        return statuses.Read(&status);
    }

    protected override Status SendReceiveCore(in Payload send, int destination, int sendTag, in Payload receive, int source, int receiveTag)
    {
        nint comm = Open(nameof(SendReceive));
        NativeStatus status;
        Check(mpi.Sendrecv(send.Address, (int)send.Count, types.Of(send.Type), abi.Rank(destination), abi.Tag(sendTag),
            receive.Address, (int)receive.Count, types.Of(receive.Type), abi.Rank(source), abi.Tag(receiveTag), comm, &status), nameof(SendReceive));
        return statuses.Read(&status);
    }

    protected override Request StartSendCore(in Payload data, int destination, int tag, SendMode mode)
    {
        nint comm = Open(nameof(StartSend)), request = 0;
        Check((mode == SendMode.Standard ? mpi.Isend : mode == SendMode.Synchronous ? mpi.Issend : mpi.Irsend)(
            data.Address, (int)data.Count, types.Of(data.Type), abi.Rank(destination), abi.Tag(tag), comm, &request), nameof(StartSend));
        return requests.Add(request);
    }

    protected override Request StartReceiveCore(in Payload data, int source, int tag)
    {
        nint comm = Open(nameof(StartReceive)), request = 0;
        Check(mpi.Irecv(data.Address, (int)data.Count, types.Of(data.Type), abi.Rank(source), abi.Tag(tag), comm, &request), nameof(StartReceive));
        return requests.AddReceive(request);
    }

    protected override Request CreateSendCore(in Payload data, int destination, int tag, SendMode mode)
    {
        nint comm = Open(nameof(CreateSend)), request = 0;
        Check((mode == SendMode.Standard ? mpi.SendInit : mode == SendMode.Synchronous ? mpi.SsendInit : mpi.RsendInit)(
            data.Address, (int)data.Count, types.Of(data.Type), abi.Rank(destination), abi.Tag(tag), comm, &request), nameof(CreateSend));
        return requests.Add(request, persistent: true);
    }

    protected override Request CreateReceiveCore(in Payload data, int source, int tag)
    {
        nint comm = Open(nameof(CreateReceive)), request = 0;
        Check(mpi.RecvInit(data.Address, (int)data.Count, types.Of(data.Type), abi.Rank(source), abi.Tag(tag), comm, &request), nameof(CreateReceive));
        return requests.AddReceive(request, persistent: true);
    }

    protected override bool ProbeCore(int source, int tag, bool block, out Status status)
    {
        nint comm = Open(nameof(Probe));
        NativeStatus found;
        int present = 1;
        Check(block ? mpi.Probe(abi.Rank(source), abi.Tag(tag), comm, &found)
            : mpi.Iprobe(abi.Rank(source), abi.Tag(tag), comm, &present, &found), nameof(Probe));
        status = present != 0 ? statuses.Read(&found) : Status.Empty;
        return present != 0;
    }

    protected override bool MatchedProbeCore(int source, int tag, bool block, out Message message)
    {
        nint comm = Open(nameof(MatchedProbe)), native = 0;
        NativeStatus found;
        int present = 1;
        Check(block ? mpi.Mprobe(abi.Rank(source), abi.Tag(tag), comm, &native, &found)
            : mpi.Improbe(abi.Rank(source), abi.Tag(tag), comm, &present, &native, &found), nameof(MatchedProbe));
        message = present == 0 || native == abi.NoProcessMessage ? new(null, 0, Status.Empty) : new(this, native, statuses.Read(&found));
        return present != 0;
    }

    protected internal override Status ReceiveMatchedCore(nint message, in Payload data)
    {
        Open(nameof(Receive));
        NativeStatus status;
        Check(mpi.Mrecv(data.Address, (int)data.Count, types.Of(data.Type), &message, &status), nameof(Receive));
        return statuses.Read(&status);
    }

    // ---- more than 2³¹ − 1 elements: a count of 64 bits where the library takes one, else one element of a very long datatype ----

    private void SendLarge(in Payload data, int destination, int tag, SendMode mode)
    {
        if (mpi.SendLarge is not null)
        {
            Check((mode == SendMode.Standard ? mpi.SendLarge : mode == SendMode.Synchronous ? mpi.SsendLarge : mpi.RsendLarge)(
                data.Address, data.Count, types.Of(data.Type), destination, abi.Tag(tag), handle), nameof(Send));
            return;
        }
        nint whole = types.CreateLarge(data.Type, data.Count);
        int code = (mode == SendMode.Standard ? mpi.Send : mode == SendMode.Synchronous ? mpi.Ssend : mpi.Rsend)(
            data.Address, 1, whole, destination, abi.Tag(tag), handle);
        types.Free(whole);
        Check(code, nameof(Send));
    }

    private Status ReceiveLarge(in Payload data, int source, int tag)
    {
        NativeStatus status;
        if (mpi.RecvLarge is not null)
        {
            Check(mpi.RecvLarge(data.Address, data.Count, types.Of(data.Type), abi.Rank(source), abi.Tag(tag), handle, &status), nameof(Receive));
            return statuses.Read(&status);
        }
        nint whole = types.CreateLarge(data.Type, data.Count);
        int code = mpi.Recv(data.Address, 1, whole, abi.Rank(source), abi.Tag(tag), handle, &status);
        types.Free(whole);
        Check(code, nameof(Receive));
        return statuses.Read(&status);
    }
}
