using SoraHpc.Communication;

namespace SoraHpc.Runtime.Balancing;

/// <summary>How work is kept in proportion to capability: says what capability every rank counts with when the grid is cut.</summary>
public interface IBalancer
{
    /// <summary>P_i of every rank [relative], each > 0: the partitioner's weights. The same on every rank. Collective.</summary>
    double[] Capabilities(Communicator world);

    /// <summary>The capability given for a rank, to compute its λ with; null when it is to be measured.</summary>
    double? GivenCapability(int rank);
}
