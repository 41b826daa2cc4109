using System.Buffers;

namespace SoraHpc.Communication;

/// <summary>How a window is locked.</summary>
public enum LockKind
{
    /// <summary>Others may hold it too: puts to distinct places, atomics, gets.</summary>
    Shared,
    /// <summary>Nobody else may hold it: read-modify-write.</summary>
    Exclusive,
}

/// <summary>
/// Memory of every rank that the others read and write one-sidedly. Offsets and lengths in elements of T. Access happens
/// between <see cref="Fence"/>s, or under <see cref="Lock"/>/<see cref="LockAll"/>. Buffers of Put, Get
/// and Accumulate stay untouched until the next Flush, Unlock or Fence.
/// </summary>
public sealed unsafe class Window<T> : IDisposable where T : unmanaged
{
    private readonly WindowCore core;
    private readonly List<MemoryHandle> pins = [];

    internal Window(WindowCore core) => this.core = core;

    /// <summary>This rank's share, as the others see it.</summary>
    public Span<T> Local => new(core.LocalAddress, core.LocalLength);

    /// <summary>A rank's share by load and store; only for windows from <see cref="Communicator.AllocateSharedWindow{T}"/>.</summary>
    public Span<T> SharedOf(int rank)
    {
        void* address = core.SharedAddress(rank, out int length);
        return new(address, length);
    }

    /// <summary>Writes into the target's share. <paramref name="data"/> must stay unchanged until the access is completed.</summary>
    public void Put(ReadOnlyMemory<T> data, int target, int offset) => core.Put(Pin(data), target, offset);

    /// <summary>Reads from the target's share; the data is there once the access is completed.</summary>
    public void Get(Memory<T> data, int target, int offset) => core.Get(Pin(data), target, offset);

    /// <summary>As above from native memory, which needs no pin.</summary>
    public void Put(Payload data, int target, int offset) => core.Put(Checked(data, nameof(Put)), target, offset);

    /// <summary>As above into native memory, which needs no pin.</summary>
    public void Get(Payload data, int target, int offset) => core.Get(Checked(data, nameof(Get)), target, offset);

    /// <summary>target = target ∘ data, element-wise and atomic per element.</summary>
    public void Accumulate(ReadOnlyMemory<T> data, int target, int offset, ReduceOperation operation) => core.Accumulate(Pin(data), target, offset, operation);

    /// <summary>Atomically replaces one element by element ∘ value; returns what it was. Completes before it returns. Needs a lock.</summary>
    public T FetchAndOperate(T value, int target, int offset, ReduceOperation operation)
    {
        T old = default;
        core.FetchAndOperate(&value, &old, ElementType.Of<T>(), target, offset, operation);
        return old;
    }

    /// <summary>Atomically stores <paramref name="value"/> if the element equals <paramref name="expected"/>; returns what it was. Integers only. Needs a lock.</summary>
    public T CompareAndSwap(T value, T expected, int target, int offset)
    {
        T old = default;
        core.CompareAndSwap(&value, &expected, &old, ElementType.Of<T>(), target, offset);
        return old;
    }

    /// <summary>Opens access to one rank's share.</summary>
    public void Lock(int target, LockKind kind = LockKind.Shared) => core.Lock(target, kind);

    /// <summary>Completes and ends the access to one rank's share.</summary>
    public void Unlock(int target)
    {
        core.Unlock(target);
        ReleasePins();
    }

    /// <summary>Opens shared access to every rank's share.</summary>
    public void LockAll() => core.LockAll();

    /// <summary>Completes and ends the access to every rank's share.</summary>
    public void UnlockAll()
    {
        core.UnlockAll();
        ReleasePins();
    }

    /// <summary>Completes what was started to one rank, here and there. Needs a lock.</summary>
    public void Flush(int target) => core.Flush(target);

    /// <summary>Completes what was started to every rank, here and there. Needs a lock.</summary>
    public void FlushAll()
    {
        core.FlushAll();
        ReleasePins();
    }

    /// <summary>Makes stores of this rank visible to the others and theirs to it (memory barrier of the window).</summary>
    public void Sync() => core.Sync();

    /// <summary>Completes all accesses of all ranks. Collective.</summary>
    public void Fence()
    {
        core.Fence();
        ReleasePins();
    }

    /// <summary>Frees the window. Collective.</summary>
    public void Dispose()
    {
        core.Dispose();
        ReleasePins();
    }

    private static Payload Checked(in Payload data, string call) => data.Type == ElementType.Of<T>() ? data
        : throw new CommunicationException($"{data.Type.Kind} elements of {data.Type.Size} B for a window of {typeof(T).Name}", call, -1, ErrorClass.Type);

    private Payload Pin(ReadOnlyMemory<T> data)
    {
        MemoryHandle pin = data.Pin();
        pins.Add(pin);
        return new(pin.Pointer, data.Length, ElementType.Of<T>());
    }

    private void ReleasePins()
    {
        foreach (MemoryHandle pin in pins)
            pin.Dispose();
        pins.Clear();
    }
}

/// <summary>What a transport implements for <see cref="Window{T}"/>: offsets in elements; range errors throw before any access.</summary>
internal abstract unsafe class WindowCore : IDisposable
{
    internal abstract void* LocalAddress { get; }
    internal abstract int LocalLength { get; }
    internal abstract void* SharedAddress(int rank, out int length);
    internal abstract void Put(in Payload data, int target, int offset);
    internal abstract void Get(in Payload data, int target, int offset);
    internal abstract void Accumulate(in Payload data, int target, int offset, ReduceOperation operation);
    internal abstract void FetchAndOperate(void* value, void* old, ElementType type, int target, int offset, ReduceOperation operation);
    internal abstract void CompareAndSwap(void* value, void* expected, void* old, ElementType type, int target, int offset);
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

public abstract unsafe partial class Communicator
{
    /// <summary>Allocates <paramref name="length"/> zeroed elements on this rank (may differ over ranks) and opens them to the others. Collective.</summary>
    public Window<T> AllocateWindow<T>(int length) where T : unmanaged => new(AllocateWindowCore(length, ElementType.Of<T>(), shared: false));

    /// <summary>As <see cref="AllocateWindow{T}"/> in memory every rank of the node can load and store; on a communicator from <see cref="SplitShared"/>. Collective.</summary>
    public Window<T> AllocateSharedWindow<T>(int length) where T : unmanaged => new(AllocateWindowCore(length, ElementType.Of<T>(), shared: true));

    private protected abstract WindowCore AllocateWindowCore(int length, ElementType type, bool shared);
}
