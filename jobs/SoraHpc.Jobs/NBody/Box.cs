namespace SoraHpc.Jobs.NBody;

/// <summary>An axis-parallel box that touches the bodies in it.</summary>
internal struct Box
{
    internal double LowX, LowY, LowZ, HighX, HighY, HighZ;

    internal static Box Empty => new()
    {
        LowX = double.PositiveInfinity, LowY = double.PositiveInfinity, LowZ = double.PositiveInfinity,
        HighX = double.NegativeInfinity, HighY = double.NegativeInfinity, HighZ = double.NegativeInfinity,
    };

    internal void Include(in Body body)
    {
        (LowX, LowY, LowZ) = (Math.Min(LowX, body.X), Math.Min(LowY, body.Y), Math.Min(LowZ, body.Z));
        (HighX, HighY, HighZ) = (Math.Max(HighX, body.X), Math.Max(HighY, body.Y), Math.Max(HighZ, body.Z));
    }

    internal void Include(in Box other)
    {
        (LowX, LowY, LowZ) = (Math.Min(LowX, other.LowX), Math.Min(LowY, other.LowY), Math.Min(LowZ, other.LowZ));
        (HighX, HighY, HighZ) = (Math.Max(HighX, other.HighX), Math.Max(HighY, other.HighY), Math.Max(HighZ, other.HighZ));
    }

    /// <summary>True when the cell may not act as a whole on what is in this box.</summary>
    // Differences, squares and sums are rounded in ways that keep order: what is far enough from a box is far enough from every box within
    // it, in these very bits. On that rests that a rank is sent all it opens.
    internal readonly bool Opens(in Cell cell)
    {
        double dx = Math.Max(0, Math.Max(LowX - cell.X, cell.X - HighX));
        double dy = Math.Max(0, Math.Max(LowY - cell.Y, cell.Y - HighY));
        double dz = Math.Max(0, Math.Max(LowZ - cell.Z, cell.Z - HighZ));
        return dx * dx + dy * dy + dz * dz <= cell.ReachSquared;
    }
}
