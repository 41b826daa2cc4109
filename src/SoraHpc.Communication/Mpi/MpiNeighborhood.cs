namespace SoraHpc.Communication.Mpi;

/// <summary>
/// The neighbours of a periodic grid with a side of one or two ranks, as a graph. There both neighbours along the side are the same
/// rank, and what is sent towards − must arrive in its + block; Open MPI 4.1 and MPICH 4.0 each get this wrong in some of the
/// neighbourhood exchanges. In a graph that names the sources + before −, first in is first out and every block lands where it
/// belongs. Walls are no edges of it.
/// </summary>
internal sealed unsafe class MpiNeighborhood
{
    // For every edge of the graph, its place in the grid's order of neighbours.
    private readonly int[] sourceAt, destinationAt;

    private MpiNeighborhood(nint handle, int[] sourceAt, int[] destinationAt) =>
        (Handle, this.sourceAt, this.destinationAt) = (handle, sourceAt, destinationAt);

    internal nint Handle { get; }

    internal int Sources => sourceAt.Length;

    internal int Destinations => destinationAt.Length;

    /// <summary>The graph of a grid that needs one, else null. Collective.</summary>
    internal static MpiNeighborhood? Create(MpiProcess process, nint communicator, CartesianTopology grid)
    {
        bool needed = false;
        for (int d = 0; d < grid.Dimensions.Length; d++)
            needed |= grid.Periodic[d] && grid.Dimensions[d] <= 2;
        if (!needed)
            return null;
        IReadOnlyList<int> neighbours = grid.Sources;
        int[] destinationAt = [.. Enumerable.Range(0, neighbours.Count).Where(i => neighbours[i] != Communicator.ProcessNull)];
        // i ^ 1 is the other end of the same dimension.
        int[] sourceAt = [.. Enumerable.Range(0, neighbours.Count).Select(i => i ^ 1).Where(i => neighbours[i] != Communicator.ProcessNull)];
        nint handle = process.CreateGraph(communicator, [.. sourceAt.Select(i => neighbours[i])], [.. destinationAt.Select(i => neighbours[i])]);
        return new(handle, sourceAt, destinationAt);
    }

    /// <summary>Puts counts or displacements of the sending side into the graph's order.</summary>
    internal void OrderDestinations(ReadOnlySpan<int> values, Span<int> ordered) => Order(destinationAt, values, ordered);

    /// <summary>Puts counts or displacements of the receiving side into the graph's order.</summary>
    internal void OrderSources(ReadOnlySpan<int> values, Span<int> ordered) => Order(sourceAt, values, ordered);

    private static void Order(int[] at, ReadOnlySpan<int> values, Span<int> ordered)
    {
        for (int i = 0; i < at.Length; i++)
            ordered[i] = values[at[i]];
    }
}
