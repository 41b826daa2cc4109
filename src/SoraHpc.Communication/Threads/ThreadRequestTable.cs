namespace SoraHpc.Communication.Threads;

/// <summary>The started transfers of a rank that is a thread. A slot keeps its <see cref="Operation"/>; null stands for a
/// transfer with a null neighbour.</summary>
internal sealed class ThreadRequestTable(ThreadRank rank) : RequestTable
{
    private const string WaitCall = "Request.Wait";

    private int highest;

    /// <summary>Enters a started operation; null for a null neighbour, complete from the start and counted by a wait for any.</summary>
    internal Request Started(Operation? operation) => Enter(operation, persistent: false);

    /// <summary>Enters a transfer that <see cref="StartCore"/> starts.</summary>
    internal Request Persistent(Transfer? transfer) => Enter(transfer, persistent: true);

    /// <summary>Gives up everything that is started: nobody touches this rank's buffers afterwards.</summary>
    internal void WithdrawAll()
    {
        for (int slot = 0; slot < highest; slot++)
            if (At(slot).Active)
                (At(slot).Kept as Operation)?.Withdraw();
    }

    /// <summary>Lets go of the buffers of all that is started, which is withdrawn: the rank has left for another world.</summary>
    internal void Abandon()
    {
        WithdrawAll();
        ReleaseAllPins();
    }

    private Request Enter(Operation? operation, bool persistent)
    {
        Request request = Add(0, operation, persistent);
        highest = Math.Max(highest, request.Slot + 1);
        return request;
    }

    protected override void StartCore(int slot)
    {
        rank.World.Enter(rank, "PersistentRequest.Start");
        if (At(slot).Kept is not Transfer transfer)
            return;
        transfer.State = TransferState.Idle;
        if (transfer.IsSend)
            transfer.Mailbox.Send(transfer);
        else
            transfer.Mailbox.Receive(transfer);
    }

    protected override void FreeCore(int slot)
    {
        if (At(slot).Kept is Transfer transfer)
            rank.Return(transfer);
    }

    protected override Status WaitCore(int slot)
    {
        (At(slot).Kept as Operation)?.Wait();
        return Finish(slot);
    }

    protected override bool TestCore(int slot, out Status status)
    {
        status = Status.Empty;
        rank.World.ThrowIfEnded(rank, "Request.Test");
        if (!IsDone(slot))
        {
            if (WhyStuck(slot, blocked: false) is { } reason)
                rank.World.ThrowStuck(rank, "Request.Test", reason);
            rank.MissedPoll();
            return false;
        }
        status = Finish(slot);
        return true;
    }

    protected override void CancelCore(int slot)
    {
        if (At(slot).Kept is Transfer { IsSend: false } receive)
            receive.Mailbox.Cancel(receive);
    }

    internal override void WaitAll(ReadOnlySpan<Request> requests, Span<Status> statuses)
    {
        for (int i = 0; i < requests.Length; i++)
        {
            Status status = Wait(requests[i]);
            if (!statuses.IsEmpty)
                statuses[i] = status;
        }
    }

    internal override int WaitAny(ReadOnlySpan<Request> requests, out Status status)
    {
        var any = new AnyDone(this, requests);
        rank.Wait(ref any, WaitCall);
        status = Finish(requests[any.Index].Slot);
        return any.Index;
    }

    internal override bool TestAny(ReadOnlySpan<Request> requests, out int index, out Status status)
    {
        (index, status) = (-1, Status.Empty);
        rank.World.ThrowIfEnded(rank, "Request.TestAny");
        var any = new AnyDone(this, requests);
        if (!any.Holds())
        {
            rank.MissedPoll();
            return false;
        }
        index = any.Index;
        status = Finish(requests[index].Slot);
        return true;
    }

    internal override bool TestAll(ReadOnlySpan<Request> requests, Span<Status> statuses)
    {
        rank.World.ThrowIfEnded(rank, "Request.TestAll");
        foreach (Request request in requests)
            if (IsActive(request) && !IsDone(request.Slot))
            {
                rank.MissedPoll();
                return false;
            }
        WaitAll(requests, statuses);
        return true;
    }

    private bool IsDone(int slot)
    {
        if (At(slot).Kept is not Operation operation)
            return true;
        operation.Help();
        return operation.IsDone;
    }

    private string? WhyStuck(int slot, bool blocked) => (At(slot).Kept as Operation)?.WhyStuck(blocked);

    /// <summary>Ends the slot first: an operation that throws its error is over all the same.</summary>
    private Status Finish(int slot)
    {
        Operation? operation = At(slot).Kept as Operation;
        Complete(slot);
        return operation?.Finish() ?? Status.Empty;
    }

    /// <summary>Holds when one of the requests is done; stuck when none of the active ones can ever be.</summary>
    private ref struct AnyDone(ThreadRequestTable table, ReadOnlySpan<Request> requests) : ICondition
    {
        private readonly ReadOnlySpan<Request> requests = requests;

        internal int Index { get; private set; } = -1;

        public bool Holds()
        {
            for (int i = 0; i < requests.Length; i++)
                if (table.IsActive(requests[i]) && table.IsDone(requests[i].Slot))
                {
                    Index = i;
                    return true;
                }
            return false;
        }

        public readonly string? WhyStuck()
        {
            string? reason = null;
            foreach (Request request in requests)
                if (table.IsActive(request) && (reason = table.WhyStuck(request.Slot, blocked: true)) is null)
                    return null;
            return reason;
        }
    }
}
