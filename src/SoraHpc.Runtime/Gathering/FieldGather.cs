using SoraHpc.Communication;
using SoraHpc.Decomposition;

namespace SoraHpc.Runtime.Gathering;

/// <summary>Brings a whole field to the root: for results that fit one rank's memory. Larger ones are written in parallel.</summary>
public static class FieldGather
{
    /// <summary>All cells in grid order (planes, rows, columns) on the root; empty on the others. Collective.</summary>
    /// <param name="field">One of the particle's.</param>
    /// <exception cref="OverflowException">The grid has more than 2³¹ − 1 cells: write it with <see cref="FieldWriter"/>.</exception>
    public static T[] ToRoot<T>(Particle particle, Field<T> field) where T : unmanaged
    {
        T[] own = new T[checked((int)particle.Cells)];
        int at = 0;
        foreach (Patch<T> patch in field.Patches)
            Visit(patch.Block, (plane, row) =>
            {
                patch.Row(row, plane).CopyTo(own.AsSpan(at));
                at += (int)patch.Block.Columns;
            });
        T[] gathered = particle.Communicator.Gatherv<T>(own);
        return particle.Communicator.IsRoot ? InGridOrder(particle, gathered) : [];
    }

    // What arrives is rank after rank, each rank's parts ascending, each part row by row.
    private static T[] InGridOrder<T>(Particle particle, T[] gathered)
    {
        Extent extent = particle.Partition.Grid.Extent;
        T[] whole = new T[checked((int)extent.Cells)];
        int at = 0;
        for (int rank = 0; rank < particle.Placement.Ranks; rank++)
            foreach (Block block in particle.Placement.PartsOf(rank).Select(part => particle.Partition.Blocks[part]))
                Visit(block, (plane, row) =>
                {
                    long to = (plane * extent.Rows + row) * extent.Columns + block.Begin.Column;
                    gathered.AsSpan(at, (int)block.Columns).CopyTo(whole.AsSpan((int)to));
                    at += (int)block.Columns;
                });
        return whole;
    }

    private static void Visit(Block block, Action<long, long> planeAndRow)
    {
        for (long plane = block.Begin.Plane; plane < block.End.Plane; plane++)
            for (long row = block.Begin.Row; row < block.End.Row; row++)
                planeAndRow(plane, row);
    }
}
