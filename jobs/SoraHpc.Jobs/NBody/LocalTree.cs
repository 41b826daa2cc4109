namespace SoraHpc.Jobs.NBody;

/// <summary>
/// The cells of this rank's pieces, made from its bodies, and behind them those that other ranks sent. A cell's numbers follow from the bodies
/// in it by the same sums in the same order, whoever makes it.
/// </summary>
internal sealed class LocalTree(NBodyOptions options)
{
    private Cell[] cells = [];
    private Group[] groups = [];
    private int groupCount;
    private BodyShare share = null!;
    private RootCube cube;

    /// <summary>Bodies of the largest cells with few enough: they share a walk.</summary>
    internal struct Group
    {
        internal int First, Count;
        internal Box Box;
    }

    /// <summary>Cells of this rank.</summary>
    internal int Own { get; private set; }

    /// <summary>Own cells, and behind them what <see cref="Append"/> made room for.</summary>
    internal ReadOnlySpan<Cell> Cells => cells;

    internal ReadOnlySpan<Group> Groups => groups.AsSpan(0, groupCount);

    /// <summary>Starts anew, with bodies in the order of the curve.</summary>
    internal void Begin(BodyShare share, RootCube cube)
    {
        (this.share, this.cube) = (share, cube);
        Own = groupCount = 0;
    }

    /// <summary>Makes all cells of a piece; returns where it is.</summary>
    /// <param name="begin">Its first body.</param>
    /// <param name="end">The first behind it.</param>
    internal int Build(Piece piece, int begin, int end) => Build(begin, end, piece.Key, piece.Depth, inGroup: false);

    /// <summary>Room for cells of others behind the own ones.</summary>
    internal Memory<Cell> Append(int count)
    {
        Reserve(Own + count);
        return cells.AsMemory(Own, count);
    }

    /// <summary>The box of the bodies that lie from one to the other.</summary>
    internal Box BoxOf(int begin, int end)
    {
        Box box = Box.Empty;
        foreach (ref readonly Body body in share.Bodies[begin..end])
            box.Include(body);
        return box;
    }

    private int Build(int begin, int end, ulong key, int depth, bool inGroup)
    {
        if (!inGroup && (end - begin <= options.GroupBodies || depth == RootCube.Levels))
        {
            AddGroup(begin, end);
            inGroup = true;
        }
        int at = Own;
        Reserve(++Own);
        cells[at] = new Cell { Depth = depth };
        if (end - begin <= options.LeafBodies || depth == RootCube.Levels)
            MakeLeaf(ref cells[at], begin, end);
        else
        {
            ulong places = RootCube.PlacesOf(depth + 1);
            for (int octant = 0, first = begin; octant < 8; octant++)
            {
                ulong from = key + (ulong)octant * places;
                int next = octant == 7 ? end : share.FirstFrom(from + places, first, end);
                if (next > first)
                    Build(first, next, from, depth + 1, inGroup);
                first = next;
            }
            Join(cells.AsSpan(at, Own - at));
        }
        cube.SetReach(ref cells[at], key, options.Theta);
        return at;
    }

    private void MakeLeaf(ref Cell leaf, int begin, int end)
    {
        (leaf.Skip, leaf.FirstBody, leaf.Bodies) = (1, begin, end - begin);
        ReadOnlySpan<Body> bodies = share.Bodies[begin..end];
        foreach (ref readonly Body body in bodies)
        {
            leaf.Mass += body.Mass;
            (leaf.X, leaf.Y, leaf.Z) = (leaf.X + body.Mass * body.X, leaf.Y + body.Mass * body.Y, leaf.Z + body.Mass * body.Z);
        }
        (leaf.X, leaf.Y, leaf.Z) = (leaf.X / leaf.Mass, leaf.Y / leaf.Mass, leaf.Z / leaf.Mass);
        foreach (ref readonly Body body in bodies)
            leaf.AddMoments(new Cell { X = body.X, Y = body.Y, Z = body.Z, Mass = body.Mass });
    }

    private void AddGroup(int begin, int end)
    {
        if (groups.Length == groupCount)
            Array.Resize(ref groups, Math.Max(64, 2 * groups.Length));
        groups[groupCount++] = new Group { First = begin, Count = end - begin, Box = BoxOf(begin, end) };
    }

    /// <summary>Makes the first cell out of those directly in it; all lie in the order of the walk.</summary>
    internal static void Join(Span<Cell> within)
    {
        ref Cell cell = ref within[0];
        cell.Skip = within.Length;
        for (int i = 1; i < within.Length; i += within[i].Skip)
        {
            ref readonly Cell part = ref within[i];
            cell.Mass += part.Mass;
            (cell.X, cell.Y, cell.Z) = (cell.X + part.Mass * part.X, cell.Y + part.Mass * part.Y, cell.Z + part.Mass * part.Z);
        }
        (cell.X, cell.Y, cell.Z) = (cell.X / cell.Mass, cell.Y / cell.Mass, cell.Z / cell.Mass);
        for (int i = 1; i < within.Length; i += within[i].Skip)
            cell.AddMoments(within[i]);
    }

    private void Reserve(int count)
    {
        if (cells.Length < count)
            Array.Resize(ref cells, Math.Max(count, cells.Length + cells.Length / 2));
    }
}
