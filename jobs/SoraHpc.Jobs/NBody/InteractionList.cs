namespace SoraHpc.Jobs.NBody;

/// <summary>What acts on the bodies of a group, in the order of the walk: bodies of opened leaves, and cells as a whole.</summary>
internal sealed unsafe class InteractionList(Expansion expansion) : IDisposable
{
    private readonly SourceRows bodies = new(4), cells = new(10);

    /// <summary>Bodies, and cells where they act by their mass alone.</summary>
    internal int Bodies => bodies.Count;

    /// <summary>Cells with second moments.</summary>
    internal int Cells => cells.Count;

    internal void Clear() => bodies.Count = cells.Count = 0;

    internal void Add(in Cell cell)
    {
        SourceRows rows = expansion == Expansion.Monopole ? bodies : cells;
        if (rows.Count == rows.Stride)
            rows.Reserve(rows.Count + 1);
        double* row = rows.First + rows.Count++;
        nint stride = rows.Stride;
        (row[0], row[stride], row[2 * stride], row[3 * stride]) = (cell.X, cell.Y, cell.Z, cell.Mass);
        if (expansion == Expansion.Monopole)
            return;
        (row[4 * stride], row[5 * stride], row[6 * stride]) = (cell.XX, cell.YY, cell.ZZ);
        (row[7 * stride], row[8 * stride], row[9 * stride]) = (cell.XY, cell.XZ, cell.YZ);
    }

    internal void Add(SourceRows from, int first, int count)
    {
        bodies.Reserve(bodies.Count + count);
        for (int row = 0; row < 4; row++)
            new ReadOnlySpan<double>(from.Row(row) + first, count).CopyTo(new Span<double>(bodies.Row(row) + bodies.Count, count));
        bodies.Count += count;
    }

    /// <summary>Ends the list, before <see cref="PullOn"/>.</summary>
    internal void Complete()
    {
        bodies.Pad();
        cells.Pad();
    }

    /// <summary>What all of it does to one target.</summary>
    internal GravityKernel.Pull PullOn(in GravityKernel.Target target, double softeningSquared)
    {
        GravityKernel.Pull pull = default;
        GravityKernel.AddBodies(bodies.First, bodies.Stride, Padded(bodies.Count), softeningSquared, target, ref pull);
        GravityKernel.AddCells(cells.First, cells.Stride, Padded(cells.Count), softeningSquared, target, ref pull);
        return pull;
    }

    public void Dispose()
    {
        bodies.Dispose();
        cells.Dispose();
    }

    private static int Padded(int count) => (count + GravityKernel.Lanes - 1) / GravityKernel.Lanes * GravityKernel.Lanes;
}
