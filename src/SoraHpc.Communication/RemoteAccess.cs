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

/// <summary>When ranks may access each other's memory one-sidedly, and when an access is complete: the same for all windows. Used by one thread per rank.</summary>
public abstract unsafe class RemoteAccess : IDisposable
{
    private readonly List<MemoryHandle> pins = [];

    private protected RemoteAccess(WindowCore core) => Core = core;

    private protected WindowCore Core { get; }

    /// <summary>Opens access to one rank's share.</summary>
    public void Lock(int target, LockKind kind = LockKind.Shared) => Core.Lock(target, kind);

    /// <summary>Completes and ends the access to one rank's share.</summary>
    public void Unlock(int target)
    {
        Core.Unlock(target);
        ReleasePins();
    }

    /// <summary>Opens shared access to every rank's share.</summary>
    public void LockAll() => Core.LockAll();

    /// <summary>Completes and ends the access to every rank's share.</summary>
    public void UnlockAll()
    {
        Core.UnlockAll();
        ReleasePins();
    }

    /// <summary>Completes what was started to one rank, here and there. Needs a lock.</summary>
    public void Flush(int target) => Core.Flush(target);

    /// <summary>Completes what was started to every rank, here and there. Needs a lock.</summary>
    public void FlushAll()
    {
        Core.FlushAll();
        ReleasePins();
    }

    /// <summary>Makes stores of this rank visible to the others and theirs to it (memory barrier of the window).</summary>
    public void Sync() => Core.Sync();

    /// <summary>Completes all accesses of all ranks. Collective.</summary>
    public void Fence()
    {
        Core.Fence();
        ReleasePins();
    }

    /// <summary>Frees the window. Collective.</summary>
    public void Dispose()
    {
        Core.Dispose();
        ReleasePins();
    }

    private protected Payload Pin<T>(ReadOnlyMemory<T> data) where T : unmanaged
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
