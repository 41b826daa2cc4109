using System.Numerics;

namespace SoraHpc.Runtime.Stealing;

/// <summary>How tasks go from rank to rank. The defaults measure what they need.</summary>
public sealed record StealingOptions
{
    /// <summary>False: every rank executes its own tasks and what follows from them, for comparison. Default: true.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>P_i of the ranks, relative and positive, one each; empty: as each rank measures itself while it runs. A thief takes P_thief / (P_thief + P_victim) of what is offered.</summary>
    public double[] Capabilities { get; init; } = [];

    /// <summary>Most tasks a rank offers to others at a time: a power of two in [2, 2²⁰]. Default: 4096.</summary>
    public int OfferedTasks
    {
        get;
        init => field = BitOperations.IsPow2(value) && value is >= 2 and <= 1 << 20 ? value : throw new ArgumentOutOfRangeException(nameof(OfferedTasks));
    } = 4096;

    /// <summary>Tasks a rank offers at once take at least this many times as long as a steal takes; 16 tasks are always enough. Default: 8.</summary>
    public double WorkPerSteal { get; init => field = value >= 0 && double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(nameof(WorkPerSteal)); } = 8;

    /// <summary>How tasks go from node to node. Default: what a measurement finds when the pool is made, which takes some milliseconds.</summary>
    public StealTransport BetweenNodes { get; init; } = StealTransport.Measured;

    /// <summary>For trying on one machine how several would do: so many ranks at most form a node, and no memory is shared with the others. 0, the default: the ranks that really share memory.</summary>
    public int RanksPerNode { get; init => field = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(RanksPerNode)); }
}
