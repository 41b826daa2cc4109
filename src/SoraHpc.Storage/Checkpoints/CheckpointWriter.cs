using System.Buffers;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;
using SoraHpc.Communication;
using SoraHpc.Decomposition;
using SoraHpc.Storage.Hdf5;

namespace SoraHpc.Storage.Checkpoints;

/// <summary>
/// One checkpoint being written. Arrays are named with <c>Add…</c>, which is local and keeps only where they are; <see cref="Start"/> copies
/// them, after which the job may go on; a thread of each rank's own writes the copy, without MPI and without HDF5; <see cref="Complete"/>
/// makes the checkpoint appear. All ranks add the same arrays in the same order.
/// </summary>
public sealed unsafe class CheckpointWriter : IDisposable
{
    private readonly CheckpointDirectory directory;
    private readonly CheckpointHeader header;
    private readonly List<CheckpointArray> arrays = [];
    private readonly List<List<Run>> runs = [];
    private readonly List<MemoryHandle> pins = [];
    private readonly List<int> lists = [];
    private ShareWriter? share;
    private Preamble? preamble;
    private string partial = "", target = "";
    private bool isOver;

    internal CheckpointWriter(CheckpointDirectory directory, CheckpointHeader header) => (this.directory, this.header) = (directory, header);

    /// <summary>This rank's part is on the disk, or has failed: <see cref="Complete"/> then waits for other ranks at most. Local.</summary>
    public bool IsWritten => share?.IsOver ?? false;

    /// <summary>Bytes of the file, after <see cref="Start"/>.</summary>
    public long FileBytes => preamble?.FileBytes ?? 0;

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
        AddElements<T>(name, values.Length, directory.Communicator.IsRoot ? [new(0, values.Length)] : [],
            directory.Communicator.IsRoot ? values.ToArray() : default(ReadOnlyMemory<T>));

    /// <summary>Things in no order, as many as each rank happens to have: tasks. Read back they are dealt evenly. Local.</summary>
    /// <param name="items">This rank's, possibly none; copied now.</param>
    public void AddList<T>(string name, ReadOnlySpan<T> items) where T : unmanaged
    {
        lists.Add(arrays.Count);
        List<Run> run = Add<T>(name, [items.Length]);
        run.Add(new(new(0, items.Length), (nint)Pin<T>(items.ToArray())));
    }

    /// <summary>Copies everything and begins to write the copy. When it returns, what was added may change. Collective.</summary>
    /// <exception cref="CheckpointException">The file cannot be made, ranks have added different arrays, or an element is missing or twice; on every rank.</exception>
    public void Start()
    {
        ObjectDisposedException.ThrowIf(isOver, this);
        if (share is not null)
            throw new InvalidOperationException("the checkpoint is started already");
        CheckAlike();
        PlaceLists();
        Make();
        SectionPlan plan = new(preamble!.Arrays, directory.Communicator.Size);
        byte* memory = directory.Memory.Take(plan.ShareBytes(directory.Communicator.Rank));
        for (int i = 0; i < arrays.Count; i++)
            new Redistribution(directory.Communicator, plan, i, runs[i], memory, mustCover: true).ToShares();
        Unpin();
        share = new ShareWriter(plan, directory.Communicator.Rank, memory, partial, new SectionSeal(directory.Key, preamble.Salt));
        share.Start();
    }

    /// <summary>Waits until every rank has written, then makes the checkpoint appear and removes what is older than the generations kept. Collective.</summary>
    /// <exception cref="CheckpointException">Some rank could not write; on every rank. The checkpoints before are untouched.</exception>
    public void Complete()
    {
        ObjectDisposedException.ThrowIf(isOver, this);
        if (share is null)
            throw new InvalidOperationException("the checkpoint is not started");
        try
        {
            directory.AllAct(share.Wait);
            byte[] tags = directory.Communicator.Gatherv<byte>(share.Tags);
            directory.RootActs(() => Disk.Act(target, preamble!.FileBytes, () => Finish(tags)));
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
        share?.Dispose();
        Unpin();
        if (directory.Communicator.IsRoot && partial.Length > 0)
            CheckpointDirectory.TryDelete(partial);
        directory.InFlight = null;
    }

    // ---- adding ----

    private List<Run> Add<T>(string name, long[] shape) where T : unmanaged
    {
        ObjectDisposedException.ThrowIf(isOver, this);
        if (share is not null)
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

    /// <summary>Names, types and shapes are rank 0's; the lengths of lists are each rank's own.</summary>
    private void CheckAlike()
    {
        string described = string.Join("; ", arrays.Select((array, i) => lists.Contains(i) ? (array with { Shape = [0] }).ToString() : array.ToString()));
        string rootHas = Agreement.Broadcast(directory.Communicator, described);
        directory.AllAct(() =>
        {
            if (described != rootHas)
                throw new CheckpointException($"rank {directory.Communicator.Rank} puts other arrays into the checkpoint ({described}) than rank 0 ({rootHas})");
        });
    }

    private void PlaceLists()
    {
        foreach (int list in lists)
        {
            long own = runs[list][0].Range.Count, before = directory.Communicator.Scan(own, ReduceOperation.Sum) - own;
            runs[list][0] = runs[list][0] with { Range = new(before, own) };
            arrays[list] = arrays[list] with { Shape = [directory.Communicator.Allreduce(own, ReduceOperation.Sum)] };
        }
    }

    // ---- the file ----

    /// <summary>Rank 0 makes the file with room for everything and tells the others where the arrays lie.</summary>
    private void Make()
    {
        directory.RootActs(() => Disk.Act(directory.Path, arrays.Sum(array => array.Bytes), MakeHere));
        byte[] described = preamble?.Describe() ?? [];
        int length = directory.Communicator.Broadcast(described.Length);
        if (!directory.Communicator.IsRoot)
            described = new byte[length];
        directory.Communicator.Broadcast<byte>(described);
        preamble ??= Preamble.FromDescription(described);
        target = Path.Combine(directory.Path, Generation.FileName(preamble.Generation, directory.IsEncrypted));
        partial = Generation.PartialName(target);
    }

    private void MakeHere()
    {
        long number = directory.NextNumber(header);
        Preamble sketch = new()
        {
            Header = header, Generation = number, Arrays = arrays, IsEncrypted = directory.IsEncrypted, Salt = RandomNumberGenerator.GetBytes(SectionSeal.SaltBytes),
        };
        partial = Generation.PartialName(Path.Combine(directory.Path, Generation.FileName(number, directory.IsEncrypted)));
        Disk.MakeEmpty(partial);
        CheckpointArray[] placed = directory.IsEncrypted ? CheckpointStructure.MakePlain(partial, arrays, sketch.Length)
            : CheckpointStructure.MakeHdf5(partial, arrays, header, sketch.Length);
        using SafeFileHandle file = Disk.Open(partial, FileAccess.Read);
        preamble = sketch with { Arrays = placed, FileBytes = RandomAccess.GetLength(file) };
        preamble = preamble with { StructureHash = CheckpointStructure.HashOf(file, preamble) };
        directory.Reuse(partial, preamble);
    }

    private void Finish(byte[] tags)
    {
        using SectionSeal seal = new(directory.Key, preamble!.Salt);
        using (SafeFileHandle file = Disk.Open(partial, FileAccess.ReadWrite))
        {
            RandomAccess.Write(file, (preamble with { Tags = tags }).ToBytes(seal), 0);
            RandomAccess.FlushToDisk(file);
        }
        directory.TakePlace(partial, target);
        partial = "";
    }
}
