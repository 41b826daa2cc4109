namespace SoraHpc.Communication;

/// <summary>Where the memory of a window comes from.</summary>
internal enum WindowKind
{
    /// <summary>Each rank's share is allocated with it.</summary>
    Allocated,
    /// <summary>As above, in memory all ranks load and store.</summary>
    Shared,
    /// <summary>Ranks attach memory of theirs.</summary>
    Dynamic,
}

/// <summary>What a transport implements for windows: offsets in elements; in a dynamic window addresses in the target's memory. Range errors throw before
/// any access; of a dynamic window only threads know what is attached.</summary>
internal abstract unsafe class WindowCore : IDisposable
{
    internal abstract void* LocalAddress { get; }
    internal abstract int LocalLength { get; }
    internal abstract void* SharedAddress(int rank, out int length);
    internal abstract void Attach(void* address, nint bytes);
    internal abstract void Detach(void* address);
    internal abstract void Put(in Payload data, int target, nint offset);
    internal abstract void Get(in Payload data, int target, nint offset);
    internal abstract void Accumulate(in Payload data, int target, nint offset, ReduceOperation operation);
    internal abstract void FetchAndOperate(void* value, void* old, ElementType type, int target, nint offset, ReduceOperation operation);
    internal abstract void CompareAndSwap(void* value, void* expected, void* old, ElementType type, int target, nint offset);
    internal abstract void Lock(int target, LockKind kind);
    internal abstract void Unlock(int target);
    internal abstract void LockAll();
    internal abstract void UnlockAll();
    internal abstract void Flush(int target);
    internal abstract void FlushAll();
    internal abstract void Sync();
    internal abstract void Fence();
    public abstract void Dispose();
}
