using SoraHpc.Communication.Faults;

namespace SoraHpc.Communication.Threads;

/// <summary>Where a transfer is.</summary>
internal enum TransferState
{
    /// <summary>In no queue.</summary>
    Idle,
    /// <summary>In its mailbox's queue of posted receives or of unexpected messages.</summary>
    Queued,
    /// <summary>A send taken out of the queue by a matched probe.</summary>
    Matched,
    /// <summary>Its partner is found and the data is being copied.</summary>
    Moving,
    Done,
}

/// <summary>One send or receive: what it offers or accepts, and its place in a mailbox.</summary>
internal sealed unsafe class Transfer(ThreadRank owner) : Operation(owner)
{
    // Longer than any message: stands for one that did not arrive whole.
    private static readonly nint Broken = nint.MaxValue;

    private int state;
    private nint messageBytes;
    private Status status;

    /// <summary>Next in the queue it is in.</summary>
    internal Transfer? Next;
    internal ThreadGroup Group = null!;
    internal Mailbox Mailbox = null!;
    internal bool IsSend, IsPersistent, IsSynchronous;
    /// <summary>Rank in <see cref="Group"/>: the sender's; of a receive, the one asked for or AnySource.</summary>
    internal int Source;
    /// <summary>Rank in <see cref="Group"/> that receives.</summary>
    internal int Destination;
    internal int Tag;
    internal byte* Address;
    internal nint Bytes;
    /// <summary>What keeps the copy of a small message alive, which its sender needs not wait for; null for a transfer between the
    /// ranks' own buffers.</summary>
    internal byte[]? Buffer;
    /// <summary>Of a message that is checked, or made to go wrong; see <see cref="MessageCheck"/>.</summary>
    internal uint Checksum;
    internal MessageFlaw? Flaw;
    internal bool IsBroken;

    internal override string Call => IsSend ? "Send" : "Receive";

    internal TransferState State
    {
        get => (TransferState)Volatile.Read(ref state);
        set => Volatile.Write(ref state, (int)value);
    }

    internal override bool IsDone => State == TransferState.Done;

    internal Transfer AsSend(ThreadGroup group, int source, int destination, int tag, in Payload data, SendMode mode)
    {
        (Group, Mailbox, IsSend, IsPersistent) = (group, group.Mailboxes[destination], true, false);
        (Source, Destination, Tag, IsSynchronous) = (source, destination, tag, mode == SendMode.Synchronous);
        Address = (byte*)data.Address;
        (Bytes, State) = (data.Bytes, TransferState.Idle);
        return this;
    }

    internal Transfer AsReceive(ThreadGroup group, int destination, int source, int tag, in Payload data)
    {
        (Group, Mailbox, IsSend, IsPersistent) = (group, group.Mailboxes[destination], false, false);
        (Source, Destination, Tag) = (source, destination, tag);
        Address = (byte*)data.Address;
        (Bytes, State) = (data.Bytes, TransferState.Idle);
        return this;
    }

    /// <summary>Whether this receive accepts a message from this source with this tag.</summary>
    internal bool Accepts(int source, int tag) =>
        (Source == source || Source == Communicator.AnySource) && (Tag == tag || Tag == Communicator.AnyTag);

    /// <summary>Puts the message into this receive's buffer and completes it. The one copy of a message between ranks.</summary>
    internal void Deliver(Transfer message, MessageCheck? check)
    {
        nint bytes = message.Bytes;
        messageBytes = bytes;
        if (bytes <= Bytes)
        {
            if (check is null)
                System.Buffer.MemoryCopy(message.Address, Address, Bytes, bytes);
            else if (!check.Carry(message, Address))
                messageBytes = Broken;
        }
        Complete(new Status(message.Source, message.Tag, Math.Min(bytes, Bytes)));
    }

    /// <summary>Ends the transfer and tells its owner, who may reuse it from then on.</summary>
    internal void Complete(Status outcome)
    {
        ThreadRank waiting = Owner;
        if (IsSend || outcome.Cancelled)
            messageBytes = 0;
        status = outcome;
        State = TransferState.Done;
        waiting.Wake();
    }

    internal override Status Finish()
    {
        (Status outcome, nint needed, nint held, bool truncated) = (status, messageBytes, Bytes, !IsSend && messageBytes > Bytes);
        if (!IsPersistent)
        {
            Address = null;
            Owner.Return(this);
        }
        return truncated ? throw new CommunicationException(
            needed == Broken ? MessageCheck.Describe(Group.WorldRankOf(outcome.Source), outcome.Tag, outcome.Bytes) : $"a message of {needed} B from rank {Group.WorldRankOf(outcome.Source)} with tag {outcome.Tag} does not fit the buffer of {held} B",
            "Receive", Owner.WorldRank, needed == Broken ? ErrorClass.Other : ErrorClass.Truncate) : outcome;
    }

    internal override void Withdraw() => Mailbox.Withdraw(this);

    internal override string? WhyStuck(bool blocked)
    {
        if (!blocked && Owner.World.LeftCount == 0)
            return null;
        string? reason = IsSend ? Gone(Destination, blocked) : Source >= 0 ? Gone(Source, blocked) : AllGone(blocked);
        // The state is read after the departures: what the other rank did before it left is seen.
        return State is TransferState.Queued or TransferState.Matched ? reason : null;
    }

    private string? Gone(int peer, bool blocked)
    {
        ThreadRank rank = Group.Members[peer];
        return rank.HasLeft ? $"rank {rank.WorldRank} has left the world"
            : rank == Owner && blocked ? "the rank waits for itself: start the other half of the transfer first" : null;
    }

    private string? AllGone(bool blocked)
    {
        foreach (ThreadRank rank in Group.Members)
            if (rank == Owner ? !blocked : !rank.HasLeft)
                return null;
        return Group.Members.Length == 1 ? "the rank waits for itself: start the send first" : "all other ranks have left the world";
    }
}
