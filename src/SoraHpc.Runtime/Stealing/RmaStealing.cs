using System.Diagnostics;
using SoraHpc.Communication;
using SoraHpc.Diagnostics;

namespace SoraHpc.Runtime.Stealing;

/// <summary>
/// Stealing between nodes by one-sided access. A rank offers tasks in one half of a ring and says so in a <see cref="ControlWord"/>; a thief
/// looks at the word, claims by one fetch-and-add, gets the tasks and counts them as copied. The owner takes back by swapping the word to
/// nothing, and writes a half of the ring again when all that was ever claimed of it is copied.
/// </summary>
/// <remarks>All that changes the word, also on its owner, is an atomic of the library: the processor's own need not be atomic against a network card's.
/// Per steal: three accesses of 8 B and one of the tasks.</remarks>
internal sealed unsafe class RmaStealing<TTask> : RemoteStealing<TTask> where TTask : unmanaged
{
    private const int Word = 0, CopiedAt = 1, Words = 3;

    private readonly Window<long> words;
    private readonly Window<TTask> ring;
    private readonly long* own;
    private readonly TTask* tasks;
    private readonly int capacity;
    private readonly long[] claimed = new long[2];
    private int half;

    /// <exception cref="SoraException">More ranks than the word can count.</exception>
    /// <remarks>Collective.</remarks>
    internal RmaStealing(Communicator all, StealingBoard<TTask> board, StealingOptions options, ProbedTransport probed) : base(all, board, options, probed)
    {
        if (all.Size > ControlWord.MostRanks)
            throw new SoraException($"{all.Size} ranks are more than the {ControlWord.MostRanks} that can steal by RMA: let them steal by messages");
        capacity = options.OfferedTasks;
        words = all.AllocateWindow<long>(Words);
        ring = all.AllocateWindow<TTask>(2 * capacity);
        words.LockAll();
        ring.LockAll();
        // The windows' memory does not move: the library's own, or on the pinned heap.
        fixed (long* first = words.Local)
            own = first;
        fixed (TTask* first = ring.Local)
            tasks = first;
    }

    internal override bool WantsOffer => Seen.IsUsedUp;

    // What this rank's own memory shows may be old: claims only grow, so an offer that looks used up is.
    private ControlWord Seen => new(Volatile.Read(ref own[Word]));

    internal override void Offer(TaskQueue<TTask> queue, int count, double rate)
    {
        int next = 1 - half;
        if (Volatile.Read(ref own[CopiedAt + next]) != claimed[next])
            return;
        count = Math.Min(count, capacity);
        queue.Oldest(count).CopyTo(new Span<TTask>(tasks + next * capacity, count));
        queue.DropOldest(count);
        ring.Sync();
        Replace(ControlWord.Offering(count, next, rate));
        half = next;
    }

    internal override int Reclaim(TaskQueue<TTask> queue)
    {
        if (Seen.IsUsedUp)
            return 0;
        ControlWord old = Replace(default);
        int count = old.Left;
        new ReadOnlySpan<TTask>(tasks + half * capacity + old.Claimed, count).CopyTo(queue.Reserve(count));
        queue.Commit(count);
        return count;
    }

    internal override int Steal(int victim, TaskQueue<TTask> queue, double rate)
    {
        long since = Stopwatch.GetTimestamp();
        ControlWord seen = new(words.FetchAndOperate(0, victim, Word, ReduceOperation.NoOperation));
        if (seen.IsUsedUp)
            return 0;
        CountClaim();
        Tries++;
        int blocks = seen.BlocksFor(ShareOf(seen.Left, All.Rank, victim, rate, seen.Rate));
        ControlWord found = new(words.FetchAndOperate(blocks, victim, Word, ReduceOperation.Sum));
        int from = found.Claimed, count = found.StartOf(found.NextBlock + blocks) - from;
        if (count == 0)
            return 0;
        fixed (TTask* into = queue.Reserve(count))
            ring.Get(new Payload(into, count, ElementType.Of<TTask>()), victim, found.Half * capacity + from);
        ring.Flush(victim);
        words.FetchAndOperate(count, victim, CopiedAt + found.Half, ReduceOperation.Sum);
        queue.Commit(count);
        ReportSteal(Stopwatch.GetTimestamp() - since);
        return count;
    }

    /// <summary>Collective.</summary>
    public override void Dispose()
    {
        ring.UnlockAll();
        ring.Dispose();
        words.UnlockAll();
        words.Dispose();
        base.Dispose();
    }

    private ControlWord Replace(ControlWord next)
    {
        ControlWord old = new(words.FetchAndOperate(next.Bits, All.Rank, Word, ReduceOperation.Replace));
        claimed[half] += old.Claimed;
        return old;
    }
}
