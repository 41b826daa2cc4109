using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SoraHpc.Communication;

/// <summary>When a send may complete.</summary>
public enum SendMode
{
    /// <summary>When the buffer may be used again.</summary>
    Standard,
    /// <summary>Not before the receiver has started to receive.</summary>
    Synchronous,
    /// <summary>The receiver is known to be waiting already.</summary>
    Ready,
}

public abstract unsafe partial class Communicator
{
    /// <summary>Sends; returns when <paramref name="data"/> may be changed, which for a long message is when the receiver takes it.</summary>
    /// <param name="data">Any number of elements; the receiver's type must be the same.</param>
    /// <param name="destination">In [0, <see cref="Size"/>), or <see cref="ProcessNull"/>: then nothing is sent.</param>
    /// <param name="tag">In [0, <see cref="LargestTag"/>]; the receiver can ask for it.</param>
    /// <param name="mode">When it may complete.</param>
    /// <exception cref="CommunicationException"><paramref name="destination"/> or <paramref name="tag"/> is none.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Send<T>(ReadOnlySpan<T> data, int destination, int tag = 0, SendMode mode = SendMode.Standard) where T : unmanaged
    {
        CheckDestination(destination);
        fixed (T* from = data)
            SendChecked(new Payload(from, data.Length, ElementType.Of<T>()), destination, tag, mode);
    }

    /// <summary>Waits for a message and receives it. Messages of one rank with tags that fit arrive in the order they were sent.</summary>
    /// <param name="data">May be longer than the message but not shorter; what is beyond the message stays as it was.</param>
    /// <param name="source">In [0, <see cref="Size"/>), <see cref="AnySource"/>, or <see cref="ProcessNull"/>: then nothing is received.</param>
    /// <param name="tag">In [0, <see cref="LargestTag"/>], or <see cref="AnyTag"/>.</param>
    /// <returns>Who sent it, its tag and length.</returns>
    /// <exception cref="CommunicationException"><paramref name="source"/> or <paramref name="tag"/> is none, or the message is longer than <paramref name="data"/>.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Status Receive<T>(Span<T> data, int source = AnySource, int tag = AnyTag) where T : unmanaged
    {
        CheckSource(source);
        fixed (T* into = data)
            return ReceiveChecked(new Payload(into, data.Length, ElementType.Of<T>()), source, tag);
    }

    /// <summary>Sends and receives at once, as <see cref="Send{T}(ReadOnlySpan{T}, int, int, SendMode)"/> and <see cref="Receive{T}(Span{T}, int, int)"/>; never
    /// deadlocks in a ring. The buffers must not overlap.</summary>
    /// <returns>Of what was received.</returns>
    public Status SendReceive<T>(ReadOnlySpan<T> send, int destination, Span<T> receive, int source, int sendTag = 0, int receiveTag = AnyTag) where T : unmanaged
    {
        CheckDestination(destination);
        CheckSource(source);
        fixed (T* from = send, into = receive)
            return SendReceive(new Payload(from, send.Length, ElementType.Of<T>()), destination, sendTag,
                new Payload(into, receive.Length, ElementType.Of<T>()), source, receiveTag);
    }

    /// <summary>Sends one value.</summary>
    public void Send<T>(in T value, int destination, int tag = 0) where T : unmanaged => Send(new ReadOnlySpan<T>(in value), destination, tag);

    /// <summary>Receives one value; <c>default</c> from <see cref="ProcessNull"/>.</summary>
    public T Receive<T>(int source = AnySource, int tag = AnyTag) where T : unmanaged
    {
        T value = default;
        Receive(new Span<T>(ref value), source, tag);
        return value;
    }

    /// <summary>Messages longer than 2³¹ elements, or in native memory: sends what <paramref name="data"/> describes.</summary>
    // Without an overload of exactly this shape, the generic one above would win and send the description itself.
    public void Send(Payload data, int destination, int tag = 0) => Send(data, destination, tag, SendMode.Standard);

    /// <summary>As above, in the given mode.</summary>
    public void Send(Payload data, int destination, int tag, SendMode mode)
    {
        CheckDestination(destination);
        SendChecked(data, destination, tag, mode);
    }

    /// <summary>Messages longer than 2³¹ elements, or in native memory: receives into what <paramref name="data"/> describes.</summary>
    public Status Receive(Payload data, int source = AnySource, int tag = AnyTag)
    {
        CheckSource(source);
        return ReceiveChecked(data, source, tag);
    }

    /// <summary>Starts a send; <paramref name="data"/> must not be changed before the request is complete.</summary>
    public Request StartSend<T>(ReadOnlyMemory<T> data, int destination, int tag = 0, SendMode mode = SendMode.Standard) where T : unmanaged
    {
        CheckDestination(destination);
        Payload payload = Fix<T>(data, out MemoryHandle pin);
        return Note(Requests.Hold(StartSendCore(payload, destination, tag, mode), pin), destination, Bytes(payload));
    }

    /// <summary>Starts a receive; <paramref name="data"/> must not be touched before the request is complete.</summary>
    public Request StartReceive<T>(Memory<T> data, int source = AnySource, int tag = AnyTag) where T : unmanaged
    {
        CheckSource(source);
        Payload payload = Fix<T>(data, out MemoryHandle pin);
        return Note(Requests.Hold(StartReceiveCore(payload, source, tag), pin), source, sends: -1);
    }

    /// <summary>Sets up a send that is started many times from the same buffer. Sends nothing yet; dispose it before the communicator.</summary>
    public PersistentRequest CreateSend<T>(ReadOnlyMemory<T> data, int destination, int tag = 0, SendMode mode = SendMode.Standard) where T : unmanaged
    {
        CheckDestination(destination);
        Payload payload = Fix<T>(data, out MemoryHandle pin);
        return new(NotePersistent(Requests.Hold(CreateSendCore(payload, destination, tag, mode), pin), destination, Bytes(payload)));
    }

    /// <summary>Sets up a receive that is started many times into the same buffer. Receives nothing yet; dispose it before the communicator.</summary>
    public PersistentRequest CreateReceive<T>(Memory<T> data, int source = AnySource, int tag = AnyTag) where T : unmanaged
    {
        CheckSource(source);
        Payload payload = Fix<T>(data, out MemoryHandle pin);
        return new(NotePersistent(Requests.Hold(CreateReceiveCore(payload, source, tag), pin), source, sends: -1));
    }

    /// <summary>Waits for a message without receiving it: its length tells how much room a receive needs.</summary>
    public Status Probe(int source = AnySource, int tag = AnyTag)
    {
        CheckSource(source);
        ProbeTraced(source, tag, out Status status);
        return status;
    }

    /// <summary>True when a message is there; never blocks.</summary>
    public bool TryProbe(out Status status, int source = AnySource, int tag = AnyTag)
    {
        CheckSource(source);
        return ProbeCore(source, tag, block: false, out status);
    }

    /// <summary>Waits for a message and takes it out of the queue: only the returned <see cref="Message"/> can receive it.</summary>
    public Message MatchedProbe(int source = AnySource, int tag = AnyTag)
    {
        CheckSource(source);
        MatchedProbeTraced(source, tag, out Message message);
        return message;
    }

    /// <summary>As <see cref="MatchedProbe"/>, when a message is there; never blocks.</summary>
    public bool TryMatchedProbe(out Message message, int source = AnySource, int tag = AnyTag)
    {
        CheckSource(source);
        return MatchedProbeCore(source, tag, block: false, out message);
    }

    // Managed memory is pinned until the transfer ends; native memory never moves, which saves the pin.
    private static Payload Fix<T>(ReadOnlyMemory<T> data, out MemoryHandle pin) where T : unmanaged
    {
        if (MemoryMarshal.TryGetMemoryManager(data, out AlignedBuffer<T>? native, out int start, out int length))
        {
            pin = default;
            return new(native.Address + start, length, ElementType.Of<T>());
        }
        pin = data.Pin();
        return new(pin.Pointer, data.Length, ElementType.Of<T>());
    }

    protected abstract void SendCore(in Payload data, int destination, int tag, SendMode mode);
    protected abstract Status ReceiveCore(in Payload data, int source, int tag);
    protected abstract Status SendReceiveCore(in Payload send, int destination, int sendTag, in Payload receive, int source, int receiveTag);
    protected abstract Request StartSendCore(in Payload data, int destination, int tag, SendMode mode);
    protected abstract Request StartReceiveCore(in Payload data, int source, int tag);
    protected abstract Request CreateSendCore(in Payload data, int destination, int tag, SendMode mode);
    protected abstract Request CreateReceiveCore(in Payload data, int source, int tag);
    protected abstract bool ProbeCore(int source, int tag, bool block, out Status status);
    protected abstract bool MatchedProbeCore(int source, int tag, bool block, out Message message);
    protected internal abstract Status ReceiveMatchedCore(nint message, in Payload data);
}

/// <summary>A message taken out of the queue by a matched probe; receive it exactly once. <c>default</c> came from a null neighbour.</summary>
public readonly unsafe struct Message
{
    private readonly Communicator? communicator;
    private readonly nint handle;

    internal Message(Communicator? communicator, nint handle, Status status) => (this.communicator, this.handle, Status) = (communicator, handle, status);

    /// <summary>Who sent it, its tag and length.</summary>
    public Status Status { get; }

    /// <summary>Receives the message; <paramref name="data"/> may be longer than it but not shorter.</summary>
    public Status Receive<T>(Span<T> data) where T : unmanaged
    {
        if (communicator is null)
            return Status.Empty;
        fixed (T* into = data)
            return communicator.ReceiveMatchedCore(handle, new Payload(into, data.Length, ElementType.Of<T>()));
    }
}
