using System.Runtime.ExceptionServices;
using Microsoft.Win32.SafeHandles;

namespace SoraHpc.Storage.Checkpoints;

/// <summary>Writes one rank's sections on a thread of its own: no MPI and no HDF5 there, so any thread level of MPI will do.</summary>
/// <remarks>Each section is checksummed, or encrypted, and written while it is in cache: memory is read once. The disk begins with it at once,
/// so that the flush at the end waits for the last sections only.</remarks>
internal sealed unsafe class ShareWriter : IDisposable
{
    private readonly SectionPlan plan;
    private readonly int rank;
    private readonly byte* memory;
    private readonly string path;
    private readonly SectionSeal seal;
    private readonly Thread thread;
    private Exception? failure;
    private volatile bool isGivenUp;

    internal ShareWriter(SectionPlan plan, int rank, byte* memory, string path, SectionSeal seal)
    {
        (this.plan, this.rank, this.path, this.seal) = (plan, rank, path, seal);
        this.memory = memory;
        Tags = new byte[checked((int)(plan.SectionsOf(rank).Count * SectionSeal.TagBytes))];
        thread = new Thread(Run) { IsBackground = true, Name = "checkpoint" };
    }

    /// <summary>Of this rank's sections, when it is over.</summary>
    internal byte[] Tags { get; }

    internal bool IsOver => !thread.IsAlive;

    internal void Start() => thread.Start();

    /// <summary>Returns when all is on the disk.</summary>
    /// <exception cref="CheckpointException">It could not be written.</exception>
    internal void Wait()
    {
        thread.Join();
        if (failure is not null)
            ExceptionDispatchInfo.Throw(failure);
    }

    public void Dispose()
    {
        isGivenUp = true;
        thread.Join();
        seal.Dispose();
    }

    private void Run()
    {
        try
        {
            Disk.Act(path, plan.ShareBytes(rank), Write);
        }
        catch (Exception thrown)
        {
            failure = thrown;
        }
    }

    private void Write()
    {
        using SafeFileHandle file = Disk.Open(path, FileAccess.Write);
        byte* at = memory;
        Span<byte> tags = Tags;
        foreach (Section section in plan.Of(rank))
        {
            if (isGivenUp)
                return;
            Span<byte> bytes = new(at, section.Bytes);
            seal.Close(bytes, (ulong)section.Number, tags[..SectionSeal.TagBytes]);
            RandomAccess.Write(file, bytes, section.Offset);
            Disk.StartFlush(file, section.Offset, section.Bytes);
            at += section.Bytes;
            tags = tags[SectionSeal.TagBytes..];
        }
        RandomAccess.FlushToDisk(file);
    }
}
