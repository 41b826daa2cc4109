using System.Runtime.InteropServices;

namespace SoraHpc.Storage.Checkpoints;

/// <summary>The state of a job on its way to other ranks: copied into this rank's memory, from which each of those takes what it needs.</summary>
internal sealed unsafe class HandoverWriter(StateHandover home, CheckpointHeader header) : CheckpointWriter(home, header)
{
    /// <inheritdoc/>
    public override bool IsWritten => IsStarted;

    private protected override void Copy(bool isLikeLast)
    {
        SectionPlan plan = new(Arrays, home.Communicator.Size);
        for (int i = 0; i < Arrays.Count; i++)
            _ = new Redistribution(home.Communicator, plan, i, Runs[i], share: null, mustCover: true);
        CheckpointLayout layout = CheckpointLayout.Of(Arrays, Runs);
        byte* at = null;
        home.AllAct(() => at = home.Hold(Header, layout));
        for (int i = 0; i < Arrays.Count; i++)
            foreach (ref readonly Run run in CollectionsMarshal.AsSpan(Runs[i]))
            {
                long bytes = run.Range.Count * Arrays[i].ElementBytes;
                Buffer.MemoryCopy((byte*)run.Address, at, bytes, bytes);
                at += bytes;
            }
        Bytes = Arrays.Sum(array => array.Bytes);
    }

    private protected override void Finish() { }

    /// <summary>Nothing to give back: the memory is the handover's.</summary>
    private protected override void GiveUp() { }
}
