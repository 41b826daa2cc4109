using System.Runtime.CompilerServices;
using SoraHpc.Diagnostics.Tracing;

namespace SoraHpc.Communication;

// The same for messages between two ranks, which are also counted by receiver.
public abstract unsafe partial class Communicator
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void SendChecked(in Payload data, int destination, int tag, SendMode mode)
    {
        if (Tracer is { } tracer)
            SendTraced(tracer, data, destination, tag, mode);
        else
            SendCore(data, destination, tag, mode);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Status ReceiveChecked(in Payload data, int source, int tag) =>
        Tracer is { } tracer ? ReceiveTraced(tracer, data, source, tag) : ReceiveCore(data, source, tag);

    private void SendTraced(Tracer tracer, in Payload data, int destination, int tag, SendMode mode)
    {
        int peer = ToWorld(destination);
        long bytes = Bytes(data);
        TraceMark mark = tracer.Begin(RankActivity.Send, peer);
        SendCore(data, destination, tag, mode);
        tracer.End(mark, RankActivity.Send, peer, bytes);
        tracer.CountMessage(peer, bytes);
    }

    private Status ReceiveTraced(Tracer tracer, in Payload data, int source, int tag)
    {
        TraceMark mark = tracer.Begin(RankActivity.Receive, ToWorld(source));
        Status status = ReceiveCore(data, source, tag);
        EndReceive(tracer, mark, RankActivity.Receive, status);
        return status;
    }

    private Status SendReceive(in Payload send, int destination, int sendTag, in Payload receive, int source, int receiveTag)
    {
        if (Tracer is not { } tracer)
            return SendReceiveCore(send, destination, sendTag, receive, source, receiveTag);
        TraceMark mark = tracer.Begin(RankActivity.SendReceive, ToWorld(source));
        Status status = SendReceiveCore(send, destination, sendTag, receive, source, receiveTag);
        EndReceive(tracer, mark, RankActivity.SendReceive, status);
        tracer.CountMessage(ToWorld(destination), Bytes(send));
        return status;
    }

    private void ProbeTraced(int source, int tag, out Status status)
    {
        TraceMark mark = Tracer is { } tracer ? tracer.Begin(RankActivity.Probe, ToWorld(source)) : default;
        ProbeCore(source, tag, block: true, out status);
        Tracer?.End(mark, RankActivity.Probe, ToWorld(source));
    }

    private void MatchedProbeTraced(int source, int tag, out Message message)
    {
        TraceMark mark = Tracer is { } tracer ? tracer.Begin(RankActivity.Probe, ToWorld(source)) : default;
        MatchedProbeCore(source, tag, block: true, out message);
        Tracer?.End(mark, RankActivity.Probe, ToWorld(source));
    }

    /// <summary>Counts a started send, and keeps whom it and a started receive are with for the wait that ends them.</summary>
    private Request Note(Request request, int peer, long sends)
    {
        if (Tracer is { } tracer)
        {
            Requests.Note(request, ToWorld(peer), 0);
            if (sends >= 0)
                tracer.CountMessage(ToWorld(peer), sends);
        }
        return request;
    }

    /// <summary>The same for a transfer that is started many times, perhaps when there is a tracer that is not there now.</summary>
    private Request NotePersistent(Request request, int peer, long sends)
    {
        Requests.Note(request, ToWorld(peer), sends);
        return request;
    }

    private void EndReceive(Tracer tracer, TraceMark mark, RankActivity activity, in Status status) =>
        tracer.End(mark, activity, ToWorld(status.Source), status.Bytes);
}
