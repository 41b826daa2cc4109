using SoraHpc.Communication;
using SoraHpc.Decomposition;
using SoraHpc.Diagnostics;

namespace SoraHpc.Runtime.Balancing;

/// <summary>The partition is cut once: evenly, or in proportion to capabilities that are given.</summary>
/// <param name="capabilities">P_i of every rank [relative], each > 0; empty for equal ranks.</param>
public sealed class StaticBalancer(params double[] capabilities) : IBalancer
{
    /// <inheritdoc/>
    public double[] Capabilities(Communicator world, IJob job)
    {
        if (capabilities.Length == 0)
            return [.. Enumerable.Repeat(1.0, world.Size)];
        if (capabilities.Length != world.Size)
            throw new UsageException($"{capabilities.Length} capabilities are given for {world.Size} ranks: give one for each rank, or none");
        return capabilities;
    }

    /// <inheritdoc/>
    public double? GivenCapability(int rank) => capabilities.Length == 0 ? null : capabilities[rank];

    /// <inheritdoc/>
    public bool MovesParts => false;

    /// <inheritdoc/>
    public Placement? Rebalance(BalancePoint point) => null;

    /// <inheritdoc/>
    public override string ToString() => capabilities.Length == 0 ? "static, equal ranks" : $"static, given capabilities {string.Join(" : ", capabilities)}";
}
