namespace SoraHpc.Decomposition;

/// <summary>Divides a grid among ranks. Pure arithmetic: no communication, the same answer on every rank.</summary>
public interface IPartitioner
{
    /// <summary>One rank for every entry of <paramref name="capabilities"/>, its share of the work in proportion to it.</summary>
    /// <param name="grid">The cells, and the weight of every tile where they are not all the same work.</param>
    /// <param name="capabilities">P_i of every rank [any unit], each > 0; all equal cuts evenly.</param>
    /// <returns>The blocks and which rank holds which; a rank so slow that all finish sooner without it may hold none.</returns>
    /// <exception cref="PartitionException">More ranks than tiles to give them, or a capability that is not a positive number.</exception>
    Division Cut(Grid grid, ReadOnlySpan<double> capabilities);
}
