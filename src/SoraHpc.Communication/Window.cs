namespace SoraHpc.Communication;

/// <summary>
/// Memory of every rank that the others read and write one-sidedly. Offsets and lengths in elements of T. Access happens
/// between <see cref="RemoteAccess.Fence"/>s, or under <see cref="RemoteAccess.Lock"/>/<see cref="RemoteAccess.LockAll"/>. Buffers of Put, Get
/// and Accumulate stay untouched until the next Flush, Unlock or Fence. All but making, fencing and closing is local: the target takes no part.
/// </summary>
/// <remarks>A target that is no rank, elements outside its share, an operation or type the access does not know: <see cref="CommunicationException"/>, before any
/// access.</remarks>
public sealed unsafe class Window<T> : RemoteAccess where T : unmanaged
{
    internal Window(WindowCore core) : base(core) { }

    /// <summary>This rank's share, as the others see it.</summary>
    public Span<T> Local => new(Core.LocalAddress, Core.LocalLength);

    /// <summary>A rank's share by load and store; only for windows from <see cref="Communicator.AllocateSharedWindow{T}"/>.</summary>
    public Span<T> SharedOf(int rank)
    {
        void* address = Core.SharedAddress(rank, out int length);
        return new(address, length);
    }

    /// <summary>Writes into the target's share. <paramref name="data"/> must stay unchanged until the access is completed.</summary>
    public void Put(ReadOnlyMemory<T> data, int target, int offset) => Core.Put(Pin(data), target, offset);

    /// <summary>Reads from the target's share; the data is there once the access is completed.</summary>
    public void Get(Memory<T> data, int target, int offset) => Core.Get(Pin<T>(data), target, offset);

    /// <summary>As above from native memory, which needs no pin.</summary>
    public void Put(Payload data, int target, int offset) => Core.Put(Checked(data, nameof(Put)), target, offset);

    /// <summary>As above into native memory, which needs no pin.</summary>
    public void Get(Payload data, int target, int offset) => Core.Get(Checked(data, nameof(Get)), target, offset);

    /// <summary>target = target ∘ data, element-wise and atomic per element.</summary>
    /// <param name="operation">A predefined one, or <see cref="ReduceOperation.Replace"/>: none of the user's.</param>
    public void Accumulate(ReadOnlyMemory<T> data, int target, int offset, ReduceOperation operation) => Core.Accumulate(Pin(data), target, offset, operation);

    /// <summary>Atomically replaces one element by element ∘ value; returns what it was. Completes before it returns. Needs a lock.</summary>
    public T FetchAndOperate(T value, int target, int offset, ReduceOperation operation)
    {
        T old = default;
        Core.FetchAndOperate(&value, &old, ElementType.Of<T>(), target, offset, operation);
        return old;
    }

    /// <summary>Atomically stores <paramref name="value"/> if the element equals <paramref name="expected"/>; returns what it was. Integers only. Needs a lock.</summary>
    public T CompareAndSwap(T value, T expected, int target, int offset)
    {
        T old = default;
        Core.CompareAndSwap(&value, &expected, &old, ElementType.Of<T>(), target, offset);
        return old;
    }

    private static Payload Checked(in Payload data, string call) => data.Type == ElementType.Of<T>() ? data
        : throw new CommunicationException($"{data.Type.Kind} elements of {data.Type.Size} B for a window of {typeof(T).Name}", call, -1, ErrorClass.Type);
}

public abstract unsafe partial class Communicator
{
    /// <summary>Allocates <paramref name="length"/> zeroed elements on this rank (may differ over ranks) and opens them to the others. Collective.</summary>
    public Window<T> AllocateWindow<T>(int length) where T : unmanaged => new(AllocateWindowCore(length, ElementType.Of<T>(), WindowKind.Allocated));

    /// <summary>As <see cref="AllocateWindow{T}"/> in memory every rank of the node can load and store; on a communicator from <see cref="SplitShared"/>. Collective.</summary>
    public Window<T> AllocateSharedWindow<T>(int length) where T : unmanaged => new(AllocateWindowCore(length, ElementType.Of<T>(), WindowKind.Shared));

    /// <summary>A window without memory of its own: ranks attach theirs while it is open. Collective.</summary>
    public DynamicWindow CreateDynamicWindow() => new(AllocateWindowCore(0, ElementType.Of<byte>(), WindowKind.Dynamic), Rank);

    private protected abstract WindowCore AllocateWindowCore(int length, ElementType type, WindowKind kind);
}
