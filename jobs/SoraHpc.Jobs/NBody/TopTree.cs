namespace SoraHpc.Jobs.NBody;

/// <summary>The tree above the pieces, which every rank has whole: cells in the order of the walk, the pieces as its leaves.</summary>
internal sealed class TopTree(NBodyOptions options)
{
    private Cell[] cells = [];
    private int[] pieceOf = [];
    private int count;

    internal ReadOnlySpan<Cell> Cells => cells.AsSpan(0, count);

    /// <summary>For every cell the piece it is, or −1.</summary>
    internal ReadOnlySpan<int> PieceOf => pieceOf.AsSpan(0, count);

    /// <summary>Makes it from the cells of all pieces.</summary>
    internal void Build(ReadOnlySpan<Piece> pieces, ReadOnlySpan<PieceSummary> summaries, RootCube cube)
    {
        count = 0;
        Build(pieces, summaries, 0, 0, 0, cube);
    }

    private void Build(ReadOnlySpan<Piece> pieces, ReadOnlySpan<PieceSummary> summaries, int first, ulong key, int depth, RootCube cube)
    {
        int at = count++;
        if (cells.Length < count)
        {
            Array.Resize(ref cells, Math.Max(64, 2 * cells.Length));
            Array.Resize(ref pieceOf, cells.Length);
        }
        if (pieces.Length == 1 && pieces[0].Depth == depth)
        {
            cells[at] = summaries[0].Cell with { Skip = 1 };
            pieceOf[at] = first;
            return;
        }
        (cells[at], pieceOf[at]) = (new Cell { Depth = depth }, -1);
        ulong places = RootCube.PlacesOf(depth + 1);
        for (int octant = 0, begin = 0; octant < 8; octant++)
        {
            ulong from = key + (ulong)octant * places;
            int end = begin;
            while (end < pieces.Length && pieces[end].Key < from + places)
                end++;
            if (end > begin)
                Build(pieces[begin..end], summaries[begin..end], first + begin, from, depth + 1, cube);
            begin = end;
        }
        LocalTree.Join(cells.AsSpan(at, count - at));
        cube.SetReach(ref cells[at], key, options.Theta);
    }
}

/// <summary>What every rank knows of a piece: its cell, and the box of its bodies.</summary>
internal struct PieceSummary
{
    internal Cell Cell;
    internal Box Box;
}
