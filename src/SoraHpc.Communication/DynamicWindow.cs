using System.Runtime.CompilerServices;

namespace SoraHpc.Communication;

/// <summary>
/// A window to which each rank attaches memory, of any type and whenever it likes, and tells the others where it is. Access happens
/// between <see cref="RemoteAccess.Fence"/>s, or under <see cref="RemoteAccess.Lock"/>/<see cref="RemoteAccess.LockAll"/>. Buffers of Put, Get and
/// Accumulate stay untouched until the next Flush, Unlock or Fence. Offsets and lengths in elements.
/// </summary>
/// <remarks>Slower than <see cref="Window{T}"/>, whose memory the library places where it reaches it best: for structures that grow.</remarks>
public sealed unsafe class DynamicWindow : RemoteAccess
{
    private readonly int rank;
    private readonly HashSet<nint> attached = [];

    internal DynamicWindow(WindowCore core, int rank) : base(core) => this.rank = rank;

    /// <summary>Opens <paramref name="memory"/> to the others, which reach it by what is returned here. It stays allocated until it is detached. Local.</summary>
    /// <exception cref="CommunicationException">It is empty, disposed or attached already.</exception>
    public RemoteMemory<T> Attach<T>(AlignedBuffer<T> memory) where T : unmanaged
    {
        if (memory.Address is null || memory.Length == 0)
            Throw("there is no memory to attach", nameof(Attach));
        if (attached.Contains((nint)memory.Address))
            Throw("the memory is attached already", nameof(Attach));
        Core.Attach(memory.Address, (nint)memory.Length * sizeof(T));
        attached.Add((nint)memory.Address);
        return new(rank, (long)memory.Address, memory.Length);
    }

    /// <summary>Closes memory to the others again: no access to it is under way, and none follows. Local.</summary>
    /// <exception cref="CommunicationException">It is not attached here, or no longer.</exception>
    public void Detach<T>(RemoteMemory<T> memory) where T : unmanaged
    {
        if (memory.Rank != rank || !attached.Remove((nint)memory.Address))
            Throw($"the memory of rank {memory.Rank} is not attached by rank {rank}", nameof(Detach));
        Core.Detach((void*)memory.Address);
    }

    /// <summary>Writes <paramref name="data"/> from element <paramref name="offset"/> of <paramref name="target"/> on.</summary>
    public void Put<T>(ReadOnlyMemory<T> data, RemoteMemory<T> target, int offset = 0) where T : unmanaged =>
        Core.Put(Pin(data), target.Rank, Locate(target, offset, data.Length));

    /// <summary>Reads from element <paramref name="offset"/> of <paramref name="target"/> on; the data is there once the access is completed.</summary>
    public void Get<T>(Memory<T> data, RemoteMemory<T> target, int offset = 0) where T : unmanaged =>
        Core.Get(Pin<T>(data), target.Rank, Locate(target, offset, data.Length));

    /// <summary>target = target ∘ data, element-wise and atomic per element.</summary>
    public void Accumulate<T>(ReadOnlyMemory<T> data, RemoteMemory<T> target, int offset, ReduceOperation operation) where T : unmanaged =>
        Core.Accumulate(Pin(data), target.Rank, Locate(target, offset, data.Length), operation);

    /// <summary>Atomically replaces one element by element ∘ value; returns what it was. Completes before it returns. Needs a lock.</summary>
    public T FetchAndOperate<T>(T value, RemoteMemory<T> target, int offset, ReduceOperation operation) where T : unmanaged
    {
        T old = default;
        Core.FetchAndOperate(&value, &old, ElementType.Of<T>(), target.Rank, Locate(target, offset, 1), operation);
        return old;
    }

    /// <summary>Atomically stores <paramref name="value"/> if the element equals <paramref name="expected"/>; returns what it was. Integers only. Needs a lock.</summary>
    public T CompareAndSwap<T>(T value, T expected, RemoteMemory<T> target, int offset) where T : unmanaged
    {
        T old = default;
        Core.CompareAndSwap(&value, &expected, &old, ElementType.Of<T>(), target.Rank, Locate(target, offset, 1));
        return old;
    }

    private nint Locate<T>(RemoteMemory<T> target, int offset, int count, [CallerMemberName] string call = "") where T : unmanaged
    {
        if (offset < 0 || offset > target.Length - count)
            Throw($"elements [{offset}, {offset + (long)count}) are outside the {target.Length} that rank {target.Rank} has attached", call);
        return (nint)target.Address + (nint)offset * sizeof(T);
    }

    private void Throw(string message, string call) => throw new CommunicationException(message, call, rank, ErrorClass.Argument);
}
