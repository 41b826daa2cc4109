using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;
using SoraHpc.Communication;

namespace SoraHpc.Storage.Checkpoints;

/// <summary>A checkpoint on its way into a file: a thread of each rank's own writes the copy, without MPI and without HDF5, and rank 0 puts the whole file in its place.</summary>
internal sealed unsafe class FileCheckpointWriter(CheckpointDirectory directory, CheckpointHeader header) : CheckpointWriter(directory, header)
{
    private ShareWriter? share;
    private Preamble? preamble;
    private string partial = "", target = "";

    /// <inheritdoc/>
    public override bool IsWritten => share?.IsOver ?? false;

    private protected override void Copy(bool isLikeLast)
    {
        Make();
        SectionPlan plan = new(preamble!.Arrays, directory.Communicator.Size);
        byte* memory = directory.Memory.Take(plan.ShareBytes(directory.Communicator.Rank));
        for (int i = 0; i < Arrays.Count; i++)
            new Redistribution(directory.Communicator, plan, i, Runs[i], memory, mustCover: true).ToShares();
        share = new ShareWriter(plan, directory.Communicator.Rank, memory, partial, new SectionSeal(directory.Key, preamble.Salt));
        share.Start();
        Bytes = preamble.FileBytes;
    }

    private protected override void Finish()
    {
        directory.AllAct(share!.Wait);
        byte[] tags = directory.Communicator.Gatherv<byte>(share.Tags);
        directory.RootActs(() => Disk.Act(target, preamble!.FileBytes, () => Finish(tags)));
    }

    private protected override void GiveUp()
    {
        share?.Dispose();
        if (directory.Communicator.IsRoot && partial.Length > 0)
            CheckpointDirectory.TryDelete(partial);
    }

    /// <summary>Rank 0 makes the file with room for everything and tells the others where the arrays lie.</summary>
    private void Make()
    {
        directory.RootActs(() => Disk.Act(directory.Path, Arrays.Sum(array => array.Bytes), MakeHere));
        preamble = Preamble.OfRoot(preamble, directory.Communicator);
        target = Path.Combine(directory.Path, Generation.FileName(preamble.Generation, directory.IsEncrypted));
        partial = Generation.PartialName(target);
    }

    private void MakeHere()
    {
        long number = directory.NextNumber(Header);
        Preamble sketch = new()
        {
            Header = Header, Generation = number, Arrays = Arrays, IsEncrypted = directory.IsEncrypted, Salt = RandomNumberGenerator.GetBytes(SectionSeal.SaltBytes),
        };
        partial = Generation.PartialName(Path.Combine(directory.Path, Generation.FileName(number, directory.IsEncrypted)));
        Disk.MakeEmpty(partial);
        CheckpointArray[] placed = directory.IsEncrypted ? CheckpointStructure.MakePlain(partial, Arrays, sketch.Length)
            : CheckpointStructure.MakeHdf5(partial, Arrays, Header, sketch.Length);
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
