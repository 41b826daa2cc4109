using System.Numerics;

namespace SoraHpc.Diagnostics.Pictures;

/// <summary>Lines of equal value on a regular grid by marching squares, joined into the longest possible lines.</summary>
/// <remarks>Source: Lorensen and Cline, SIGGRAPH 1987, in two dimensions; a saddle is decided by the mean of its four corners.</remarks>
internal static class ContourTracer
{
    /// <summary>All lines where the values cross <paramref name="level"/>; a closed line ends on its first point.</summary>
    /// <param name="values">Row-major, shape (rows, columns); squares with a corner that is not finite have no line.</param>
    /// <returns>Points (column, row) in units of the grid spacing.</returns>
    internal static List<Vector2[]> Trace(double[] values, int rows, int columns, double level)
    {
        var segments = new List<(int From, int To)>();
        for (int row = 0; row < rows - 1; row++)
            for (int column = 0; column < columns - 1; column++)
                AddSegments(segments, values, columns, row, column, level);
        return Join(segments, edge => PointOn(edge, values, columns, level));
    }

    // Edges are numbered 2 · node for the one to the right and 2 · node + 1 for the one below.
    private static void AddSegments(List<(int From, int To)> segments, double[] values, int columns, int row, int column, double level)
    {
        int node = row * columns + column;
        double topLeft = values[node], topRight = values[node + 1], bottomLeft = values[node + columns], bottomRight = values[node + columns + 1];
        double mean = 0.25 * (topLeft + topRight + bottomLeft + bottomRight);
        if (!double.IsFinite(mean))
            return;
        int top = 2 * node, left = top + 1, right = left + 2, bottom = 2 * (node + columns);
        int corners = (topLeft >= level ? 8 : 0) | (topRight >= level ? 4 : 0) | (bottomRight >= level ? 2 : 0) | (bottomLeft >= level ? 1 : 0);
        switch (corners)
        {
            case 1 or 14: segments.Add((left, bottom)); break;
            case 2 or 13: segments.Add((bottom, right)); break;
            case 3 or 12: segments.Add((left, right)); break;
            case 4 or 11: segments.Add((top, right)); break;
            case 6 or 9: segments.Add((top, bottom)); break;
            case 7 or 8: segments.Add((top, left)); break;
            case 5 or 10:
                bool joinsTopLeft = corners == 5 == mean >= level;
                segments.Add(joinsTopLeft ? (top, left) : (top, right));
                segments.Add(joinsTopLeft ? (bottom, right) : (left, bottom));
                break;
        }
    }

    private static Vector2 PointOn(int edge, double[] values, int columns, double level)
    {
        int node = edge / 2, other = edge % 2 == 0 ? node + 1 : node + columns;
        float share = (float)((level - values[node]) / (values[other] - values[node]));
        var at = new Vector2(node % columns, node / columns);
        return edge % 2 == 0 ? at + new Vector2(share, 0) : at + new Vector2(0, share);
    }

    private static List<Vector2[]> Join(List<(int From, int To)> segments, Func<int, Vector2> pointOn)
    {
        var atEdge = new Dictionary<int, (int First, int Second)>();
        for (int s = 0; s < segments.Count; s++)
        {
            Attach(atEdge, segments[s].From, s);
            Attach(atEdge, segments[s].To, s);
        }
        var lines = new List<Vector2[]>();
        var used = new bool[segments.Count];
        foreach ((int edge, (int first, int second)) in atEdge)
            if (second < 0 && !used[first])
                lines.Add(Follow(edge, first));             // open lines from one end to the other
        for (int s = 0; s < segments.Count; s++)
            if (!used[s])
                lines.Add(Follow(segments[s].From, s));     // what is left is closed
        return lines;

        Vector2[] Follow(int edge, int segment)
        {
            var points = new List<Vector2> { pointOn(edge) };
            while (segment >= 0 && !used[segment])
            {
                used[segment] = true;
                edge = segments[segment].From == edge ? segments[segment].To : segments[segment].From;
                points.Add(pointOn(edge));
                (int first, int second) = atEdge[edge];
                segment = first == segment ? second : first;
            }
            return [.. points];
        }
    }

    private static void Attach(Dictionary<int, (int First, int Second)> atEdge, int edge, int segment) =>
        atEdge[edge] = atEdge.TryGetValue(edge, out (int First, int Second) other) ? (other.First, segment) : (segment, -1);
}
