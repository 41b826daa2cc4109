using System.Buffers;
using System.Runtime.InteropServices;
using SoraHpc.Communication;
using SoraHpc.Decomposition;

namespace SoraHpc.Storage.Checkpoints;

/// <summary>
/// One checkpoint being made. Arrays are named with <c>Add…</c>, which is local and keeps only where they are; <see cref="Start"/> copies
/// them, after which the job may go on while the copy is brought to where it is kept; <see cref="Complete"/> makes it count. All ranks
/// add the same arrays in the same order.
/// </summary>
public abstract unsafe class CheckpointWriter : IDisposable
{
    private readonly CheckpointHome home;
    private readonly List<CheckpointArray> arrays = [];
    private readonly List<List<Run>> runs = [];
    private readonly List<MemoryHandle> pins = [];
    private readonly List<int> lists = [];
    private bool isOver;

    private protected CheckpointWriter(CheckpointHome home, CheckpointHeader header) => (this.home, Header) = (home, header);

    /// <summary>This rank's part is where it is kept, or has failed: <see cref="Complete"/> then waits for other ranks at most. Local.</summary>
    public abstract bool IsWritten { get; }

    /// <summary>Bytes of all ranks, after <see cref="Start"/>.</summary>
    public long Bytes { get; private protected set; }

    private protected CheckpointHeader Header { get; }

    private protected IReadOnlyList<CheckpointArray> Arrays => arrays;

    /// <summary>This rank's elements of every array.</summary>
    private protected IReadOnlyList<List<Run>> Runs => runs;

    private protected bool IsStarted { get; private set; }

    /// <summary>Numbers over a grid. Every cell is in one block of one rank. Local.</summary>
    /// <param name="name">Letters, digits, '_', '-' and '.'.</param>
    /// <param name="extent">Of the whole grid; the same on every rank.</param>
    /// <param name="blocks">This rank's; they stay where they are until <see cref="Start"/> returns.</param>
    public void AddBlocks<T>(string name, Extent extent, IReadOnlyList<CheckpointBlock<T>> blocks) where T : unmanaged
    {
        foreach (CheckpointBlock<T> block in blocks)
            Run.CheckBlock(name, extent, block);
        List<Run> rows = Add<T>(name, CheckpointArray.ShapeOf(extent));
        foreach (CheckpointBlock<T> block in blocks)
            Run.AddRows(rows, extent, block);
    }

    /// <summary>Values by global element. Every element is in one range of one rank. Local.</summary>
    /// <param name="name">Letters, digits, '_', '-' and '.'.</param>
    /// <param name="count">Elements of all ranks; the same on every rank.</param>
    /// <param name="ranges">This rank's elements.</param>
    /// <param name="values">Of all ranges one after the other; stays as it is until <see cref="Start"/> returns.</param>
    /// <param name="valuesPerElement">≥ 1.</param>
    public void AddElements<T>(string name, long count, IReadOnlyList<ElementRange> ranges, ReadOnlyMemory<T> values, int valuesPerElement = 1) where T : unmanaged
    {
        Run.CheckRanges(name, count, ranges, values.Length, valuesPerElement);
        List<Run> pieces = Add<T>(name, valuesPerElement == 1 ? [count] : [count, valuesPerElement]);
        Run.AddRanges(pieces, ranges, valuesPerElement, Pin(values));
    }

    /// <summary>Values that every rank has alike: a clock, a seed, settings. Rank 0's are kept. Local.</summary>
    /// <param name="values">As many on every rank; copied now.</param>
    public void AddShared<T>(string name, ReadOnlySpan<T> values) where T : unmanaged =>
        AddElements<T>(name, values.Length, home.Communicator.IsRoot ? [new(0, values.Length)] : [],
            home.Communicator.IsRoot ? values.ToArray() : default(ReadOnlyMemory<T>));

    /// <summary>Things in no order, as many as each rank happens to have: tasks. Read back they are dealt evenly. Local.</summary>
    /// <param name="items">This rank's, possibly none; copied now.</param>
    public void AddList<T>(string name, ReadOnlySpan<T> items) where T : unmanaged
    {
        lists.Add(arrays.Count);
        List<Run> run = Add<T>(name, [items.Length]);
        run.Add(new(new(0, items.Length), (nint)Pin<T>(items.ToArray())));
    }

    /// <summary>Copies everything and begins to bring the copy to where it is kept. When it returns, what was added may change. Collective.</summary>
    /// <exception cref="CheckpointException">There is no place for it, ranks have added different arrays, or an element is missing or twice; on every rank.</exception>
    public void Start()
    {
        ObjectDisposedException.ThrowIf(isOver, this);
        if (IsStarted)
            throw new InvalidOperationException("the checkpoint is started already");
        ulong layout = HashOfLayout();
        bool isLikeLast = home.Communicator.Allreduce(layout == home.KnownLayout ? 0 : 1, ReduceOperation.Max) == 0;
        if (!isLikeLast)
            CheckAlike();
        PlaceLists();
        Copy(isLikeLast);
        Unpin();
        (home.KnownLayout, IsStarted) = (layout, true);
    }

    /// <summary>Waits until every rank's part is where it is kept, then makes the checkpoint count: from now on it is the newest. Collective.</summary>
    /// <exception cref="CheckpointException">Some rank could not; on every rank. The checkpoints before are untouched.</exception>
    public void Complete()
    {
        ObjectDisposedException.ThrowIf(isOver, this);
        if (!IsStarted)
            throw new InvalidOperationException("the checkpoint is not started");
        try
        {
            Finish();
        }
        finally
        {
            Dispose();
        }
    }

    /// <summary>Gives the checkpoint up unless it is complete. Local.</summary>
    public void Dispose()
    {
        if (isOver)
            return;
        isOver = true;
        GiveUp();
        Unpin();
        home.InFlight = null;
    }

    /// <summary>Copies this rank's elements, and starts what goes on by itself. Collective.</summary>
    /// <param name="isLikeLast">On every rank the same elements of the same arrays as for the checkpoint before, wherever they lie now.</param>
    private protected abstract void Copy(bool isLikeLast);

    /// <summary>Collective.</summary>
    private protected abstract void Finish();

    /// <summary>Ends what goes on by itself, also when it is complete. Local.</summary>
    private protected abstract void GiveUp();

    // ---- adding ----

    private List<Run> Add<T>(string name, long[] shape) where T : unmanaged
    {
        ObjectDisposedException.ThrowIf(isOver, this);
        if (IsStarted)
            throw new InvalidOperationException($"checkpoint array {name}: the checkpoint is started already");
        if (name.Length is 0 or > 200 || !name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-' or '.') || name.All(letter => letter == '.'))
            throw new ArgumentException($"\"{name}\" is no name for an array: letters, digits, '_', '-' and '.'", nameof(name));
        if (arrays.Any(array => array.Name == name))
            throw new ArgumentException($"there is an array {name} already", nameof(name));
        ElementType type = ElementType.Of<T>();
        arrays.Add(new(name, type.Kind, type.Size, shape));
        runs.Add([]);
        return runs[^1];
    }

    private T* Pin<T>(ReadOnlyMemory<T> values) where T : unmanaged
    {
        pins.Add(values.Pin());
        return (T*)pins[^1].Pointer;
    }

    private void Unpin()
    {
        foreach (MemoryHandle pin in pins)
            pin.Dispose();
        pins.Clear();
    }

    // ---- agreeing ----

    // What the arrays are and which elements are here; not where they are.
    private ulong HashOfLayout()
    {
        ulong hash = 1;
        for (int i = 0; i < arrays.Count; i++)
        {
            hash = XxHash64.Of(MemoryMarshal.AsBytes(arrays[i].Name.AsSpan()), hash + ((ulong)arrays[i].Kind << 32) + (ulong)arrays[i].ElementBytes);
            hash = XxHash64.Of(MemoryMarshal.AsBytes<long>(arrays[i].Shape), hash);
            foreach (Run run in runs[i])
            {
                ElementRange range = run.Range;
                hash = XxHash64.Of(MemoryMarshal.AsBytes(new ReadOnlySpan<ElementRange>(in range)), hash);
            }
        }
        return hash;
    }

    /// <summary>Names, types and shapes are rank 0's; the lengths of lists are each rank's own.</summary>
    private void CheckAlike()
    {
        string described = string.Join("; ", arrays.Select((array, i) => lists.Contains(i) ? (array with { Shape = [0] }).ToString() : array.ToString()));
        string rootHas = home.Communicator.Broadcast(described);
        home.AllAct(() =>
        {
            if (described != rootHas)
                throw new CheckpointException($"rank {home.Communicator.Rank} puts other arrays into the checkpoint ({described}) than rank 0 ({rootHas})");
        });
    }

    private void PlaceLists()
    {
        foreach (int list in lists)
        {
            long own = runs[list][0].Range.Count, before = home.Communicator.Scan(own, ReduceOperation.Sum) - own;
            runs[list][0] = runs[list][0] with { Range = new(before, own) };
            arrays[list] = arrays[list] with { Shape = [home.Communicator.Allreduce(own, ReduceOperation.Sum)] };
        }
    }
}
