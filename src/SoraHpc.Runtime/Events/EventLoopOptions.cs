namespace SoraHpc.Runtime.Events;

/// <summary>How events travel; without effect on what they say.</summary>
public sealed record EventLoopOptions
{
    /// <summary>Events to one rank travel together in messages of up to this size [B]; a larger event travels alone. ≥ 1. Default: 4096,
    /// which goes at once (eagerly) on threads, Open MPI and MPICH.</summary>
    public int BatchBytes { get; init => field = AtLeastOne(value, nameof(BatchBytes)); } = 4096;

    /// <summary>Receives that stand ready for whichever rank sends, ≥ 1. Default: 8.</summary>
    public int ReceivesAhead { get; init => field = AtLeastOne(value, nameof(ReceivesAhead)); } = 8;

    private static int AtLeastOne(int value, string name) => value >= 1 ? value : throw new ArgumentOutOfRangeException(name, value, "must be 1 or more");
}
