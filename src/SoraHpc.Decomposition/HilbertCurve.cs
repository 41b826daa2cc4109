namespace SoraHpc.Decomposition;

/// <summary>Orders the places of a lattice so that places near each other in the order are near each other in space.</summary>
public static class HilbertCurve
{
    /// <summary>
    /// Indices of all places (columns fastest) in the order of the curve. In a rectangle of any sides every step is to a direct
    /// neighbour. In a box the curve is that of the enclosing cube of side 2ᵏ with the places outside left out: every step is direct
    /// in a full cube, elsewhere some are longer.
    /// </summary>
    public static int[] Order(Extent counts)
    {
        if (counts is { Planes: > 1, Rows: > 1, Columns: > 1 })
            return InBox(counts);
        int rows = (int)(counts.Planes > 1 ? counts.Planes : counts.Rows);
        int columns = (int)(counts.Planes > 1 && counts.Rows > 1 ? counts.Rows : counts.Columns);
        return InRectangle(rows, columns);
    }

    private static int[] InRectangle(int rows, int columns)
    {
        List<int> order = new(checked(rows * columns));
        // From one corner along a side to its other end: with direct steps alone only when that side is even, or both are odd.
        bool alongColumns = columns >= rows ? columns % 2 == 0 || rows % 2 == 1 : rows % 2 == 1 && columns % 2 == 0;
        Step right = new(0, 1), down = new(1, 0);
        if (alongColumns)
            Walk(new(0, 0), right, columns, down, rows, place => order.Add(place.Row * columns + place.Column));
        else
            Walk(new(0, 0), down, rows, right, columns, place => order.Add(place.Row * columns + place.Column));
        return [.. order];
    }

    private readonly record struct Step(int Row, int Column)
    {
        public static Step operator +(Step a, Step b) => new(a.Row + b.Row, a.Column + b.Column);
        public static Step operator *(int n, Step a) => new(n * a.Row, n * a.Column);
        public static Step operator -(Step a) => new(-a.Row, -a.Column);
    }

    // Visits a rectangle from one corner to the other end of its first side: a long one as two halves in line, any other as three parts
    // (up, along, down) like the Hilbert curve. Halves are made even where they can be, which keeps ends of parts side by side.
    // The generalisation to rectangles of any sides is J. Červený's (github.com/jakubcerveny/gilbert).
    private static void Walk(Step corner, Step along, int length, Step across, int width, Action<Step> visit)
    {
        if (width == 1)
        {
            for (int i = 0; i < length; i++)
                visit(corner + i * along);
            return;
        }
        if (length == 1)
        {
            for (int i = 0; i < width; i++)
                visit(corner + i * across);
            return;
        }
        int half = length / 2, up = width / 2;
        if (2 * length > 3 * width)
        {
            half += half % 2 == 1 && length > 2 ? 1 : 0;
            Walk(corner, along, half, across, width, visit);
            Walk(corner + half * along, along, length - half, across, width, visit);
            return;
        }
        up += up % 2 == 1 && width > 2 ? 1 : 0;
        Walk(corner, across, up, along, half, visit);
        Walk(corner + up * across, along, length, across, width - up, visit);
        Walk(corner + (length - 1) * along + (up - 1) * across, -across, up, -along, length - half, visit);
    }

    private static int[] InBox(Extent counts)
    {
        int bits = 0;
        while (1L << bits < Math.Max(counts.Planes, Math.Max(counts.Rows, counts.Columns)))
            bits++;
        int[] order = [.. Enumerable.Range(0, checked((int)counts.Cells))];
        ulong[] keys = new ulong[order.Length];
        for (int i = 0; i < keys.Length; i++)
        {
            long line = i / counts.Columns;
            keys[i] = KeyOf((uint)(line / counts.Rows), (uint)(line % counts.Rows), (uint)(i % counts.Columns), bits);
        }
        Array.Sort(keys, order);
        return order;
    }

    // Distance along the curve of order bits in a cube (J. Skilling, "Programming the Hilbert curve", AIP Conf. Proc. 707 (2004) 381).
    private static ulong KeyOf(uint plane, uint row, uint column, int bits)
    {
        Span<uint> x = [plane, row, column];
        for (uint bit = 1u << bits >> 1; bit > 1; bit >>= 1)       // from the largest cube inwards: undo its reflections and exchanges
            for (int d = 0; d < 3; d++)
                if ((x[d] & bit) != 0)
                    x[0] ^= bit - 1;
                else
                {
                    uint differ = (x[0] ^ x[d]) & (bit - 1);
                    x[0] ^= differ;
                    x[d] ^= differ;
                }
        x[1] ^= x[0];                                               // Gray code
        x[2] ^= x[1];
        uint flips = 0;
        for (uint bit = 1u << bits >> 1; bit > 1; bit >>= 1)
            flips ^= (x[2] & bit) != 0 ? bit - 1 : 0;
        ulong key = 0;
        for (int b = bits - 1; b >= 0; b--)
            for (int d = 0; d < 3; d++)
                key = key << 1 | ((x[d] ^ flips) >> b & 1);
        return key;
    }
}
