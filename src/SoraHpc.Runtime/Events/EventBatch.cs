using SoraHpc.Communication;

namespace SoraHpc.Runtime.Events;

/// <summary>Events on their way to one rank in one message; used again when the message has left.</summary>
internal sealed unsafe class EventBatch<TEvent>(int capacity) : IDisposable where TEvent : unmanaged
{
    private readonly AlignedBuffer<TEvent> memory = new(capacity);      // native: a message from it needs no pin
    private Request sending;

    internal int Count { get; private set; }

    internal bool IsFull => Count == capacity;

    internal void Add(in TEvent value) => memory.Address[Count++] = value;

    internal void Start(Communicator communicator, int destination) =>
        sending = communicator.StartSend<TEvent>(memory.Memory[..Count], destination);

    /// <summary>True, and empty again, when the message has left; never waits.</summary>
    internal bool HasLeft()
    {
        if (!sending.Test(out _))
            return false;
        Count = 0;
        return true;
    }

    internal void Wait()
    {
        sending.Wait();
        Count = 0;
    }

    public void Dispose() => ((IDisposable)memory).Dispose();
}
