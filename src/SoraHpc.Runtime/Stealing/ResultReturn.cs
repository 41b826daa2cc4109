using SoraHpc.Communication;

namespace SoraHpc.Runtime.Stealing;

/// <summary>
/// Brings the results of tasks back to the ranks they belong to. Results stay where their tasks were executed until the pool has ended; then
/// all ranks exchange them at once. One instance per rank, used by that rank only.
/// </summary>
/// <typeparam name="TResult">A result: blittable, and it says itself which of its owner's results it is.</typeparam>
/// <remarks>
/// Nothing is sent while tasks run, when a rank may not communicate. Memory grows to the most results a rank has had and is then
/// used again. An exchange sends one number to every rank, and results only to ranks that get some.
/// </remarks>
public sealed class ResultReturn<TResult> : IDisposable where TResult : unmanaged
{
    private readonly Communicator communicator;
    private readonly int[] sendCounts, receiveCounts, next;
    private AlignedBuffer<int> owners;
    private AlignedBuffer<TResult> made, sent, received;
    private int count;

    /// <param name="communicator">The ranks among which results go; only used in <see cref="Exchange"/>, not owned.</param>
    /// <param name="capacity">Results to have room for at first, ≥ 1.</param>
    public ResultReturn(Communicator communicator, int capacity = 64)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        this.communicator = communicator;
        (sendCounts, receiveCounts, next) = (new int[communicator.Size], new int[communicator.Size], new int[communicator.Size]);
        owners = new(capacity);
        (made, sent, received) = (new(capacity), new(capacity), new(capacity));
    }

    /// <summary>Results waiting to be exchanged.</summary>
    public int Count => count;

    /// <summary>Keeps a result for rank <paramref name="owner"/>, which may be this one. Local.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such rank.</exception>
    public void Add(int owner, in TResult result)
    {
        if ((uint)owner >= (uint)sendCounts.Length)
            throw new ArgumentOutOfRangeException(nameof(owner), owner, $"must be in [0, {sendCounts.Length})");
        if (count == made.Length)
            Grow();
        owners.GetSpan()[count] = owner;
        made.GetSpan()[count++] = result;
        sendCounts[owner]++;
    }

    /// <summary>Sends every result to its owner and returns those of this rank, valid until the next exchange: by the rank that made them, then
    /// in the order in which it did. Collective.</summary>
    public ReadOnlySpan<TResult> Exchange()
    {
        communicator.Alltoall<int>(sendCounts, receiveCounts);
        int coming = 0;
        foreach (int from in receiveCounts)
            coming = checked(coming + from);
        if (coming > received.Length)
            Replace(ref received, coming);
        SortByOwner();
        communicator.Alltoallv(sent.GetSpan()[..count], sendCounts, received.GetSpan()[..coming], receiveCounts);
        Clear();
        return received.GetSpan()[..coming];
    }

    /// <summary>Throws away what is waiting here, after a pool has failed. Local.</summary>
    public void Clear()
    {
        Array.Clear(sendCounts);
        count = 0;
    }

    /// <summary>Frees the memory. Local.</summary>
    public void Dispose()
    {
        ((IDisposable)owners).Dispose();
        ((IDisposable)made).Dispose();
        ((IDisposable)sent).Dispose();
        ((IDisposable)received).Dispose();
    }

    private void SortByOwner()
    {
        if (sent.Length < count)
            Replace(ref sent, made.Length);
        for (int rank = 1; rank < next.Length; rank++)
            next[rank] = next[rank - 1] + sendCounts[rank - 1];
        ReadOnlySpan<int> to = owners.GetSpan();
        ReadOnlySpan<TResult> from = made.GetSpan();
        Span<TResult> sorted = sent.GetSpan();
        for (int i = 0; i < count; i++)
            sorted[next[to[i]]++] = from[i];
        next[0] = 0;
    }

    private void Grow()
    {
        AlignedBuffer<int> largerOwners = new(checked(2 * count));
        AlignedBuffer<TResult> larger = new(2 * count);
        owners.GetSpan().CopyTo(largerOwners.GetSpan());
        made.GetSpan().CopyTo(larger.GetSpan());
        ((IDisposable)owners).Dispose();
        ((IDisposable)made).Dispose();
        (owners, made) = (largerOwners, larger);
    }

    // What was there is not needed any more.
    private static void Replace(ref AlignedBuffer<TResult> buffer, int length)
    {
        ((IDisposable)buffer).Dispose();
        buffer = new(Math.Max(length, 2 * buffer.Length));
    }
}
