namespace SoraHpc.Runtime.Stealing;

/// <summary>How tasks go from node to node. Inside a node they go through shared memory, whatever is chosen here.</summary>
public enum StealTransport
{
    /// <summary>What a measurement when the pool is made finds fastest: passive RMA where an access completes though its target computes, else the better of the other two.</summary>
    Measured,
    /// <summary>One-sided access; the target takes no part. Where the library makes no progress for a target that computes, thieves wait until it next calls MPI.</summary>
    Rma,
    /// <summary>One-sided access; ranks that execute tasks call MPI now and then, so that accesses to them complete.</summary>
    PolledRma,
    /// <summary>A thief asks and the victim answers with tasks, when it next looks for messages.</summary>
    Messages,
}
