using SoraHpc.Communication;

namespace SoraHpc.Storage.Checkpoints;

/// <summary>A checkpoint that was found in the memories of the ranks, dealt anew: this rank's share is the data of its own image.</summary>
internal sealed unsafe class CopyReader(Communicator communicator, CheckpointHeader header, long number, SectionPlan plan, CheckpointImage image) : CheckpointReader(communicator, number)
{
    private bool isOver;

    /// <inheritdoc/>
    public override CheckpointHeader Header => header;

    /// <inheritdoc/>
    public override string Place => "memory";

    private protected override SectionPlan Shares => isOver ? throw new ObjectDisposedException(nameof(CheckpointReader)) : plan;

    private protected override byte* Share => image.Data;

    /// <inheritdoc/>
    public override void Dispose() => isOver = true;
}
