namespace SoraHpc.Runtime.Stealing;

/// <summary>
/// The part of one rank's tasks that others may take: a ring in memory all ranks of the node load and store, and one word that
/// says which slots hold tasks: position of the oldest in the upper half, count in the lower. The owner adds behind the newest
/// and takes back from there; thieves take from the oldest. All do it by compare-and-swap on the word.
/// </summary>
/// <remarks>
/// Nothing is read before a swap succeeds but the word itself, and the word alone says which slots are tasks: whoever swaps it owns
/// what it took off, whatever happened in between. A thief then copies, and adds to <c>copied</c> when it is done; the owner writes
/// a slot again only when all thieves that could be copying from it have said so.
/// </remarks>
internal readonly unsafe struct SharedTasks<TTask> where TTask : unmanaged
{
    private readonly long* word, copied, rate;
    private readonly TTask* ring;
    private readonly int capacity;

    /// <param name="header">Three cache lines of <see cref="StealingBoard{TTask}.Line"/> words: the word, tasks copied, the rank's speed.</param>
    /// <param name="capacity">Slots of the ring, a power of two.</param>
    internal SharedTasks(long* header, TTask* ring, int capacity)
    {
        word = header;
        copied = header + StealingBoard<TTask>.Line;
        rate = header + 2 * StealingBoard<TTask>.Line;
        this.ring = ring;
        this.capacity = capacity;
    }

    /// <summary>Tasks there to be taken, when last looked.</summary>
    internal int Count => CountOf(Volatile.Read(ref *word));

    /// <summary>Tasks per second its owner executes, as it measured itself; 0 before it knows.</summary>
    internal double Rate
    {
        get => BitConverter.Int64BitsToDouble(Volatile.Read(ref *rate));
        set => Volatile.Write(ref *rate, BitConverter.DoubleToInt64Bits(value));
    }

    /// <summary>Owner: empty, before any thief looks.</summary>
    internal void Reset()
    {
        Volatile.Write(ref *word, 0);
        Volatile.Write(ref *copied, 0);
    }

    /// <summary>Owner: moves up to <paramref name="count"/> of the oldest tasks of <paramref name="queue"/> here; returns how many had room.</summary>
    /// <param name="settled">Owner's memory from call to call, at first 0: no thief copies from a slot before this position.</param>
    internal int Publish(TaskQueue<TTask> queue, int count, ref uint settled)
    {
        // In this order: what was copied by then equals all that is claimed by now only when nobody is copying.
        uint done = (uint)Volatile.Read(ref *copied);
        long seen = Volatile.Read(ref *word);
        uint position = PositionOf(seen), end = position + (uint)CountOf(seen);     // thieves never change the end
        if (done == position)
            settled = position;
        count = Math.Min(count, capacity - (int)(end - settled));
        if (count == 0)
            return 0;
        ReadOnlySpan<TTask> oldest = queue.Oldest(count);
        int slot = SlotOf(end), straight = Math.Min(count, capacity - slot);
        oldest[..straight].CopyTo(new Span<TTask>(ring + slot, straight));
        oldest[straight..].CopyTo(new Span<TTask>(ring, count - straight));
        queue.DropOldest(count);
        while (true)
        {
            long found = Interlocked.CompareExchange(ref *word, Pack(PositionOf(seen), CountOf(seen) + count), seen);
            if (found == seen)
                return count;
            seen = found;
        }
    }

    /// <summary>Owner: takes the newest half back into <paramref name="queue"/>; returns how many, 0 when nothing is here.</summary>
    internal int Reclaim(TaskQueue<TTask> queue)
    {
        long seen = Volatile.Read(ref *word);
        while (true)
        {
            int count = CountOf(seen), taken = (count + 1) / 2;
            if (count == 0)
                return 0;
            long found = Interlocked.CompareExchange(ref *word, Pack(PositionOf(seen), count - taken), seen);
            if (found == seen)
            {
                Copy(PositionOf(seen) + (uint)(count - taken), queue.Reserve(taken));
                queue.Commit(taken);
                return taken;
            }
            seen = found;
        }
    }

    /// <summary>Thief: takes the oldest tasks into <paramref name="queue"/>; returns how many, 0 when nothing is here.</summary>
    /// <param name="share">Part of the tasks to take, in (0, 1); at least one task.</param>
    internal int Steal(TaskQueue<TTask> queue, double share)
    {
        long seen = Volatile.Read(ref *word);
        while (true)
        {
            int count = CountOf(seen), taken = Math.Max(1, (int)(count * share));
            if (count == 0)
                return 0;
            long found = Interlocked.CompareExchange(ref *word, Pack(PositionOf(seen) + (uint)taken, count - taken), seen);
            if (found == seen)
            {
                Copy(PositionOf(seen), queue.Reserve(taken));
                Interlocked.Add(ref *copied, taken);
                queue.Commit(taken);
                return taken;
            }
            seen = found;
        }
    }

    private void Copy(uint position, Span<TTask> into)
    {
        int slot = SlotOf(position), straight = Math.Min(into.Length, capacity - slot);
        new ReadOnlySpan<TTask>(ring + slot, straight).CopyTo(into);
        new ReadOnlySpan<TTask>(ring, into.Length - straight).CopyTo(into[straight..]);
    }

    private int SlotOf(uint position) => (int)(position & (uint)(capacity - 1));

    private static uint PositionOf(long word) => (uint)(word >>> 32);

    private static int CountOf(long word) => (int)word;

    private static long Pack(uint position, int count) => (long)position << 32 | (uint)count;
}
