using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SoraHpc.Runtime.Stealing;

/// <summary>
/// One rank's own tasks, oldest to newest in one piece of memory; nobody else touches it. The rank works at the newest end, which
/// keeps the queue short; the oldest, from which most work tends to follow, are the ones given away.
/// </summary>
public sealed unsafe class TaskQueue<TTask> : IDisposable where TTask : unmanaged
{
    private TTask* tasks;
    private int oldest, end, capacity;

    /// <param name="capacity">Tasks that fit before the queue grows, ≥ 1.</param>
    public TaskQueue(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        this.capacity = capacity;
        tasks = (TTask*)NativeMemory.Alloc((nuint)capacity, (nuint)sizeof(TTask));
    }

    /// <summary>Tasks waiting here.</summary>
    public int Count => end - oldest;

    /// <summary>Adds a task that some rank is to execute. Allocates only when the queue grows beyond all it has held.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Push(in TTask task)
    {
        if (end == capacity)
            MakeRoom(1);
        tasks[end++] = task;
    }

    /// <summary>Adds tasks, the last of them as the newest.</summary>
    public void Push(ReadOnlySpan<TTask> added)
    {
        added.CopyTo(Reserve(added.Length));
        Commit(added.Length);
    }

    /// <summary>Throws away what is here.</summary>
    public void Clear() => oldest = end = 0;

    /// <summary>Memory after the newest task, for tasks still to come.</summary>
    internal Span<TTask> Reserve(int count)
    {
        if (count > capacity - end)
            MakeRoom(count);
        return new(tasks + end, count);
    }

    /// <summary>The first <paramref name="count"/> tasks reserved are now in the queue.</summary>
    internal void Commit(int count) => end += count;

    /// <summary>Moves the newest tasks out, as many as fit; returns how many.</summary>
    internal int PopNewest(Span<TTask> into)
    {
        int count = Math.Min(into.Length, Count);
        new ReadOnlySpan<TTask>(tasks + end - count, count).CopyTo(into);
        end -= count;
        if (end == oldest)
            oldest = end = 0;
        return count;
    }

    /// <summary>The oldest tasks, to be copied and then given up by <see cref="DropOldest"/>.</summary>
    internal ReadOnlySpan<TTask> Oldest(int count) => new(tasks + oldest, count);

    internal void DropOldest(int count) => oldest += count;

    /// <summary>Frees the memory.</summary>
    public void Dispose()
    {
        NativeMemory.Free(tasks);
        tasks = null;
        oldest = end = capacity = 0;
    }

    // Tasks move down when at least half the memory is free below them, else to a larger piece: either way the cost per push
    // stays bounded.
    private void MakeRoom(int count)
    {
        if (Count + count <= capacity / 2)
            new ReadOnlySpan<TTask>(tasks + oldest, Count).CopyTo(new Span<TTask>(tasks, Count));
        else
        {
            int larger = (int)Math.Max(Math.Min(2L * capacity, Array.MaxLength), checked(Count + count));
            var moved = (TTask*)NativeMemory.Alloc((nuint)larger, (nuint)sizeof(TTask));
            new ReadOnlySpan<TTask>(tasks + oldest, Count).CopyTo(new Span<TTask>(moved, Count));
            NativeMemory.Free(tasks);
            tasks = moved;
            capacity = larger;
        }
        (oldest, end) = (0, Count);
    }
}
