namespace SoraHpc.Decomposition;

/// <summary>What lies beyond the edge of a grid: maps a cell outside the extent to the cell that stands for it.</summary>
/// <remarks>Pure arithmetic with the same answer on every rank. Walls, wrap-around and the seams of a cubed sphere are of this kind.</remarks>
public interface IBoundary
{
    /// <summary>True and the cell inside the extent whose value a halo cell <paramref name="outside"/> takes; false at a wall.</summary>
    bool TryMap(Extent extent, Cell outside, out Cell inside);
}

/// <summary>The cells to be divided: how many, what lies beyond their edges, and in what pieces they may be cut.</summary>
/// <param name="Extent">Cells along each dimension.</param>
/// <param name="Boundary">What halo cells beyond the edge stand for.</param>
/// <param name="Tile">Cuts fall on multiples of these lengths (spectral elements of 4 × 4 nodes: a tile of 4 × 4). Default: single cells.</param>
public sealed record Grid(Extent Extent, IBoundary Boundary, Extent Tile)
{
    public Grid(Extent extent, IBoundary boundary) : this(extent, boundary, new Extent(1, 1, 1)) { }
}
