using System.Buffers;

namespace SoraHpc.Communication;

/// <summary>
/// The started transfers of one rank: a request names a slot here, so that starting a transfer allocates nothing and a stale
/// request is recognised by its generation. One table per rank, shared by all its communicators. Transports supply the <c>…Core</c>.
/// </summary>
internal abstract unsafe class RequestTable
{
    /// <summary>One started or persistent transfer.</summary>
    protected internal struct Slot
    {
        /// <summary>The transport's own request (an MPI handle, an index).</summary>
        internal nint Native;
        /// <summary>Whatever else the transport must keep until completion (count arrays, a posted operation).</summary>
        internal object? Kept;
        internal int Generation;
        internal bool Persistent, Active;
        /// <summary>Whether <see cref="pins"/> holds something for this slot: native memory needs no pin.</summary>
        internal bool Pinned;
        /// <summary>The next slot of the free list, while this one is on it.</summary>
        internal int NextFree;
    }

    private const int NoSlot = -1;

    // Null unless several threads of the rank may start and complete transfers at the same time. The guarded forms stand apart:
    // a try block would keep the common ones from being inlined.
    private readonly Lock? gate;
    private Slot[] slots = new Slot[64];
    private (MemoryHandle First, MemoryHandle Second)[] pins = new (MemoryHandle, MemoryHandle)[64];
    private int used, firstFree = NoSlot;

    /// <param name="concurrent">Several threads use the table at the same time: <see cref="ThreadLevel.Multiple"/>.</param>
    protected RequestTable(bool concurrent = false) => gate = concurrent ? new Lock() : null;

    /// <summary>Guards the slots until disposed; costs one comparison where one thread at a time uses them. Never held while waiting.</summary>
    protected Lock.Scope Enter() => gate is null ? default : gate.EnterScope();

    /// <summary>Transfers started and not completed: reported when the world closes with some left.</summary>
    internal int ActiveCount { get; private set; }

    /// <summary>Slots that ever were in use.</summary>
    protected int Used => used;

    protected ref Slot At(int slot) => ref slots[slot];

    /// <summary>Enters a transfer. A persistent one starts inactive, any other is active.</summary>
    internal Request Add(nint native, object? kept = null, bool persistent = false) =>
        gate is null ? AddUnguarded(native, kept, persistent) : AddGuarded(native, kept, persistent);

    private Request AddGuarded(nint native, object? kept, bool persistent)
    {
        lock (gate!)
            return AddUnguarded(native, kept, persistent);
    }

    private Request AddUnguarded(nint native, object? kept, bool persistent)
    {
        int slot = firstFree != NoSlot ? firstFree : NewSlot();
        ref Slot entry = ref slots[slot];
        firstFree = entry.NextFree;
        entry.Native = native;
        entry.Kept = kept;
        entry.Persistent = persistent;
        entry.Active = !persistent;
        ActiveCount += persistent ? 0 : 1;
        return new Request(this, slot, entry.Generation);
    }

    // A slot never used before, standing for a free list of one.
    private int NewSlot()
    {
        if (used == slots.Length)
        {
            Array.Resize(ref slots, 2 * used);
            Array.Resize(ref pins, 2 * used);
        }
        slots[used].NextFree = NoSlot;
        return used++;
    }

    /// <summary>Hands the buffers' pins to the transfer; they are released when it ends.</summary>
    internal Request Hold(Request request, in MemoryHandle first, in MemoryHandle second = default)
    {
        if (request.Table is null)          // completed at once (null neighbour): nothing to keep
        {
            first.Dispose();
            second.Dispose();
            return request;
        }
        if (first.Pointer is null && second.Pointer is null)
            return request;
        using Lock.Scope guard = Enter();
        pins[request.Slot] = (first, second);
        slots[request.Slot].Pinned = true;
        return request;
    }

    internal bool IsActive(Request request) => gate is null ? IsActiveUnguarded(request) : IsActiveGuarded(request);

    private bool IsActiveGuarded(Request request)
    {
        lock (gate!)
            return IsActiveUnguarded(request);
    }

    private bool IsActiveUnguarded(Request request)
    {
        ref Slot entry = ref slots[request.Slot];
        return entry.Generation == request.Generation && entry.Active;
    }

    /// <summary>The table behind the active requests; null when none is active.</summary>
    internal static RequestTable? CommonTable(ReadOnlySpan<Request> requests)
    {
        RequestTable? table = null;
        foreach (ref readonly Request request in requests)
            if (request.IsActive)
                table = table is null || table == request.Table ? request.Table
                    : throw new ArgumentException("the requests belong to different worlds", nameof(requests));
        return table;
    }

    /// <summary>Ends an active transfer: pins released; the slot is freed unless persistent. Called by the transports' Core.</summary>
    protected void Complete(int slot)
    {
        if (gate is null)
            CompleteUnguarded(slot);
        else
            CompleteGuarded(slot);
    }

    private void CompleteGuarded(int slot)
    {
        lock (gate!)
            CompleteUnguarded(slot);
    }

    private void CompleteUnguarded(int slot)
    {
        ref Slot entry = ref slots[slot];
        entry.Active = false;
        ActiveCount--;
        if (!entry.Persistent)
            Release(slot);
    }

    private void Release(int slot)
    {
        ref Slot entry = ref slots[slot];
        if (entry.Pinned)
            ReleasePins(slot);
        (entry.Kept, entry.Persistent) = (null, false);
        entry.Generation++;
        entry.NextFree = firstFree;
        firstFree = slot;
    }

    /// <summary>Releases every buffer. Nobody may access one any more.</summary>
    protected void ReleaseAllPins()
    {
        for (int slot = 0; slot < used; slot++)
            if (slots[slot].Pinned)
                ReleasePins(slot);
    }

    private void ReleasePins(int slot)
    {
        pins[slot].First.Dispose();
        pins[slot].Second.Dispose();
        pins[slot] = default;
        slots[slot].Pinned = false;
    }

    internal void Start(Request request)
    {
        using Lock.Scope guard = Enter();
        ref Slot entry = ref slots[request.Slot];
        if (entry.Generation != request.Generation)
            throw new ObjectDisposedException(nameof(PersistentRequest));
        if (entry.Active)
            throw new InvalidOperationException("the persistent request is already started: wait for it first");
        StartCore(request.Slot);
        slots[request.Slot].Active = true;
        ActiveCount++;
    }

    internal void Free(Request request)
    {
        using Lock.Scope guard = Enter();
        if (slots[request.Slot].Generation != request.Generation)
            return;
        if (slots[request.Slot].Active)
            throw new InvalidOperationException("the persistent request is still active: wait for it before disposing it");
        FreeCore(request.Slot);
        Release(request.Slot);
    }

    internal Status Wait(Request request) => IsActive(request) ? WaitCore(request.Slot) : Status.Empty;

    internal bool Test(Request request, out Status status)
    {
        status = Status.Empty;
        return !IsActive(request) || TestCore(request.Slot, out status);
    }

    internal void Cancel(Request request)
    {
        if (IsActive(request))
            CancelCore(request.Slot);
    }

    // Each Core gets an active slot and calls Complete(slot) once the transfer has ended.
    protected abstract void StartCore(int slot);
    protected abstract void FreeCore(int slot);
    protected abstract Status WaitCore(int slot);
    protected abstract bool TestCore(int slot, out Status status);
    protected abstract void CancelCore(int slot);

    // The array forms skip inactive requests (Status.Empty for them); at least one is active when these are called.
    internal abstract void WaitAll(ReadOnlySpan<Request> requests, Span<Status> statuses);
    internal abstract int WaitAny(ReadOnlySpan<Request> requests, out Status status);
    internal abstract bool TestAny(ReadOnlySpan<Request> requests, out int index, out Status status);
    internal abstract bool TestAll(ReadOnlySpan<Request> requests, Span<Status> statuses);
}
