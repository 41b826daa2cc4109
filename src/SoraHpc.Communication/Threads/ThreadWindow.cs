using SoraHpc.Communication.Reductions;

namespace SoraHpc.Communication.Threads;

/// <summary>One rank's view of a window over threads: accesses happen at once, in the caller, on the target's memory.</summary>
internal sealed unsafe class ThreadWindow(WindowSeat seat, ThreadCommunicator ranks, ThreadRank self, WindowKind kind) : WindowCore
{
    private readonly int rank = ranks.Rank;
    private bool fenced, disposed;

    internal override void* LocalAddress => seat.Shares[rank].Address;

    internal override int LocalLength => seat.Shares[rank].Length;

    internal override void* SharedAddress(int target, out int length)
    {
        if (kind != WindowKind.Shared)
            Throw("the window is not shared: make it with AllocateSharedWindow", "SharedOf", ErrorClass.Window);
        CheckTarget(target, "SharedOf");
        length = seat.Shares[target].Length;
        return seat.Shares[target].Address;
    }

    internal override void Attach(void* address, nint bytes)
    {
        CheckTarget(rank, nameof(Attach));
        seat.Shares[rank].Attach((nint)address, bytes);
    }

    internal override void Detach(void* address)
    {
        CheckTarget(rank, nameof(Detach));
        seat.Shares[rank].Detach((nint)address);
    }

    internal override void Put(in Payload data, int target, nint offset)
    {
        byte* into = Access(target, offset, data.Count, data.Type, nameof(Put));
        Buffer.MemoryCopy(data.Address, into, data.Bytes, data.Bytes);
        self.EndAccess();
    }

    internal override void Get(in Payload data, int target, nint offset)
    {
        byte* from = Access(target, offset, data.Count, data.Type, nameof(Get));
        Buffer.MemoryCopy(from, data.Address, data.Bytes, data.Bytes);
        self.EndAccess();
    }

    internal override void Accumulate(in Payload data, int target, nint offset, ReduceOperation operation)
    {
        CheckOperation(operation, data.Type, nameof(Accumulate));
        byte* into = Access(target, offset, data.Count, data.Type, nameof(Accumulate)), from = (byte*)data.Address;
        byte* old = stackalloc byte[AtomicElement.LargestBytes];
        for (nint i = 0; i < data.Count; i++, into += data.Type.Size, from += data.Type.Size)
            AtomicElement.Update(seat.Shares[target].Atomic, operation, data.Type, into, from, old);
        self.EndAccess();
    }

    internal override void FetchAndOperate(void* value, void* old, ElementType element, int target, nint offset, ReduceOperation operation)
    {
        CheckOperation(operation, element, nameof(FetchAndOperate));
        byte* into = Access(target, offset, 1, element, nameof(FetchAndOperate));
        AtomicElement.Update(seat.Shares[target].Atomic, operation, element, into, (byte*)value, (byte*)old);
        self.EndAccess();
    }

    internal override void CompareAndSwap(void* value, void* expected, void* old, ElementType element, int target, nint offset)
    {
        if (element.Kind is not (>= ElementKind.Int8 and <= ElementKind.UInt64 or ElementKind.Boolean))
            Throw($"not defined on {element.Kind} elements", nameof(CompareAndSwap), ErrorClass.Type);
        byte* at = Access(target, offset, 1, element, nameof(CompareAndSwap));
        AtomicElement.CompareAndSwap(seat.Shares[target].Atomic, element, at, (byte*)value, (byte*)expected, (byte*)old);
        self.EndAccess();
    }

    internal override void Lock(int target, LockKind kind)
    {
        CheckTarget(target, nameof(Lock));
        if (seat.Shares[target].IsHeldBy(rank))
            Throw($"rank {target}'s share is locked already by this rank", nameof(Lock), ErrorClass.Window);
        var free = new Lockable(seat, rank, target, kind);
        self.Wait(ref free, nameof(Lock));
    }

    internal override void Unlock(int target)
    {
        CheckTarget(target, nameof(Unlock));
        if (!seat.Shares[target].IsHeldBy(rank))
            Throw($"rank {target}'s share is not locked by this rank", nameof(Unlock), ErrorClass.Window);
        seat.Shares[target].Unlock(rank);
        foreach (ThreadRank member in seat.Group.Members)
            if (member != self)
                member.Wake();
    }

    internal override void LockAll()
    {
        for (int target = 0; target < seat.Shares.Length; target++)
            Lock(target, LockKind.Shared);
    }

    internal override void UnlockAll()
    {
        for (int target = 0; target < seat.Shares.Length; target++)
            Unlock(target);
    }

    internal override void Flush(int target)
    {
        CheckTarget(target, nameof(Flush));
        Interlocked.MemoryBarrier();
    }

    internal override void FlushAll() => Interlocked.MemoryBarrier();

    internal override void Sync() => Interlocked.MemoryBarrier();

    internal override void Fence()
    {
        ranks.Barrier();
        fenced = true;
    }

    public override void Dispose()
    {
        if (disposed)
            return;
        disposed = true;
        if (self.World.Failure is null)
            ranks.Barrier();                // nobody loses a share another rank still reads
        ranks.Dispose();
    }

    private byte* Access(int target, nint offset, nint count, ElementType type, string call)
    {
        CheckTarget(target, call);
        WindowShare share = seat.Shares[target];
        if (kind == WindowKind.Dynamic ? !share.HasAttached(offset, count * type.Size) : offset < 0 || offset + count > share.Length)
            Throw(kind == WindowKind.Dynamic ? $"{count * type.Size} B at address {offset:x} are not attached by rank {target}"
                : $"elements [{offset}, {offset + count}) are not within the {share.Length} of rank {target}", call, ErrorClass.Argument);
        if (!fenced && !share.IsHeldBy(rank))
            Throw($"no access to rank {target} is open: call Fence or Lock before", call, ErrorClass.Window);
        if (kind != WindowKind.Dynamic)
            return share.Address + offset * type.Size;
        self.BeginAccess(call);
        return (byte*)offset;
    }

    private void CheckTarget(int target, string call)
    {
        self.World.Enter(self, call);
        if (disposed)
            Throw("the window is closed", call, ErrorClass.Closed);
        if ((uint)target >= (uint)seat.Shares.Length)
            Throw($"rank {target} is not in [0, {seat.Shares.Length})", call, ErrorClass.Rank);
    }

    private void CheckOperation(ReduceOperation operation, ElementType type, string call)
    {
        if (operation.Kind == ReduceKind.User || type.Kind == ElementKind.Opaque || !operation.Accepts(type))
            Throw($"{operation} is not defined one-sided on {type.Kind} elements", call, ErrorClass.Operation);
    }

    private void Throw(string message, string call, ErrorClass kind) => throw new CommunicationException(message, call, self.WorldRank, kind);

    private readonly struct Lockable(WindowSeat seat, int rank, int target, LockKind kind) : ICondition
    {
        public bool Holds() => seat.Shares[target].TryLock(rank, kind);

        public string? WhyStuck()
        {
            if (seat.Group.World.LeftCount > 0)
                for (int r = 0; r < seat.Shares.Length; r++)
                    if (r != rank && seat.Group.Members[r].HasLeft && seat.Shares[target].IsHeldBy(r))
                        return $"rank {seat.Group.WorldRankOf(r)} has left the world with rank {target}'s share locked";
            return null;
        }
    }
}
