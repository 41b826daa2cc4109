using SoraHpc.Communication;

namespace SoraHpc.Storage.Checkpoints;

/// <summary>A state that is handed over, read by the ranks that go on with it.</summary>
internal sealed unsafe class HandoverReader(StateHandover home, Communicator going, CheckpointHeader header) : CheckpointReader(going, 0)
{
    private readonly SectionPlan plan = new(home.Arrays, going.Size);
    private bool isOver;

    /// <inheritdoc/>
    public override CheckpointHeader Header => header;

    /// <inheritdoc/>
    public override string Place => "of the ranks before";

    private protected override SectionPlan Shares => isOver ? throw new ObjectDisposedException(nameof(CheckpointReader)) : plan;

    private protected override byte* Share => null;

    private protected override void Deal(int array, List<Run> runs) => home.Deal(array, runs);

    /// <inheritdoc/>
    public override void Dispose() => isOver = true;
}
