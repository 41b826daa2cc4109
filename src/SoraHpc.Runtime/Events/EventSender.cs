using System.Diagnostics.CodeAnalysis;
using SoraHpc.Communication;

namespace SoraHpc.Runtime.Events;

/// <summary>
/// One rank's way to send events. Events to one rank gather in a batch that leaves when it is full, when its rank has nothing else
/// to do, or on <see cref="Flush"/>. Batches come from a pool that grows to the most that were ever under way at once and then
/// allocates nothing. Sending never waits, so handlers on two ranks may flood each other without a deadlock.
/// </summary>
public sealed class EventSender<TEvent> where TEvent : unmanaged
{
    private readonly Communicator communicator;
    private readonly int capacity;
    private readonly EventBatch<TEvent>?[] open;            // by destination
    private readonly int[] destinations;                    // those with an open batch, in the order they were opened
    private readonly Queue<EventBatch<TEvent>> underWay = new();
    private readonly Stack<EventBatch<TEvent>> free = new();
    private int openCount;

    internal EventSender(Communicator communicator, int capacity)
    {
        (this.communicator, this.capacity) = (communicator, capacity);
        (Rank, Size) = (communicator.Rank, communicator.Size);
        open = new EventBatch<TEvent>?[Size];
        destinations = new int[Size];
    }

    /// <summary>This rank.</summary>
    public int Rank { get; }

    /// <summary>Number of ranks.</summary>
    public int Size { get; }

    internal Queue<TEvent> Local { get; } = new();

    internal long EventsSent { get; private set; }

    internal long BatchesSent { get; private set; }

    /// <summary>Sends an event to a rank; to this rank too, which handles it after the ones it has already.</summary>
    /// <exception cref="CommunicationException">There is no such rank.</exception>
    public void Send(int rank, in TEvent value)
    {
        if ((uint)rank >= (uint)open.Length)
            ThrowRank(rank);
        if (rank == Rank)
        {
            Local.Enqueue(value);
            return;
        }
        EventBatch<TEvent> batch = open[rank] ?? Open(rank);
        batch.Add(value);
        if (batch.IsFull)
        {
            Start(batch, rank);
            open[rank] = Rent();
        }
    }

    /// <summary>Sends every batch that holds an event. Needed only where others should not wait until this rank has nothing else to do.</summary>
    public void Flush()
    {
        for (int i = 0; i < openCount; i++)
        {
            int rank = destinations[i];
            EventBatch<TEvent> batch = open[rank]!;
            if (batch.Count > 0)
                Start(batch, rank);
            else
                free.Push(batch);
            open[rank] = null;
        }
        openCount = 0;
    }

    /// <summary>Waits until every batch has left: at once, where all have been received.</summary>
    internal void WaitAll()
    {
        while (underWay.TryDequeue(out EventBatch<TEvent>? batch))
        {
            batch.Wait();
            free.Push(batch);
        }
    }

    /// <summary>Frees the pool; nothing is open or under way.</summary>
    internal void FreeBatches()
    {
        while (free.TryPop(out EventBatch<TEvent>? batch))
            batch.Dispose();
    }

    private EventBatch<TEvent> Open(int rank)
    {
        destinations[openCount++] = rank;
        return open[rank] = Rent();
    }

    private void Start(EventBatch<TEvent> batch, int rank)
    {
        EventsSent += batch.Count;
        BatchesSent++;
        batch.Start(communicator, rank);
        underWay.Enqueue(batch);
    }

    private EventBatch<TEvent> Rent()
    {
        while (underWay.TryPeek(out EventBatch<TEvent>? oldest) && oldest.HasLeft())
            free.Push(underWay.Dequeue());
        return free.TryPop(out EventBatch<TEvent>? batch) ? batch : new EventBatch<TEvent>(capacity);
    }

    [DoesNotReturn]
    private void ThrowRank(int rank) => throw new CommunicationException(
        $"an event {typeof(TEvent).Name} for rank {rank}, which is not in [0, {Size})", "EventSender.Send", communicator.WorldRank, ErrorClass.Rank);
}
