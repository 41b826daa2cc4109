using SoraHpc.Communication;

namespace SoraHpc.Runtime.Events;

/// <summary>
/// Receives that stand ready for any rank's batches, in a ring. The standard matches messages with receives in the order these were
/// started, so the oldest is always the next to look at. Taking a batch allocates nothing.
/// </summary>
internal sealed unsafe class EventInbox<TEvent> : IDisposable where TEvent : unmanaged
{
    private readonly AlignedBuffer<TEvent>[] buffers;
    private readonly PersistentRequest[] receives;
    private int oldest;

    internal EventInbox(Communicator communicator, int capacity, int ahead)
    {
        buffers = new AlignedBuffer<TEvent>[ahead];
        receives = new PersistentRequest[ahead];
        for (int i = 0; i < ahead; i++)
        {
            buffers[i] = new AlignedBuffer<TEvent>(capacity);
            receives[i] = communicator.CreateReceive(buffers[i].Memory);
            receives[i].Start();
        }
    }

    internal int Length => receives.Length;

    internal long EventsReceived { get; private set; }

    internal long BatchesReceived { get; private set; }

    /// <summary>Complete when a batch is there: <see cref="Open"/> it with the status, then call <see cref="Release"/>.</summary>
    internal Request Next => receives[oldest].Request;

    internal ReadOnlySpan<TEvent> Open(in Status status)
    {
        ReadOnlySpan<TEvent> events = new(buffers[oldest].Address, (int)status.Count<TEvent>());
        EventsReceived += events.Length;
        BatchesReceived++;
        return events;
    }

    /// <summary>Gives the memory of the batch taken last to the next message.</summary>
    internal void Release()
    {
        receives[oldest].Start();
        oldest = oldest + 1 == receives.Length ? 0 : oldest + 1;
    }

    /// <summary>Gives up the receives; no message is on its way.</summary>
    public void Dispose()
    {
        for (int i = 0; i < receives.Length; i++)
        {
            receives[i].Request.Cancel();
            receives[i].Request.Wait();
            receives[i].Dispose();
            ((IDisposable)buffers[i]).Dispose();
        }
    }
}
