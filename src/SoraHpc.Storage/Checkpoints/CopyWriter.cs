using System.Runtime.InteropServices;
using SoraHpc.Communication;

namespace SoraHpc.Storage.Checkpoints;

/// <summary>A checkpoint on its way into the memories of its ranks: copied into this rank's, and sent from there to the rank that keeps its copy while the job goes on.</summary>
/// <remarks>Each number is read once and written once here; the copy is read here and written there by whatever carries messages.</remarks>
internal sealed unsafe class CopyWriter(CheckpointCopies home, CheckpointHeader header) : CheckpointWriter(home, header)
{
    private readonly Request[] transfers = new Request[2];
    private int generation;
    private bool isWritten;

    /// <inheritdoc/>
    public override bool IsWritten => isWritten = isWritten || IsStarted && Request.TestAll(transfers);

    private protected override void Copy(bool isLikeLast)
    {
        generation = 1 - home.Memory.Newest;
        if (!isLikeLast)
            CheckCover();
        byte[] layout = home.Layout = isLikeLast ? home.Layout : CheckpointLayout.Of(Arrays, Runs).ToBytes();
        long own = 0;
        for (int i = 0; i < Arrays.Count; i++)
            foreach (ref readonly Run run in CollectionsMarshal.AsSpan(Runs[i]))
                own += run.Range.Count * Arrays[i].ElementBytes;
        CheckpointImage image = home.Memory.Own(generation);
        home.AllAct(() => image.Begin(home.NextHead(Header), layout, own));
        for (int i = 0; i < Arrays.Count; i++)
            foreach (ref readonly Run run in CollectionsMarshal.AsSpan(Runs[i]))
                image.Append((byte*)run.Address, run.Range.Count * Arrays[i].ElementBytes);
        image.Close();
        home.StartCopies(generation, transfers);
        Bytes = Arrays.Sum(array => array.Bytes);
    }

    private protected override void Finish()
    {
        Request.WaitAll(transfers);
        home.Communicator.Barrier();                // who has come this far has received
        home.Memory.Newest = generation;
    }

    /// <summary>Nothing to give back: the memory stays, and an image that is not whole is known by its checksums.</summary>
    private protected override void GiveUp() { }

    // Only that all is there, once: the parts stay as the job has cut them.
    private void CheckCover()
    {
        SectionPlan plan = new(Arrays, home.Communicator.Size);
        for (int i = 0; i < Arrays.Count; i++)
            _ = new Redistribution(home.Communicator, plan, i, Runs[i], share: null, mustCover: true);
    }
}
