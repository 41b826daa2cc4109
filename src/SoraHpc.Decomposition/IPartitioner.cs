namespace SoraHpc.Decomposition;

/// <summary>Divides a grid into parts, one block each. Pure arithmetic: no communication, the same answer on every rank.</summary>
public interface IPartitioner
{
    /// <summary>One part for every entry of <paramref name="capabilities"/>, its share of the cells in proportion to it.</summary>
    /// <param name="capabilities">P_i of every part [any unit], each > 0; all equal cuts evenly.</param>
    /// <exception cref="PartitionException">More parts than tiles to give them.</exception>
    Partition Cut(Grid grid, ReadOnlySpan<double> capabilities);
}
