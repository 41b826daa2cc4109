namespace SoraHpc.Decomposition;

/// <summary>What lies beyond the edge of a grid: maps a cell outside the extent to the cell that stands for it.</summary>
/// <remarks>Pure arithmetic with the same answer on every rank. Walls, wrap-around and the seams of a cubed sphere are of this kind.</remarks>
public interface IBoundary
{
    /// <summary>True and the cell inside the extent whose value a halo cell <paramref name="outside"/> takes; false at a wall.</summary>
    bool TryMap(Extent extent, Cell outside, out Cell inside);
}
