using Microsoft.Win32.SafeHandles;
using SoraHpc.Communication;

namespace SoraHpc.Storage.Checkpoints;

/// <summary>A checkpoint's file, checked and in memory.</summary>
internal sealed unsafe class FileCheckpointReader : CheckpointReader
{
    private readonly CheckpointDirectory directory;
    private readonly ShareMemory share = new();
    private Preamble? preamble;
    private SectionPlan? plan;

    internal FileCheckpointReader(CheckpointDirectory directory, long generation, bool isEncrypted) : base(directory.Communicator, generation)
    {
        this.directory = directory;
        Place = Path.Combine(directory.Path, Checkpoints.Generation.FileName(generation, isEncrypted));
    }

    /// <inheritdoc/>
    public override CheckpointHeader Header => preamble?.Header ?? throw new ObjectDisposedException(nameof(CheckpointReader));

    /// <inheritdoc/>
    public override string Place { get; }

    /// <summary>The search may go on with the generation before.</summary>
    internal bool IsDamaged { get; private set; }

    private protected override SectionPlan Shares => plan ?? throw new ObjectDisposedException(nameof(CheckpointReader));

    private protected override byte* Share => share.Address;

    /// <inheritdoc/>
    public override void Dispose()
    {
        share.Dispose();
        (preamble, plan) = (null, null);
    }

    /// <summary>Checks every byte of the file and takes this rank's share into memory. Collective; fails on every rank.</summary>
    internal void Load(string job, ulong fingerprint)
    {
        DescribeOnce(job, fingerprint);
        plan = new SectionPlan(preamble!.Arrays, directory.Communicator.Size);
        byte* memory = share.Take(plan.ShareBytes(directory.Communicator.Rank));
        IsDamaged = true;                                     // whatever cannot be read now
        directory.AllAct(() => Disk.Act(Place, needed: 0, () => ReadShare(memory)));
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
            directory.RootActs(() => Disk.Act(Place, needed: 0, () =>
            {
                try
                {
                    preamble = ReadPreamble(Place, Generation, directory.Key, job, fingerprint);
                }
                catch (Exception failure) when (failure is DamagedException or CheckpointException)
                {
                    damagedHere = failure is DamagedException;
                    throw new CheckpointException($"checkpoint {Place}: {failure.Message}");
                }
            }));
        }
        catch (CheckpointException)
        {
            IsDamaged = directory.Communicator.Broadcast(damagedHere);
            throw;
        }
        preamble = Preamble.OfRoot(preamble, directory.Communicator);
    }

    private void ReadShare(byte* memory)
    {
        using SafeFileHandle file = Disk.Open(Place, FileAccess.Read);
        using SectionSeal seal = new(directory.Key, preamble!.Salt);
        foreach (Section section in plan!.Of(directory.Communicator.Rank))
        {
            Span<byte> bytes = new(memory, section.Bytes);
            ReadOnlySpan<byte> tag = preamble.Tags.AsSpan(checked((int)(section.Number * SectionSeal.TagBytes)), SectionSeal.TagBytes);
            if (!Disk.TryRead(file, bytes, section.Offset) || !seal.TryOpen(bytes, (ulong)section.Number, tag))
                throw new CheckpointException($"checkpoint {Place}: array {section.Array.Name} is damaged in the bytes from {section.Offset} to {section.Offset + section.Bytes - 1}");
            memory += section.Bytes;
        }
    }
}
