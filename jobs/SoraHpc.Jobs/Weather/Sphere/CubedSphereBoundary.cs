using SoraHpc.Decomposition;

namespace SoraHpc.Jobs.Weather;

/// <summary>
/// What lies beyond the edges of the stacked panels, for planners of halos and partitioners that want to know who touches whom:
/// one line of nodes across each seam. The model itself exchanges element faces (<see cref="FaceExchange"/>), which also cover the
/// seams between panels that lie on each other in the stack without touching on the sphere.
/// </summary>
public sealed class CubedSphereBoundary : IBoundary
{
    /// <inheritdoc/>
    public bool TryMap(Extent extent, Cell outside, out Cell inside)
    {
        inside = outside;
        long side = extent.Columns;
        bool west = outside.Column == -1, east = outside.Column == side;
        bool south = outside.Row == -1, north = outside.Row == extent.Rows;
        if ((west || east) == (south || north))
            return extent.Whole.Contains(outside);      // a corner of three panels has no fourth cell; further out is nothing

        int panel = (int)(Math.Clamp(outside.Row, 0, extent.Rows - 1) / side);
        Face face = west ? Face.West : east ? Face.East : south ? Face.South : Face.North;
        (int other, Face otherFace, bool reversed) = CubedSphere.Seam(panel, face);
        long along = west || east ? outside.Row - panel * side : outside.Column;
        along = reversed ? side - 1 - along : along;
        (long row, long column) = otherFace switch
        {
            Face.West => (along, 0L),
            Face.East => (along, side - 1),
            Face.South => (0L, along),
            _ => (side - 1, along),
        };
        inside = new Cell(other * side + row, column);
        return true;
    }
}
