namespace SoraHpc.Communication.Threads;

/// <summary>Transfers in the order they came: a linked list through the transfers themselves, so that queueing allocates nothing.</summary>
internal struct TransferQueue
{
    private Transfer? first, last;

    internal void Append(Transfer transfer)
    {
        transfer.Next = null;
        if (last is null)
            first = transfer;
        else
            last.Next = transfer;
        last = transfer;
    }

    /// <summary>Takes out the earliest posted receive that accepts this message; null when there is none.</summary>
    internal Transfer? TakeReceive(int source, int tag)
    {
        for (Transfer? before = null, at = first; at is not null; before = at, at = at.Next)
            if (at.Accepts(source, tag))
                return Unlink(before, at);
        return null;
    }

    /// <summary>The earliest message a receive with this source and tag would accept; taken out on demand. Null when there is none.</summary>
    internal Transfer? FindSend(int source, int tag, bool take)
    {
        for (Transfer? before = null, at = first; at is not null; before = at, at = at.Next)
            if ((source == at.Source || source == Communicator.AnySource) && (tag == at.Tag || tag == Communicator.AnyTag))
                return take ? Unlink(before, at) : at;
        return null;
    }

    /// <summary>Takes out this transfer; false when it is not here.</summary>
    internal bool Remove(Transfer transfer)
    {
        for (Transfer? before = null, at = first; at is not null; before = at, at = at.Next)
            if (at == transfer)
            {
                Unlink(before, at);
                return true;
            }
        return false;
    }

    private Transfer Unlink(Transfer? before, Transfer at)
    {
        if (before is null)
            first = at.Next;
        else
            before.Next = at.Next;
        if (last == at)
            last = before;
        at.Next = null;
        return at;
    }
}
