namespace SoraHpc.Communication.Threads;

/// <summary>One rank's memory in a window, and who holds it locked.</summary>
internal sealed unsafe class WindowShare
{
    // On the pinned heap and kept alive by the windows that see it: nobody can read freed memory, also when a rank fails.
    private readonly byte[]? small;
    private readonly long[]? large;
    private readonly LockKind?[] holders;
    private readonly Dictionary<nint, nint> attached = [];     // bytes by address; of a dynamic window only

    internal WindowShare(int length, ElementType type, int ranks)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        (Length, holders) = (length, new LockKind?[ranks]);
        long bytes = (long)length * type.Size + AlignedBuffer<byte>.Alignment;
        nint start;
        if (bytes <= Array.MaxLength)
            fixed (byte* first = small = GC.AllocateArray<byte>((int)bytes, pinned: true))
                start = (nint)first;
        else
            fixed (long* first = large = GC.AllocateArray<long>(checked((int)(bytes / sizeof(long)) + 1), pinned: true))
                start = (nint)first;
        Address = (byte*)(start + AlignedBuffer<byte>.Alignment - 1 & -AlignedBuffer<byte>.Alignment);
    }

    internal byte* Address { get; }

    /// <summary>In elements of the window's type.</summary>
    internal int Length { get; }

    /// <summary>Makes accesses that no processor instruction does at once atomic against each other.</summary>
    internal Lock Atomic { get; } = new();

    internal void Attach(nint address, nint bytes)
    {
        lock (attached)
            attached.Add(address, bytes);
    }

    internal void Detach(nint address)
    {
        lock (attached)
            attached.Remove(address);
    }

    /// <summary>All the bytes are in one piece of attached memory.</summary>
    internal bool HasAttached(nint address, nint bytes)
    {
        lock (attached)
            foreach ((nint start, nint length) in attached)
                if (address >= start && address + bytes <= start + length)
                    return true;
        return false;
    }

    internal bool TryLock(int rank, LockKind kind)
    {
        lock (holders)
        {
            foreach (LockKind? held in holders)
                if (held == LockKind.Exclusive || held is not null && kind == LockKind.Exclusive)
                    return false;
            holders[rank] = kind;
            return true;
        }
    }

    internal void Unlock(int rank)
    {
        lock (holders)
            holders[rank] = null;
    }

    internal bool IsHeldBy(int rank) => holders[rank] is not null;
}

/// <summary>What a rank gets from allocating a window: a group of its own for fences, and everybody's memory.</summary>
internal sealed record WindowSeat(ThreadGroup Group, WindowShare[] Shares);
