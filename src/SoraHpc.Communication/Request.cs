using SoraHpc.Diagnostics.Tracing;

namespace SoraHpc.Communication;

/// <summary>
/// Names a started transfer; owns nothing and is free to copy. <c>default</c> is the null request: waiting on it returns at once
/// with <see cref="Status.Empty"/>, and so does waiting again on a request that was completed before.
/// </summary>
public readonly struct Request
{
    internal readonly RequestTable? Table;
    internal readonly int Slot;
    internal readonly int Generation;

    internal Request(RequestTable table, int slot, int generation) => (Table, Slot, Generation) = (table, slot, generation);

    /// <summary>True while the transfer is started and not yet completed by a wait or a successful test.</summary>
    public bool IsActive => Table is not null && Table.IsActive(this);

    /// <summary>Blocks until the transfer is complete; its buffer may be used again afterwards.</summary>
    public Status Wait() => Table is null ? Status.Empty : Table.Wait(this);

    /// <summary>True when the transfer is complete, which also ends it; never blocks. The null request is complete.</summary>
    public bool Test(out Status status)
    {
        status = Status.Empty;
        return Table is null || Table.Test(this, out status);
    }

    /// <summary>Asks for a pending receive to be given up; wait on it afterwards and read <see cref="Status.Cancelled"/>.</summary>
    public void Cancel() => Table?.Cancel(this);

    /// <summary>Waits for all; <paramref name="statuses"/> is empty or as long as <paramref name="requests"/>.</summary>
    public static void WaitAll(ReadOnlySpan<Request> requests, Span<Status> statuses = default)
    {
        CheckStatuses(requests, statuses);
        if (RequestTable.CommonTable(requests) is not { } table)
            statuses.Fill(Status.Empty);
        else if (table.Tracer is not { } tracer)
            table.WaitAll(requests, statuses);
        else
        {
            TraceMark mark = tracer.Begin(RankActivity.Wait, table.PeerOf(requests));
            table.WaitAll(requests, statuses);
            tracer.End(mark, RankActivity.Wait);
        }
    }

    /// <summary>Waits until one is complete and returns its index; −1 when none of them is active.</summary>
    public static int WaitAny(ReadOnlySpan<Request> requests, out Status status)
    {
        status = Status.Empty;
        if (RequestTable.CommonTable(requests) is not { } table)
            return -1;
        TraceMark mark = table.Tracer is { } tracer ? tracer.Begin(RankActivity.Wait, table.PeerOf(requests)) : default;
        int index = table.WaitAny(requests, out status);
        table.Tracer?.End(mark, RankActivity.Wait, TraceEvent.NoPeer, status.Bytes);
        return index;
    }

    /// <summary>True when one is complete (its index in <paramref name="index"/>) or none is active (index −1); never blocks.</summary>
    public static bool TestAny(ReadOnlySpan<Request> requests, out int index, out Status status)
    {
        (index, status) = (-1, Status.Empty);
        return RequestTable.CommonTable(requests) is not { } table || table.TestAny(requests, out index, out status);
    }

    /// <summary>True when all are complete, which also ends them; otherwise none of them is changed. Never blocks.</summary>
    public static bool TestAll(ReadOnlySpan<Request> requests, Span<Status> statuses = default)
    {
        CheckStatuses(requests, statuses);
        if (RequestTable.CommonTable(requests) is { } table)
            return table.TestAll(requests, statuses);
        statuses.Fill(Status.Empty);
        return true;
    }

    private static void CheckStatuses(ReadOnlySpan<Request> requests, Span<Status> statuses)
    {
        if (!statuses.IsEmpty && statuses.Length != requests.Length)
            throw new ArgumentException($"{statuses.Length} statuses for {requests.Length} requests: give as many, or none", nameof(statuses));
    }
}

/// <summary>
/// A transfer set up once and started many times, for exchanges that repeat every step. Not started, it behaves like the null
/// request. Dispose on the thread that made it, before its communicator.
/// </summary>
public sealed class PersistentRequest : IDisposable
{
    private readonly Request request;

    internal PersistentRequest(Request request) => this.request = request;

    /// <summary>The request to wait on after <see cref="Start"/>; the same one every time.</summary>
    public Request Request => request;

    /// <summary>Starts the transfer; it must not be active.</summary>
    public Request Start()
    {
        request.Table!.Start(request);
        return request;
    }

    /// <summary>Frees the set-up; the transfer must not be active.</summary>
    public void Dispose() => request.Table!.Free(request);
}
