namespace SoraHpc.Runtime.Events;

/// <summary>How events travel; without effect on what they say.</summary>
public sealed record EventLoopOptions
{
    /// <summary>Events to one rank travel together in messages of up to this size [B], ≥ 1 event. Default: 4096, which goes at once (eagerly)
    /// on threads, Open MPI and MPICH.</summary>
    public int BatchBytes { get; init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(BatchBytes), value, "a batch has 1 B or more"); } = 4096;

    /// <summary>Receives that stand ready for whichever rank sends, ≥ 1. Default: 8.</summary>
    public int ReceivesAhead { get; init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(ReceivesAhead), value, "one receive or more must stand ready"); } = 8;
}
