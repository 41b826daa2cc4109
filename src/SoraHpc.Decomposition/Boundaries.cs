namespace SoraHpc.Decomposition;

/// <summary>Dimensions that wrap around, and walls along the others.</summary>
/// <param name="planes">Whether plane 0 follows the last.</param>
/// <param name="rows">Whether row 0 follows the last.</param>
/// <param name="columns">Whether column 0 follows the last.</param>
public sealed class PeriodicBoundary(bool planes, bool rows, bool columns) : IBoundary
{
    /// <summary>Walls everywhere: halo cells beyond the edge keep what the job puts there.</summary>
    public static readonly PeriodicBoundary Walls = new(false, false, false);

    /// <summary>Every dimension wraps.</summary>
    public static readonly PeriodicBoundary Torus = new(true, true, true);

    /// <inheritdoc/>
    public bool TryMap(Extent extent, Cell outside, out Cell inside)
    {
        inside = outside;
        return TryWrap(outside.Plane, extent.Planes, planes, 0, ref inside)
            && TryWrap(outside.Row, extent.Rows, rows, 1, ref inside)
            && TryWrap(outside.Column, extent.Columns, columns, 2, ref inside);
    }

    private static bool TryWrap(long at, long length, bool wraps, int dimension, ref Cell inside)
    {
        if (at >= 0 && at < length)
            return true;
        inside = inside.With(dimension, ((at % length) + length) % length);
        return wraps;
    }
}
