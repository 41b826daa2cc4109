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

    /// <summary>Called by every rank after each of its steps: which rank is to hold which part from now on, or null to leave all where it is.</summary>
    /// <remarks>
    /// Every rank must decide alike, and call <see cref="BalancePoint.Measure"/> after the same steps: what it gives is the same on all
    /// ranks, what a rank measures by itself is not. Most calls should do nothing but compare the step's number.
    /// </remarks>
    /// <returns>A placement of the same parts on the same ranks; the run time moves the parts whose rank changes.</returns>
    Placement? Rebalance(BalancePoint point);
}
