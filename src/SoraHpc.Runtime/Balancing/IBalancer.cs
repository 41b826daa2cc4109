using SoraHpc.Communication;
using SoraHpc.Decomposition;

namespace SoraHpc.Runtime.Balancing;

/// <summary>
/// How work is kept in proportion to capability: with what capabilities the grid is cut, and whether parts go to other ranks between
/// steps. Moving parts changes no number of the result. Users may write their own.
/// </summary>
public interface IBalancer
{
    /// <summary>P_i of every rank [relative], each > 0: the partitioner's weights. The same on every rank. Collective.</summary>
    /// <param name="job">What is to be run, not yet prepared; its kernel may be tried where it is an <see cref="IProbedJob"/>.</param>
    double[] Capabilities(Communicator world, IJob job);

    /// <summary>The capability given for a rank, to compute its λ with; null when it is to be measured.</summary>
    double? GivenCapability(int rank);

    /// <summary>True when <see cref="Rebalance"/> may ever move a part: the job must then be an <see cref="IMigratingJob"/>.</summary>
    bool MovesParts { get; }

    /// <summary>Called by every rank after a step, from <see cref="BalancePoint.NextLook"/> on: which rank is to hold which part from now on,
    /// or null to leave all where it is.</summary>
    /// <remarks>
    /// Every rank must decide alike, by what <see cref="BalancePoint.Measure"/> gives: that is the same on all ranks, what a rank measures by
    /// itself is not. Ranks that are threads share the balancer: what changes while it runs belongs in the point.
    /// </remarks>
    /// <returns>A placement of the same parts on the same ranks; the run time moves the parts whose rank changes.</returns>
    Placement? Rebalance(BalancePoint point);
}
