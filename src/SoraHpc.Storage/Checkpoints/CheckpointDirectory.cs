using System.Security.Cryptography;
using SoraHpc.Communication;
using SoraHpc.Diagnostics;
using SoraHpc.Storage.Hdf5;

namespace SoraHpc.Storage.Checkpoints;

/// <summary>
/// The checkpoints of one run: a directory that keeps the newest generations and belongs to one run at a time. Generations are numbered;
/// one appears under its name only when all of it is on the disk, and only then an older one is removed. All ranks see the same directory.
/// </summary>
public sealed class CheckpointDirectory : CheckpointHome
{
    private readonly HashSet<long> damaged = [];
    private readonly int keep;
    private readonly SpareFile spare = new();
    private DirectoryLock? held;
    private bool isOurs;

    private CheckpointDirectory(Communicator communicator, string path, int keep) : base(communicator) => (Path, this.keep) = (path, keep);

    /// <summary>The directory.</summary>
    public string Path { get; }

    /// <summary>Whether checkpoints are encrypted.</summary>
    public bool IsEncrypted => Key is not null;

    internal byte[]? Key { get; private set; }
    internal ShareMemory Memory { get; } = new();

    /// <summary>Opens, or makes, the directory and takes it for this run. Collective.</summary>
    /// <param name="communicator">The ranks that write and read; used by this object for collective calls of its own only inside collective calls.</param>
    /// <param name="path">Seen by every rank. Files in it are readable by their owner alone.</param>
    /// <param name="keep">Generations kept, ≥ 1. There is room for one more on the disk all the time: the next one's, or the last one's to be written over.</param>
    /// <param name="keyFile">A file of 32 random bytes (or 64 hexadecimal digits) with access mode 0600 or 0400, seen by every rank; checkpoints
    /// are then encrypted and no longer HDF5. Null: no encryption.</param>
    /// <exception cref="CheckpointException">Another run has it, it cannot be written, or the key file cannot be used; on every rank.</exception>
    public static CheckpointDirectory Open(Communicator communicator, string path, int keep = 2, string? keyFile = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(keep, 1);
        CheckpointDirectory directory = new(communicator, path, keep);
        try
        {
            directory.AllAct(() => directory.Key = keyFile is null ? null : KeyFile.Read(keyFile));
            directory.RootActs(directory.Take);
            return directory;
        }
        catch
        {
            directory.Dispose();            // broken off by the death of a rank, it must not stay taken
            throw;
        }
    }

    /// <inheritdoc/>
    /// <remarks>Every byte is checked on the way into memory.</remarks>
    /// <exception cref="CheckpointException">The newest is of another job, other options, another version or another key, or none is whole; on every rank.</exception>
    public override CheckpointReader? OpenNewest(string job, ulong fingerprint)
    {
        List<string> refused = [];
        foreach ((long number, bool isEncrypted) in Numbers())
        {
            FileCheckpointReader reader = new(this, number, isEncrypted);
            try
            {
                reader.Load(job, fingerprint);
                isOurs = true;
                reader.Warning = refused.Count == 0 ? null
                    : $"{string.Join("; ", refused)}; going on from generation {number}, step {reader.Header.Step}";
                return reader;
            }
            catch (Exception failure) when (failure is SoraException and not CommunicationException)
            {
                reader.Dispose();
                if (!reader.IsDamaged)
                    throw new CheckpointException(failure.Message, failure);
                damaged.Add(number);
                refused.Add(failure.Message);
            }
            catch
            {
                reader.Dispose();
                throw;
            }
        }
        return refused.Count == 0 ? null
            : throw new CheckpointException($"no checkpoint in {Path} is whole: {string.Join("; ", refused)}; start from the beginning in another directory");
    }

    /// <inheritdoc/>
    public override void Clear() => RootActs(() => Disk.Act(Path, needed: 0, () =>
    {
        foreach ((_, _, string path) in Generation.In(Path))
            TryDelete(path);
    }));

    /// <summary>Gives the directory free. Local; a checkpoint in flight is given up.</summary>
    public override void Dispose()
    {
        base.Dispose();
        Memory.Dispose();
        spare.Dispose();
        held?.Dispose();
        held = null;
        if (Key is not null)
            CryptographicOperations.ZeroMemory(Key);
    }

    /// <summary>The number after the last, once it is sure that what is here is this job's. On rank 0.</summary>
    internal long NextNumber(CheckpointHeader header)
    {
        List<(long Number, bool IsEncrypted, string Path)> there = Generation.In(Path);
        if (!isOurs)
            foreach ((long number, _, string path) in there)
                RefuseOthers(path, number, header);
        isOurs = true;
        return there.Count == 0 ? 1 : there[0].Number + 1;
    }

    /// <summary>Gives a file that has its shape, but no numbers yet, the pages of one that is no longer needed. On rank 0.</summary>
    internal void Reuse(string partial, Preamble preamble) => spare.TryBecome(partial, preamble);

    /// <summary>Puts a finished file in its place and removes those that are no longer needed. On rank 0.</summary>
    internal void TakePlace(string partial, string target)
    {
        if (held is null || !held.IsStillHeld())
            throw new CheckpointException($"checkpoint directory {Path}: another run has begun to write into it; give each run a directory of its own");
        File.Move(partial, target, overwrite: true);
        Disk.FlushDirectory(Path);
        // In this order: until the new name is on the disk, the older files are as they were.
        foreach (IGrouping<bool, string> surplus in Generation.In(Path).GroupBy(one => damaged.Contains(one.Number), one => one.Path))
            foreach (string path in surplus.Key ? surplus : surplus.Skip(keep))
                if (surplus.Key || !spare.TryKeep(path))
                    TryDelete(path);
    }

    /// <summary>A file that cannot be removed now is tried again with the next checkpoint.</summary>
    internal static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // The new checkpoint is good all the same.
        }
    }

    private protected override CheckpointWriter Create(CheckpointHeader header) => new FileCheckpointWriter(this, header);

    private void Take() => Disk.Act(Path, needed: 1, () =>
    {
        Directory.CreateDirectory(Path);
        held = DirectoryLock.Take(Path);
        foreach (string partial in Generation.PartialIn(Path))
            TryDelete(partial);
    });

    private (long Number, bool IsEncrypted)[] Numbers()
    {
        (long Number, bool IsEncrypted)[] numbers = [];
        RootActs(() => Disk.Act(Path, needed: 0, () => numbers = [.. Generation.In(Path).Select(one => (one.Number, one.IsEncrypted))]));
        int count = Communicator.Broadcast(numbers.Length);
        if (!Communicator.IsRoot)
            numbers = new (long Number, bool IsEncrypted)[count];
        Communicator.Broadcast<(long Number, bool IsEncrypted)>(numbers);
        return numbers;
    }

    private void RefuseOthers(string path, long number, CheckpointHeader header)
    {
        try
        {
            FileCheckpointReader.ReadPreamble(path, number, Key, header.Job, header.Fingerprint);
        }
        catch (DamagedException)
        {
            damaged.Add(number);
        }
        catch (CheckpointException failure)
        {
            throw new CheckpointException($"checkpoint {path}: {failure.Message}", failure);
        }
    }
}
