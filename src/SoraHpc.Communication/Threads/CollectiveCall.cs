namespace SoraHpc.Communication.Threads;

/// <summary>One rank's call of one collective: its buffers and arguments, and afterwards what it got.</summary>
internal sealed class CollectiveCall(ThreadRank owner) : Operation(owner)
{
    private Meeting meeting = null!;

    internal ThreadGroup Group = null!;
    internal int Rank;
    internal CollectiveKind Kind;
    internal Payload Send, Receive;
    internal ReduceOperation? Operation;
    /// <summary>The root; −1 where the collective has none.</summary>
    internal int Root;
    /// <summary>Elements that every rank must give alike; −1 where ranks may differ.</summary>
    internal nint Length;
    internal Topology? Topology;
    internal CountList SendCounts, SendDisplacements, ReceiveCounts, ReceiveDisplacements;
    /// <summary>What a call that makes something gives and gets: a window's memory, a seat in a new group.</summary>
    internal object? Given, Result;

    internal override string Call => Kind.Name();

    internal Meeting Meeting => meeting;

    internal override bool IsDone => meeting.IsDone;

    internal CollectiveCall As(ThreadGroup group, int rank, CollectiveKind kind, nint length, int root)
    {
        (Group, Rank, Kind, Length, Root) = (group, rank, kind, length, root);
        (Send, Receive, Operation, Topology, Given, Result) = (default, default, null, null, null, null);
        SendCounts.Clear();
        SendDisplacements.Clear();
        ReceiveCounts.Clear();
        ReceiveDisplacements.Clear();
        return this;
    }

    internal void Join(Meeting at) => meeting = at;

    internal override void Help() => meeting.Help(this);

    internal override string? WhyStuck(bool blocked) => meeting.WhyStuck();

    internal override void Withdraw() => meeting.Withdraw(this);

    internal override Status Finish()
    {
        CommunicationException? error = meeting.ErrorFor(this);
        Group.Board.Leave(meeting);
        if (Result is null)             // a call that made something is still read by its caller
            Owner.Return(this);
        if (error is null)
            return Status.Empty;
        Group.World.ThrowIfEnded(Owner, Call);  // a death or a failure says more than that somebody has given the call up
        throw error;
    }

    /// <summary>Whether this call and another rank's can be the same collective.</summary>
    internal bool AgreesWith(CollectiveCall other) =>
        Kind == other.Kind && Root == other.Root && Length == other.Length && Send.Type == other.Send.Type
        && Operation?.Kind == other.Operation?.Kind && (!IsListShared || ReceiveCounts.Span.SequenceEqual(other.ReceiveCounts.Span));

    /// <summary>For a message about a mismatch: "Broadcast(3 Double, root 0)".</summary>
    internal string Describe()
    {
        string length = Length < 0 ? "" : Send.Type.Size > 0 ? $"{Length} {Send.Type.Kind}" : "";
        string operation = Operation is null ? "" : $"{(length.Length > 0 ? ", " : "")}{Operation}";
        string root = Root < 0 ? "" : $"{(length.Length + operation.Length > 0 ? ", " : "")}root {Root}";
        return $"{Kind}({length}{operation}{root})";
    }

    /// <summary>Whether <see cref="ReceiveCounts"/> must be the same list on every rank.</summary>
    private bool IsListShared => Kind is CollectiveKind.ReduceScatterv or CollectiveKind.Allgatherv or CollectiveKind.CreateCartesian;
}

/// <summary>A copy of a caller's list of counts, in memory that is reused.</summary>
internal struct CountList
{
    private int[]? values;
    private int length;

    internal readonly ReadOnlySpan<int> Span => new(values, 0, length);

    internal readonly int this[int index] => Span[index];

    internal void Clear() => length = 0;

    internal void Set(ReadOnlySpan<int> counts)
    {
        if (values is null || values.Length < counts.Length)
            values = new int[counts.Length];
        counts.CopyTo(values);
        length = counts.Length;
    }
}
