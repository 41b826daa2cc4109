using System.Buffers;
using SoraHpc.Communication;
using SoraHpc.Decomposition;

namespace SoraHpc.Storage.Checkpoints;

/// <summary>A checkpoint that was found whole, in memory: each rank holds an equal share, from which <c>Read…</c> deals what every rank asks
/// for, whatever the ranks and the cut were when it was written. Reading is collective: all ranks read the same arrays in the same order.</summary>
public abstract unsafe class CheckpointReader : IDisposable
{
    private readonly Communicator communicator;

    private protected CheckpointReader(Communicator communicator, long generation) => (this.communicator, Generation) = (communicator, generation);

    /// <summary>What it is a checkpoint of.</summary>
    public abstract CheckpointHeader Header { get; }

    /// <summary>Its number among those of its run; later ones have higher numbers.</summary>
    public long Generation { get; }

    /// <summary>Where it is kept: its file, or "memory".</summary>
    public abstract string Place { get; }

    /// <summary>Which newer checkpoints are damaged and what is done about it, in one line; null where there are none.</summary>
    public string? Warning { get; internal set; }

    /// <summary>Names of all arrays, in the order in which they were added.</summary>
    public IReadOnlyList<string> Names => [.. Shares.Arrays.Select(array => array.Name)];

    /// <summary>Who has what of it in memory.</summary>
    private protected abstract SectionPlan Shares { get; }

    /// <summary>This rank's share.</summary>
    private protected abstract byte* Share { get; }

    /// <summary>Whether there is an array of this name. Local.</summary>
    public bool Contains(string name) => Shares.Arrays.Any(array => array.Name == name);

    /// <summary>Elements of an array along every dimension, slowest first; of a list, all items. Local.</summary>
    public long[] ShapeOf(string name) => [.. Shares.Arrays[Find(name)].Shape];

    /// <summary>Numbers over a grid into this rank's blocks; halos are not touched. Collective.</summary>
    /// <exception cref="CheckpointException">There is no such array, or it is of another type or shape.</exception>
    public void ReadBlocks<T>(string name, Extent extent, IReadOnlyList<CheckpointBlock<T>> blocks) where T : unmanaged
    {
        int array = Find<T>(name, CheckpointArray.ShapeOf(extent));
        List<Run> rows = [];
        foreach (CheckpointBlock<T> block in blocks)
        {
            Run.CheckBlock(name, extent, block);
            Run.AddRows(rows, extent, block);
        }
        Deal(array, rows);
    }

    /// <summary>Values of the elements in <paramref name="ranges"/>, one after the other; ranks may ask for the same elements. Collective.</summary>
    /// <param name="values">As many as the ranges hold.</param>
    /// <exception cref="CheckpointException">There is no such array, or it is of another type or shape.</exception>
    public void ReadElements<T>(string name, long count, IReadOnlyList<ElementRange> ranges, Memory<T> values, int valuesPerElement = 1) where T : unmanaged
    {
        int array = Find<T>(name, valuesPerElement == 1 ? [count] : [count, valuesPerElement]);
        Run.CheckRanges(name, count, ranges, values.Length, valuesPerElement);
        List<Run> runs = [];
        using MemoryHandle pin = values.Pin();
        Run.AddRanges(runs, ranges, valuesPerElement, (T*)pin.Pointer);
        Deal(array, runs);
    }

    /// <summary>Values that every rank had alike. Collective.</summary>
    public T[] ReadShared<T>(string name) where T : unmanaged => ReadRange<T>(name, whole => whole);

    /// <summary>This rank's part of a list dealt evenly: the same number on every rank, or one more. Collective.</summary>
    public T[] ReadList<T>(string name) where T : unmanaged =>
        ReadRange<T>(name, whole => SectionPlan.Deal(whole.Count, communicator.Size, communicator.Rank));

    /// <summary>Gives its memory free. Local.</summary>
    public abstract void Dispose();

    private T[] ReadRange<T>(string name, Func<ElementRange, ElementRange> choose) where T : unmanaged
    {
        int array = Find<T>(name, null);
        if (Shares.Arrays[array].Shape is not [long count])
            throw Error(name, "it has more than one dimension");
        ElementRange range = choose(new(0, count));
        T[] values = new T[checked((int)range.Count)];
        fixed (T* at = values)
            Deal(array, [new(range, (nint)at)]);
        return values;
    }

    /// <summary>Fills this rank's runs of an array. Collective.</summary>
    private protected virtual void Deal(int array, List<Run> runs) =>
        new Redistribution(communicator, Shares, array, runs, Share, mustCover: false).FromShares();

    private int Find<T>(string name, long[]? shape) where T : unmanaged
    {
        int array = Find(name);
        CheckpointArray found = Shares.Arrays[array];
        ElementType type = ElementType.Of<T>();
        if ((found.Kind, found.ElementBytes) != (type.Kind, type.Size))
            throw Error(name, $"it is {found}, asked for are {typeof(T).Name} of {type.Size} B");
        if (shape is not null && !shape.SequenceEqual(found.Shape))
            throw Error(name, $"it is {found}, asked for is the shape ({string.Join(", ", shape)})");
        return array;
    }

    private int Find(string name)
    {
        for (int i = 0; i < Shares.Arrays.Count; i++)
            if (Shares.Arrays[i].Name == name)
                return i;
        throw Error(name, $"there is no such array; there are: {string.Join(", ", Names)}");
    }

    private CheckpointException Error(string name, string cause) => new($"checkpoint {Place}, array {name}: {cause}");
}
