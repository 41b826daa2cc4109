namespace SoraHpc.Communication.Threads;

/// <summary>
/// One collective, where the calls of all ranks of a communicator meet. The last to arrive has everything to do the whole work, so a
/// started collective completes without the others waiting in it; when the work is large it is cut into parts that whoever
/// waits takes a share of.
/// </summary>
internal sealed class Meeting(ThreadGroup group)
{
    /// <summary>Total data [B] from which sharing the work pays for waking the others.</summary>
    private const long SharedWorkBytes = 128 << 10;

    private enum Phase { Gathering, Working, Done }

    private readonly Lock gate = new();
    private readonly CollectiveCall?[] calls = new CollectiveCall?[group.Size];
    private int phase, arrived, departed, parts, nextPart, finishedParts;
    private string? error;
    private Exception? cause;
    private ErrorClass errorClass;

    internal long Sequence { get; private set; }

    internal bool IsDone => Volatile.Read(ref phase) == (int)Phase.Done;

    internal CollectiveCall CallOf(int rank) => calls[rank]!;

    internal ThreadGroup Group => group;

    internal void Open(long sequence)
    {
        Sequence = sequence;
        Array.Clear(calls);
        (arrived, departed, parts, nextPart, finishedParts) = (0, 0, 0, 0, 0);
        (error, cause) = (null, null);
        Volatile.Write(ref phase, (int)Phase.Gathering);
    }

    /// <summary>Adds a rank's call; the last one starts the work.</summary>
    internal void Arrive(CollectiveCall call)
    {
        call.Join(this);
        lock (gate)
        {
            calls[call.Rank] = call;
            arrived++;
            if (phase != (int)Phase.Gathering || !(Mismatch(call) || arrived == calls.Length))
                return;
            if (error is null)
                StartWork(call);
        }
        if (IsDone || parts > 1)
            WakeOthers(call.Owner);     // to go on, or to share the work
        Help(call);
    }

    /// <summary>Takes part after part of the work that is open; whoever ends the last part wakes the others.</summary>
    internal void Help(CollectiveCall helper)
    {
        if (Volatile.Read(ref phase) != (int)Phase.Working)
            return;
        int part;
        while ((part = Interlocked.Increment(ref nextPart) - 1) < parts)
        {
            try
            {
                CollectiveWork.Do(this, helper, part, parts);
            }
            catch (Exception failure)
            {
                Report(failure is CommunicationException known ? known.ErrorClass : ErrorClass.Operation,
                    $"the data could not be combined on rank {helper.Owner.WorldRank}: {failure.Message}", failure);
            }
            if (Interlocked.Increment(ref finishedParts) == parts)
                End(helper.Owner);
        }
    }

    /// <summary>Records what went wrong for every rank; the first report counts.</summary>
    internal void Report(ErrorClass kind, string text, Exception? reason = null)
    {
        if (Interlocked.CompareExchange(ref error, text, null) is null)
            (errorClass, cause) = (kind, reason);
    }

    internal CommunicationException? ErrorFor(CollectiveCall call) =>
        error is null ? null : new CommunicationException(error, call.Call, call.Owner.WorldRank, errorClass, cause);

    /// <summary>Counts a rank that has read its outcome; true for the last.</summary>
    internal bool Depart()
    {
        lock (gate)
            return ++departed == calls.Length;
    }

    /// <summary>Which rank has left the world without coming here, or null.</summary>
    internal string? WhyStuck()
    {
        if (group.World.LeftCount == 0)
            return null;
        for (int r = 0; r < calls.Length; r++)
            if (group.Members[r].HasLeft && Volatile.Read(ref calls[r]) is null && !IsDone)
                return $"rank {group.WorldRankOf(r)} has left the world without calling it";
        return null;
    }

    /// <summary>Takes a call back: before the work by failing the collective, during the work by seeing it through.</summary>
    internal void Withdraw(CollectiveCall call)
    {
        lock (gate)
            if (phase == (int)Phase.Gathering)
            {
                string? failed = group.World.Failure?.Reason, stuck = WhyStuck();
                Report(failed is null && stuck is not null ? ErrorClass.ProcessFailed : ErrorClass.Aborted,
                    failed ?? stuck ?? $"rank {call.Owner.WorldRank} has given it up");
                Volatile.Write(ref phase, (int)Phase.Done);
            }
        Help(call);
        SpinWait wait = default;
        while (!IsDone)
            wait.SpinOnce();
        WakeOthers(call.Owner);
    }

    private bool Mismatch(CollectiveCall call)
    {
        foreach (CollectiveCall? other in calls)
        {
            if (other is null || other == call)
                continue;
            if (call.AgreesWith(other))
                return false;           // the others agree among each other already
            Report(ErrorClass.Argument, $"rank {other.Owner.WorldRank} calls {other.Describe()} where rank {call.Owner.WorldRank} calls {call.Describe()}");
            Volatile.Write(ref phase, (int)Phase.Done);
            return true;
        }
        return false;
    }

    private void StartWork(CollectiveCall last)
    {
        if (last.Kind == CollectiveKind.Barrier)
        {
            Volatile.Write(ref phase, (int)Phase.Done);
            return;
        }
        parts = CollectiveWork.CanBeShared(this, SharedWorkBytes) ? calls.Length : 1;
        Volatile.Write(ref phase, (int)Phase.Working);
    }

    private void End(ThreadRank last)
    {
        Volatile.Write(ref phase, (int)Phase.Done);
        WakeOthers(last);
    }

    private void WakeOthers(ThreadRank self)
    {
        foreach (ThreadRank member in group.Members)
            if (member != self)
                member.Wake();
    }
}
