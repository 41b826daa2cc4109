namespace SoraHpc.Decomposition;

/// <summary>The cells to be divided: how many, what lies beyond their edges, in what pieces they may be cut and what work each piece is.</summary>
/// <param name="Extent">Cells along each dimension.</param>
/// <param name="Boundary">What halo cells beyond the edge stand for.</param>
/// <param name="Tile">Cuts fall on multiples of these lengths (spectral elements of 4 × 4 nodes: a tile of 4 × 4). Default: single cells.</param>
public sealed record Grid(Extent Extent, IBoundary Boundary, Extent Tile)
{
    public Grid(Extent extent, IBoundary boundary) : this(extent, boundary, new Extent(1, 1, 1)) { }

    /// <summary>Cells along each dimension.</summary>
    public Extent Extent { get; } = Extent;

    /// <summary>Cuts fall on multiples of these lengths; tiles at the far edges may be smaller.</summary>
    public Extent Tile { get; } = Tile;

    /// <summary>Tiles along each dimension.</summary>
    public Extent Tiles => Extent.DividedBy(Tile);

    /// <summary>
    /// Work of one step in every tile, planes slowest and columns fastest, each > 0 [any unit]. Empty, the default: one unit a cell.
    /// The numbers are not copied; every rank gives the same.
    /// </summary>
    /// <exception cref="PartitionException">Not one weight a tile, or a weight that is not a positive number.</exception>
    public ReadOnlyMemory<double> Weights { get; init => field = Checked(value); }

    private ReadOnlyMemory<double> Checked(ReadOnlyMemory<double> weights)
    {
        if (!weights.IsEmpty && weights.Length != Tiles.Cells)
            throw new PartitionException($"{weights.Length} weights are given for {Tiles.Cells} tiles ({Tiles}): give one for every tile, or none");
        int wrong = PartitionInput.FirstNotPositive(weights.Span);
        return wrong < 0 ? weights : throw new PartitionException($"weight {PartitionInput.Text(weights.Span[wrong])} of tile {wrong} is not a positive number");
    }
}
