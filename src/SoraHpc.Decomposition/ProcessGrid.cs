namespace SoraHpc.Decomposition;

/// <summary>Ranks laid out as planes × rows × columns, columns fastest.</summary>
internal readonly record struct ProcessGrid(int Planes, int Rows, int Columns)
{
    internal int this[int dimension] => dimension switch { 0 => Planes, 1 => Rows, _ => Columns };

    /// <summary>The layout with the least cut surface among those with at most one rank a piece along every dimension; ties cut rows before columns.</summary>
    /// <param name="piece">The least that can be given away.</param>
    /// <param name="asked">Ranks wanted along each dimension; 0 to choose.</param>
    /// <exception cref="PartitionException">No layout fits.</exception>
    internal static ProcessGrid Choose(Grid grid, Extent piece, int ranks, ProcessGrid asked)
    {
        ProcessGrid? best = null;
        double least = double.PositiveInfinity;
        (Extent e, Extent pieces) = (grid.Extent, grid.Extent.DividedBy(piece));
        for (int p = 1; p <= ranks; p++)
            for (int r = 1; ranks % p == 0 && r <= ranks / p; r++)
            {
                ProcessGrid offered = new(p, r, ranks / p / r);
                if (ranks / p % r != 0 || !offered.Fits(asked, pieces))
                    continue;
                double surface = (p - 1.0) * e.Rows * e.Columns + (r - 1.0) * e.Planes * e.Columns + (offered.Columns - 1.0) * e.Planes * e.Rows;
                if (surface < least || (surface == least && best is { } known && offered.Columns < known.Columns))
                    (least, best) = (surface, offered);
            }
        return best ?? throw new PartitionException($"{ranks} ranks do not fit a grid of {e} cells in blocks of at least {piece}"
            + $"{(asked.Planes + asked.Rows + asked.Columns > 0 ? $" as {asked.Planes} × {asked.Rows} × {asked.Columns} ranks (0: free)" : "")}: use fewer ranks or another partition");
    }

    /// <summary>Capability of every layer of ranks across a dimension: the sum over the ranks in it.</summary>
    internal double[] CapabilitiesAlong(int dimension, ReadOnlySpan<double> capabilities)
    {
        double[] sums = new double[this[dimension]];
        for (int rank = 0; rank < capabilities.Length; rank++)
            sums[(int)PlaceOf(rank)[dimension]] += capabilities[rank];
        return sums;
    }

    internal Cell PlaceOf(int rank) => new(rank / (Rows * Columns), rank / Columns % Rows, rank % Columns);

    internal int RankAt(int plane, int row, int column) => (plane * Rows + row) * Columns + column;

    private bool Fits(ProcessGrid asked, Extent pieces)
    {
        for (int d = 0; d < 3; d++)
            if (this[d] > pieces[d] || asked[d] != 0 && asked[d] != this[d])
                return false;
        return true;
    }
}
