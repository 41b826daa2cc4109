using SoraHpc.Communication.Faults;

namespace SoraHpc.Communication.Threads;

/// <summary>
/// What waits at one rank of one communicator: receives it has posted and messages nobody has asked for yet, both in order.
/// A small message is copied and its sender goes on; a large one stays in the sender's memory until a receive takes it, in one copy.
/// </summary>
internal sealed unsafe class Mailbox(ThreadRank owner)
{
    /// <summary>Messages up to this size [B] are buffered: two copies cost less than making the sender wait.</summary>
    internal const int EagerLimitBytes = 4096;

    /// <summary>Buffered messages a mailbox holds before further ones wait at their sender: bounds it to 16 MiB.</summary>
    private const int EagerLimitMessages = 4096;

    /// <summary>Envelopes made at a time, the first ones with the first message: a steady exchange then allocates none, however late
    /// its receives are posted.</summary>
    private const int EnvelopesAtATime = 8;

    private readonly Lock gate = new();
    private readonly MessageCheck? check = owner.World.MessageCheck;
    private TransferQueue posted, unexpected;
    private Transfer? spare;            // envelopes for buffered messages, linked by Next
    private int buffered, envelopes;

    /// <summary>Hands the message to a waiting receive, buffers it, or queues it. Done afterwards unless queued.</summary>
    internal void Send(Transfer send)
    {
        bool eager;
        Transfer? receive;
        if (check is not null && !check.Accept(send))
        {
            send.Complete(Status.Empty);
            return;
        }
        lock (gate)
        {
            if (envelopes == 0)
                MakeEnvelopes();
            receive = posted.TakeReceive(send.Source, send.Tag);
            eager = !send.IsSynchronous && send.Bytes <= EagerLimitBytes && buffered < EagerLimitMessages;
            if (receive is not null)
                receive.State = TransferState.Moving;
            else
            {
                send.State = TransferState.Queued;
                unexpected.Append(eager ? Envelop(send) : send);
            }
        }
        if (receive is null)
            owner.Wake();               // it may be probing
        else
            receive.Deliver(send, check);
        if (receive is not null || eager)
            send.Complete(Status.Empty);
    }

    /// <summary>Takes the earliest message that fits, or queues the receive.</summary>
    internal void Receive(Transfer receive)
    {
        Transfer? send;
        lock (gate)
        {
            send = unexpected.FindSend(receive.Source, receive.Tag, take: true);
            if (send is null)
            {
                receive.State = TransferState.Queued;
                posted.Append(receive);
                return;
            }
            send.State = TransferState.Moving;
        }
        Move(send, receive);
    }

    /// <summary>Looks for a message, or takes it out of the queue for <see cref="ReceiveMatched"/>.</summary>
    internal Transfer? Probe(int source, int tag, bool take, out Status status)
    {
        lock (gate)
        {
            Transfer? send = unexpected.FindSend(source, tag, take);
            if (send is not null && take)
                send.State = TransferState.Matched;
            status = send is null ? Status.Empty : new Status(send.Source, send.Tag, send.Bytes);
            return send;
        }
    }

    /// <summary>Receives a message that a probe has taken; false when its sender has given it up meanwhile.</summary>
    internal bool ReceiveMatched(Transfer send, Transfer receive)
    {
        lock (gate)
        {
            if (send.State != TransferState.Matched)
                return false;
            send.State = TransferState.Moving;
        }
        Move(send, receive);
        return true;
    }

    /// <summary>Gives up a receive that nothing has matched yet.</summary>
    internal void Cancel(Transfer receive)
    {
        lock (gate)
            if (receive.State == TransferState.Queued && posted.Remove(receive))
                receive.State = TransferState.Idle;
            else
                return;
        receive.Complete(Status.Empty with { Cancelled = true });
    }

    /// <summary>Takes a transfer out of the game; when this returns nobody copies from or to it.</summary>
    internal void Withdraw(Transfer transfer)
    {
        lock (gate)
            if (transfer.State is TransferState.Queued or TransferState.Matched)
            {
                _ = transfer.IsSend ? unexpected.Remove(transfer) : posted.Remove(transfer);
                transfer.State = TransferState.Idle;
            }
        SpinWait wait = default;
        while (transfer.State == TransferState.Moving)
            wait.SpinOnce();
    }

    private void Move(Transfer send, Transfer receive)
    {
        receive.Deliver(send, check);
        if (send.Buffer is null)
            send.Complete(Status.Empty);
        else
            lock (gate)
            {
                send.Next = spare;
                spare = send;
                buffered--;
            }
    }

    private Transfer Envelop(Transfer send)
    {
        if (spare is null)
            MakeEnvelopes();
        Transfer envelope = spare!;
        spare = envelope.Next;
        buffered++;
        (envelope.Group, envelope.Mailbox, envelope.Source, envelope.Tag, envelope.Bytes) = (send.Group, this, send.Source, send.Tag, send.Bytes);
        envelope.State = TransferState.Queued;
        if (check is null)
            Buffer.MemoryCopy(send.Address, envelope.Address, EagerLimitBytes, send.Bytes);
        else
            (envelope.Checksum, envelope.IsBroken) = (send.Checksum, !check.Carry(send, envelope.Address));
        return envelope;
    }

    private void MakeEnvelopes()
    {
        // The pinned heap: addresses are taken once.
        byte[] buffer = GC.AllocateUninitializedArray<byte>(EnvelopesAtATime * EagerLimitBytes, pinned: true);
        fixed (byte* address = buffer)
            for (int i = 0; i < EnvelopesAtATime; i++)
                spare = new Transfer(owner) { Buffer = buffer, IsSend = true, Address = address + i * EagerLimitBytes, Next = spare };
        envelopes += EnvelopesAtATime;
    }
}
