using System.Runtime.InteropServices;

namespace SoraHpc.Jobs.NBody;

/// <summary>
/// A cell of the tree, blittable. Cells lie in the order in which a walk meets them: a cell, then what is in it. One that is not opened is
/// passed by going <see cref="Skip"/> cells on.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal struct Cell
{
    /// <summary>Centre of mass.</summary>
    internal double X, Y, Z;

    /// <summary>Square of the distance from the centre of mass up to which the cell is opened.</summary>
    internal double ReachSquared;

    /// <summary>Cells from this one to the next that is not within it, ≥ 1.</summary>
    internal int Skip;

    /// <summary>Bodies of a leaf; 0 for a cell with cells in it, and for one that came without its contents.</summary>
    internal int Bodies;

    /// <summary>Place of a leaf's first body.</summary>
    internal int FirstBody;

    /// <summary>Where it lies in the tree: 0 is the root.</summary>
    internal int Depth;

    internal double Mass;

    /// <summary>Three times the second moments Σ m x xᵀ about the centre of mass.</summary>
    internal double XX, YY, ZZ, XY, XZ, YZ;

    /// <summary>Adds a part of the cell to its second moments, whose centre of mass is known already.</summary>
    /// <param name="part">A body as a cell without moments, or a cell within this one.</param>
    internal void AddMoments(in Cell part)
    {
        double dx = part.X - X, dy = part.Y - Y, dz = part.Z - Z, weight = 3 * part.Mass;
        (XX, YY, ZZ) = (XX + (part.XX + weight * dx * dx), YY + (part.YY + weight * dy * dy), ZZ + (part.ZZ + weight * dz * dz));
        (XY, XZ, YZ) = (XY + (part.XY + weight * dx * dy), XZ + (part.XZ + weight * dx * dz), YZ + (part.YZ + weight * dy * dz));
    }
}
