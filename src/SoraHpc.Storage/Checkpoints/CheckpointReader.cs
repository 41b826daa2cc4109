using System.Buffers;
using Microsoft.Win32.SafeHandles;
using SoraHpc.Communication;
using SoraHpc.Decomposition;

namespace SoraHpc.Storage.Checkpoints;

/// <summary>A checkpoint that was found whole, in memory: each rank holds an equal share, from which <c>Read…</c> deals what every rank asks
/// for, whatever the ranks and the cut were when it was written. Reading is collective: all ranks read the same arrays in the same order.</summary>
public sealed unsafe class CheckpointReader : IDisposable
{
    private readonly CheckpointDirectory directory;
    private readonly ShareMemory share = new();
    private Preamble? preamble;
    private SectionPlan? plan;

    internal CheckpointReader(CheckpointDirectory directory, long generation, bool isEncrypted)
    {
        (this.directory, Generation) = (directory, generation);
        FileName = Path.Combine(directory.Path, Checkpoints.Generation.FileName(generation, isEncrypted));
    }

    /// <summary>What it is a checkpoint of.</summary>
    public CheckpointHeader Header => Loaded.Header;

    /// <summary>Its number in the directory.</summary>
    public long Generation { get; }

    /// <summary>Its file.</summary>
    public string FileName { get; }

    /// <summary>Which newer checkpoints are damaged and what is done about it, in one line; null where there are none.</summary>
    public string? Warning { get; internal set; }

    /// <summary>Names of all arrays, in the order in which they were added.</summary>
    public IReadOnlyList<string> Names => [.. Loaded.Arrays.Select(array => array.Name)];

    /// <summary>The search may go on with the generation before.</summary>
    internal bool IsDamaged { get; private set; }

    private Preamble Loaded => preamble ?? throw new ObjectDisposedException(nameof(CheckpointReader));

    /// <summary>Whether there is an array of this name. Local.</summary>
    public bool Contains(string name) => Loaded.Arrays.Any(array => array.Name == name);

    /// <summary>Elements of an array along every dimension, slowest first; of a list, all items. Local.</summary>
    public long[] ShapeOf(string name) => [.. Loaded.Arrays[Find(name)].Shape];

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
        ReadRange<T>(name, whole => SectionPlan.Deal(whole.Count, directory.Communicator.Size, directory.Communicator.Rank));

    /// <summary>Gives its memory free. Local.</summary>
    public void Dispose()
    {
        share.Dispose();
        preamble = null;
    }

    /// <summary>Checks every byte of the file and takes this rank's share into memory. Collective; fails on every rank.</summary>
    internal void Load(string job, ulong fingerprint)
    {
        DescribeOnce(job, fingerprint);
        plan = new SectionPlan(preamble!.Arrays, directory.Communicator.Size);
        byte* memory = share.Take(plan.ShareBytes(directory.Communicator.Rank));
        IsDamaged = true;                                     // whatever cannot be read now
        directory.AllAct(() => Disk.Act(FileName, needed: 0, () => ReadShare(memory)));
        IsDamaged = false;
    }

    /// <summary>The checked preamble of a file that is this job's.</summary>
    /// <exception cref="DamagedException">The file is not as it was written.</exception>
    /// <exception cref="CheckpointException">It is another job's, or for another key.</exception>
    internal static Preamble ReadPreamble(string path, long generation, byte[]? key, string job, ulong fingerprint)
    {
        using SafeFileHandle file = Disk.Open(path, FileAccess.Read);
        byte[] start = new byte[Preamble.FixedBytes];
        if (!Disk.TryRead(file, start, 0))
            throw new DamagedException("it ends too early");
        int length = Preamble.LengthFrom(start);
        byte[] all = RandomAccess.GetLength(file) >= length ? new byte[length] : [];
        if (all.Length == 0 || !Disk.TryRead(file, all, 0))
            throw new DamagedException("it ends too early");
        Preamble preamble = Preamble.From(all, key);
        if (preamble.FileBytes != RandomAccess.GetLength(file))
            throw new DamagedException($"it has {RandomAccess.GetLength(file)} bytes of {preamble.FileBytes}");
        if (preamble.Generation != generation)
            throw new DamagedException($"it is a copy of generation {preamble.Generation}");
        if (preamble.Header.Job != job)
            throw new CheckpointException($"it is of the job \"{preamble.Header.Job}\", not of \"{job}\"; name another directory");
        if (preamble.Header.Fingerprint != fingerprint)
            throw new CheckpointException("it was made with other data or options; give the same ones, or name another directory");
        if (CheckpointStructure.HashOf(file, preamble) != preamble.StructureHash)
            throw new DamagedException("its HDF5 structure is damaged");
        return preamble;
    }

    /// <summary>Rank 0 looks; what it found, or why not, is every rank's.</summary>
    private void DescribeOnce(string job, ulong fingerprint)
    {
        bool damagedHere = false;
        try
        {
            directory.RootActs(() => Disk.Act(FileName, needed: 0, () =>
            {
                try
                {
                    preamble = ReadPreamble(FileName, Generation, directory.Key, job, fingerprint);
                }
                catch (Exception failure) when (failure is DamagedException or CheckpointException)
                {
                    damagedHere = failure is DamagedException;
                    throw new CheckpointException($"checkpoint {FileName}: {failure.Message}");
                }
            }));
        }
        catch (CheckpointException)
        {
            IsDamaged = directory.Communicator.Broadcast(damagedHere);
            throw;
        }
        byte[] described = preamble?.Describe() ?? [];
        int length = directory.Communicator.Broadcast(described.Length);
        if (!directory.Communicator.IsRoot)
            described = new byte[length];
        directory.Communicator.Broadcast<byte>(described);
        preamble ??= Preamble.FromDescription(described);
    }

    private void ReadShare(byte* memory)
    {
        using SafeFileHandle file = Disk.Open(FileName, FileAccess.Read);
        using SectionSeal seal = new(directory.Key, preamble!.Salt);
        foreach (Section section in plan!.Of(directory.Communicator.Rank))
        {
            Span<byte> bytes = new(memory, section.Bytes);
            ReadOnlySpan<byte> tag = preamble.Tags.AsSpan(checked((int)(section.Number * SectionSeal.TagBytes)), SectionSeal.TagBytes);
            if (!Disk.TryRead(file, bytes, section.Offset) || !seal.TryOpen(bytes, (ulong)section.Number, tag))
                throw new CheckpointException($"checkpoint {FileName}: array {section.Array.Name} is damaged in the bytes from {section.Offset} to {section.Offset + section.Bytes - 1}");
            memory += section.Bytes;
        }
    }

    private T[] ReadRange<T>(string name, Func<ElementRange, ElementRange> choose) where T : unmanaged
    {
        int array = Find<T>(name, null);
        if (Loaded.Arrays[array].Shape is not [long count])
            throw Error(name, "it has more than one dimension");
        ElementRange range = choose(new(0, count));
        T[] values = new T[checked((int)range.Count)];
        fixed (T* at = values)
            Deal(array, [new(range, (nint)at)]);
        return values;
    }

    private void Deal(int array, List<Run> runs)
    {
        _ = Loaded;
        new Redistribution(directory.Communicator, plan!, array, runs, share.Address, mustCover: false).FromShares();
    }

    private int Find<T>(string name, long[]? shape) where T : unmanaged
    {
        int array = Find(name);
        CheckpointArray found = Loaded.Arrays[array];
        ElementType type = ElementType.Of<T>();
        if ((found.Kind, found.ElementBytes) != (type.Kind, type.Size))
            throw Error(name, $"it is {found}, asked for are {typeof(T).Name} of {type.Size} B");
        if (shape is not null && !shape.SequenceEqual(found.Shape))
            throw Error(name, $"it is {found}, asked for is the shape ({string.Join(", ", shape)})");
        return array;
    }

    private int Find(string name)
    {
        for (int i = 0; i < Loaded.Arrays.Count; i++)
            if (Loaded.Arrays[i].Name == name)
                return i;
        throw Error(name, $"there is no such array; there are: {string.Join(", ", Names)}");
    }

    private CheckpointException Error(string name, string cause) => new($"checkpoint {FileName}, array {name}: {cause}");
}
