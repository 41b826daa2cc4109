using SoraHpc.Communication.Mpi.Abi;

namespace SoraHpc.Communication.Mpi;

/// <summary>The started transfers of this process: each slot holds an MPI_Request.</summary>
internal sealed unsafe class MpiRequestTable(MpiFunctions mpi, MpiAbi abi, MpiErrors errors, MpiStatusReader statuses, bool concurrent)
    : RequestTable(concurrent)
{
    // What a slot keeps tells how to read its status: only receives have one that means something.
    private static readonly object Receive = new(), CancelledReceive = new();

    // Count lists must live until their collective is complete; a list given back is used again.
    private readonly Stack<int[]> freeCounts = new();

    /// <summary>Enters a started receive.</summary>
    internal Request AddReceive(nint native, bool persistent = false) => Add(native, Receive, persistent);

    /// <summary>Copies lists of counts to pinned memory, one after the other; hand the array to <c>Add</c> as what is kept.</summary>
    internal int[] KeepCounts(ReadOnlySpan<int> a, ReadOnlySpan<int> b, ReadOnlySpan<int> c = default, ReadOnlySpan<int> d = default)
    {
        using Lock.Scope guard = Enter();
        int length = a.Length + b.Length + c.Length + d.Length;
        if (!freeCounts.TryPop(out int[]? kept) || kept.Length < length)
            kept = GC.AllocateUninitializedArray<int>(Math.Max(64, length), pinned: true);
        a.CopyTo(kept);
        b.CopyTo(kept.AsSpan(a.Length));
        c.CopyTo(kept.AsSpan(a.Length + b.Length));
        d.CopyTo(kept.AsSpan(a.Length + b.Length + c.Length));
        return kept;
    }

    protected override void StartCore(int slot)
    {
        nint native = At(slot).Native;
        errors.Check(mpi.Start(&native), "Start");
        At(slot).Native = native;
    }

    protected override void FreeCore(int slot)
    {
        nint native = At(slot).Native;
        errors.Check(mpi.RequestFree(&native), "Request_free");
    }

    protected override void CancelCore(int slot)
    {
        using Lock.Scope guard = Enter();
        nint native = At(slot).Native;
        errors.Check(mpi.Cancel(&native), "Cancel");
        if (At(slot).Kept == Receive)
            At(slot).Kept = CancelledReceive;
    }

    /// <summary>The world is broken: pending receives are cancelled. Buffers stay pinned until the process ends, for what cannot be cancelled
    /// may still be written to.</summary>
    internal void Abandon()
    {
        for (int slot = 0; slot < Used; slot++)
            if (At(slot).Active && At(slot).Kept == Receive)
            {
                nint native = At(slot).Native;
                _ = mpi.Cancel(&native);
            }
    }

    protected override Status WaitCore(int slot)
    {
        nint native = At(slot).Native;
        NativeStatus found;
        int code = mpi.Wait(&native, &found);
        return Finish(slot, code, &found, "Wait");
    }

    protected override bool TestCore(int slot, out Status status)
    {
        nint native = At(slot).Native;
        NativeStatus found;
        int done;
        int code = mpi.Test(&native, &done, &found);
        bool complete = code != 0 || done != 0;
        status = complete ? Finish(slot, code, &found, "Test") : Status.Empty;
        return complete;
    }

    internal override void WaitAll(ReadOnlySpan<Request> requests, Span<Status> found)
    {
        using NativeRequests native = new(requests.Length, stackalloc long[NativeRequests.SmallWords]);
        Fill(native, requests);
        int code = mpi.Waitall(requests.Length, native.Handles, native.Statuses);
        FinishAll(requests, native, code, found, "WaitAll");
    }

    internal override bool TestAll(ReadOnlySpan<Request> requests, Span<Status> found)
    {
        using NativeRequests native = new(requests.Length, stackalloc long[NativeRequests.SmallWords]);
        Fill(native, requests);
        int done;
        int code = mpi.Testall(requests.Length, native.Handles, &done, native.Statuses);
        if (code == 0 && done == 0)
            return false;
        FinishAll(requests, native, code, found, "TestAll");
        return true;
    }

    internal override int WaitAny(ReadOnlySpan<Request> requests, out Status status)
    {
        using NativeRequests native = new(requests.Length, stackalloc long[NativeRequests.SmallWords]);
        Fill(native, requests);
        int index = -1;
        NativeStatus found;
        int code = mpi.Waitany(requests.Length, native.Handles, &index, &found);
        status = FinishAny(requests, ref index, code, &found, "WaitAny");
        return index;
    }

    internal override bool TestAny(ReadOnlySpan<Request> requests, out int index, out Status status)
    {
        using NativeRequests native = new(requests.Length, stackalloc long[NativeRequests.SmallWords]);
        Fill(native, requests);
        int at = -1, done;
        NativeStatus found;
        int code = mpi.Testany(requests.Length, native.Handles, &at, &done, &found);
        bool complete = code != 0 || done != 0;
        if (!complete)
            at = -1;
        status = complete ? FinishAny(requests, ref at, code, &found, "TestAny") : Status.Empty;
        index = at;
        return complete;
    }

    // Requests that are not active stand as MPI_REQUEST_NULL, so that MPI's indices are the caller's.
    private void Fill(in NativeRequests native, ReadOnlySpan<Request> requests)
    {
        for (int i = 0; i < requests.Length; i++)
            abi.Store(native.Handles, i, requests[i].IsActive ? At(requests[i].Slot).Native : abi.NullRequest);
    }

    private Status FinishAny(ReadOnlySpan<Request> requests, ref int index, int code, NativeStatus* found, string call)
    {
        errors.ThrowIfBrokenOff(code, call);
        if ((uint)index < (uint)requests.Length && requests[index].IsActive)
            return Finish(requests[index].Slot, code, found, call);
        errors.Check(code, call);
        index = -1;                                     // MPI_UNDEFINED: none was active
        return Status.Empty;
    }

    private void FinishAll(ReadOnlySpan<Request> requests, in NativeRequests native, int code, Span<Status> found, string call)
    {
        if (code == 0 && found.IsEmpty)
        {
            foreach (ref readonly Request request in requests)
                if (request.IsActive)
                    End(request.Slot, isWanted: false, null);
            return;
        }
        errors.ThrowIfBrokenOff(code, call);
        int firstError = code == abi.ErrorInStatus ? 0 : code;
        for (int i = 0; i < requests.Length; i++)
        {
            byte* at = (byte*)native.Statuses + (nint)i * abi.StatusBytes;
            // MPI_ERROR is written only when the call says that errors are in the statuses.
            int error = code == abi.ErrorInStatus ? abi.ErrorOf(at) : 0;
            Status status = Status.Empty;
            if (requests[i].IsActive && error != abi.ErrorPending)
                status = End(requests[i].Slot, isWanted: error == 0 && !found.IsEmpty, at);
            if (firstError == 0 && error != abi.ErrorPending)
                firstError = error;
            if (!found.IsEmpty)
                found[i] = status;
        }
        errors.Check(firstError, call);
    }

    private Status Finish(int slot, int code, NativeStatus* found, string call)
    {
        if (code != 0)
            errors.ThrowIfBrokenOff(code, call);
        Status status = End(slot, isWanted: code == 0, found);
        errors.Check(code, call);
        return status;
    }

    private Status End(int slot, bool isWanted, void* found)
    {
        object? kept = At(slot).Kept;
        Status status = isWanted && kept is not null ? Read(kept, found) : Status.Empty;
        if (kept is not null && kept != Receive)
            GiveBack(slot, kept);
        Complete(slot);
        return status;
    }

    private Status Read(object kept, void* found) =>
        kept == Receive ? statuses.Read(found)
        : kept != CancelledReceive ? Status.Empty
        : statuses.IsCancelled(found) ? Status.Empty with { Cancelled = true } : statuses.Read(found);

    private void GiveBack(int slot, object kept)
    {
        using Lock.Scope guard = Enter();
        if (kept is int[] counts)
            freeCounts.Push(counts);
        else
            At(slot).Kept = Receive;                    // a persistent receive that was cancelled may be started again
    }
}
