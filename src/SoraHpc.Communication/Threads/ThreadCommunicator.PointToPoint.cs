namespace SoraHpc.Communication.Threads;

internal sealed partial class ThreadCommunicator
{
    protected override void SendCore(in Payload data, int destination, int tag, SendMode mode)
    {
        EnterSend(tag, nameof(Send));
        if (destination == ProcessNull)
            return;
        Transfer send = Offer(data, destination, tag, mode);
        send.Wait();
        send.Finish();
    }

    protected override Status ReceiveCore(in Payload data, int source, int tag)
    {
        EnterReceive(tag, nameof(Receive));
        if (source == ProcessNull)
            return Status.Empty;
        Transfer receive = Post(data, source, tag);
        receive.Wait();
        return receive.Finish();
    }

    protected override Status SendReceiveCore(in Payload send, int destination, int sendTag, in Payload receive, int source, int receiveTag)
    {
        EnterSend(sendTag, nameof(SendReceive));
        EnterReceive(receiveTag, nameof(SendReceive));
        Transfer? receiving = source == ProcessNull ? null : Post(receive, source, receiveTag);
        try
        {
            if (destination != ProcessNull)
            {
                Transfer sending = Offer(send, destination, sendTag, SendMode.Standard);
                sending.Wait();
                sending.Finish();
            }
        }
        catch
        {
            receiving?.Withdraw();
            throw;
        }
        receiving?.Wait();
        return receiving?.Finish() ?? Status.Empty;
    }

    protected override Request StartSendCore(in Payload data, int destination, int tag, SendMode mode)
    {
        EnterSend(tag, nameof(StartSend));
        return self.Requests.Started(destination == ProcessNull ? null : Offer(data, destination, tag, mode));
    }

    protected override Request StartReceiveCore(in Payload data, int source, int tag)
    {
        EnterReceive(tag, nameof(StartReceive));
        return self.Requests.Started(source == ProcessNull ? null : Post(data, source, tag));
    }

    protected override Request CreateSendCore(in Payload data, int destination, int tag, SendMode mode)
    {
        EnterSend(tag, nameof(CreateSend));
        if (destination == ProcessNull)
            return self.Requests.Persistent(null);
        Transfer send = self.RentTransfer().AsSend(group, Rank, destination, tag, data, mode);
        send.IsPersistent = true;
        return self.Requests.Persistent(send);
    }

    protected override Request CreateReceiveCore(in Payload data, int source, int tag)
    {
        EnterReceive(tag, nameof(CreateReceive));
        if (source == ProcessNull)
            return self.Requests.Persistent(null);
        Transfer receive = self.RentTransfer().AsReceive(group, Rank, source, tag, data);
        receive.IsPersistent = true;
        return self.Requests.Persistent(receive);
    }

    protected override bool ProbeCore(int source, int tag, bool block, out Status status)
    {
        EnterProbe(tag, block, nameof(Probe));
        return Find(source, tag, block, take: false, nameof(Probe), out _, out status);
    }

    protected override bool MatchedProbeCore(int source, int tag, bool block, out Message message)
    {
        EnterProbe(tag, block, nameof(MatchedProbe));
        bool found = Find(source, tag, block, take: true, nameof(MatchedProbe), out Transfer? send, out Status status);
        message = send is null ? new Message(null, 0, status) : new Message(this, self.Matched.Add(send), status);
        return found;
    }

    protected internal override Status ReceiveMatchedCore(nint message, in Payload data)
    {
        Enter(nameof(Receive));
        Transfer send = self.Matched.Take(message)
            ?? throw new CommunicationException("the matched message was received before", nameof(Receive), WorldRank, ErrorClass.Request);
        Transfer receive = self.RentTransfer().AsReceive(group, Rank, send.Source, send.Tag, data);
        if (!mailbox.ReceiveMatched(send, receive))
            World.ThrowStuck(self, nameof(Receive), "the sender has given the message up");
        return receive.Finish();
    }

    private Transfer Offer(in Payload data, int destination, int tag, SendMode mode)
    {
        Transfer send = self.RentTransfer().AsSend(group, Rank, destination, tag, data, mode);
        send.Mailbox.Send(send);
        return send;
    }

    private Transfer Post(in Payload data, int source, int tag)
    {
        Transfer receive = self.RentTransfer().AsReceive(group, Rank, source, tag, data);
        mailbox.Receive(receive);
        return receive;
    }

    private bool Find(int source, int tag, bool block, bool take, string call, out Transfer? found, out Status status)
    {
        (found, status) = (null, Status.Empty);
        if (source == ProcessNull)
            return true;
        var there = new MessageThere(group, Rank, source, tag, take);
        if (block)
            self.Wait(ref there, call);
        else if (!there.Holds())
        {
            self.MissedPoll();
            return false;
        }
        (found, status) = (there.Found, there.Status);
        return true;
    }

    private void EnterSend(int tag, string call)
    {
        Enter(call);
        if (tag < 0)
            ThrowTag(tag, call);
    }

    private void EnterReceive(int tag, string call)
    {
        Enter(call);
        if (tag < AnyTag)
            ThrowTag(tag, call);
    }

    // A look that does not wait may be the thousandth: it is no call a schedule counts by.
    private void EnterProbe(int tag, bool block, string call)
    {
        if (block)
            Enter(call);
        else
            Look(call);
        if (tag < AnyTag)
            ThrowTag(tag, call);
    }

    private void ThrowTag(int tag, string call) =>
        throw new CommunicationException($"tag {tag} is not in [0, {LargestTag}]", call, WorldRank, ErrorClass.Tag);

    /// <summary>Holds when a message that fits is in the mailbox.</summary>
    private struct MessageThere(ThreadGroup group, int rank, int source, int tag, bool take) : ICondition
    {
        internal Transfer? Found;
        internal Status Status;

        public bool Holds() => (Found = group.Mailboxes[rank].Probe(source, tag, take, out Status)) is not null;

        public string? WhyStuck()
        {
            if (group.World.LeftCount == 0)
                return null;
            for (int r = 0; r < group.Size; r++)
                if (r != rank && (source == r || source == AnySource) && !group.Members[r].HasLeft)
                    return null;
            // Looked at once more after the departures were seen: a last message may have come just before.
            return group.Mailboxes[rank].Probe(source, tag, take: false, out _) is null ? "nobody who could send has stayed in the world" : null;
        }
    }
}
