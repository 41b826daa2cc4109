namespace SoraHpc.Decomposition;

/// <summary>Which cells around a block a stencil reads.</summary>
public enum HaloShape
{
    /// <summary>Beyond the faces only: five- and seven-point stars of any radius.</summary>
    Faces,
    /// <summary>Edges and corners too.</summary>
    Box,
}

/// <summary>A row of cells to copy: cell <paramref name="From"/> + n · <paramref name="FromStep"/> fills halo cell <paramref name="To"/> + n · <paramref name="ToStep"/>.</summary>
/// <param name="From">In the source part's block.</param>
/// <param name="To">In the halo of the destination part, in its own coordinates (possibly outside the grid).</param>
/// <param name="Count">Cells, ≥ 1.</param>
public readonly record struct HaloRun(Cell From, Cell FromStep, Cell To, Cell ToStep, int Count);

/// <summary>All that one part's halo takes from one other part (or from itself, on a periodic grid).</summary>
/// <param name="Source">The part that owns the cells.</param>
/// <param name="Destination">The part whose halo they fill.</param>
/// <param name="Runs">In the order in which both sides pack and unpack.</param>
/// <param name="Cells">Their total.</param>
public sealed record HaloTransfer(int Source, int Destination, IReadOnlyList<HaloRun> Runs, int Cells);

/// <summary>Who sends which cells to whom before a stencil can be applied. A plan only: the run time executes it.</summary>
public sealed class HaloPlan
{
    private HaloPlan(int width, IReadOnlyList<HaloTransfer> transfers) => (Width, Transfers) = (width, transfers);

    /// <summary>Cells of halo on every side.</summary>
    public int Width { get; }

    /// <summary>All transfers into the asked-for parts, ordered by destination, then source.</summary>
    public IReadOnlyList<HaloTransfer> Transfers { get; }

    /// <summary>
    /// The transfers that touch <paramref name="parts"/>, as source or destination. Work: the surface of all parts, no communication;
    /// the two ends of a transfer compute the same runs.
    /// </summary>
    /// <param name="width">Cells of halo, ≥ 1.</param>
    /// <param name="parts">Null for all of them.</param>
    public static HaloPlan Create(Partition partition, int width, HaloShape shape, IReadOnlySet<int>? parts = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        List<HaloTransfer> transfers = [];
        for (int destination = 0; destination < partition.Parts; destination++)
            foreach ((int source, List<(Cell From, Cell To)> cells) in Sources(partition, destination, width, shape))
                if (parts is null || parts.Contains(source) || parts.Contains(destination))
                    transfers.Add(new(source, destination, Compress(cells), cells.Count));
        return new(width, transfers);
    }

    private static SortedDictionary<int, List<(Cell From, Cell To)>> Sources(Partition partition, int destination, int width, HaloShape shape)
    {
        SortedDictionary<int, List<(Cell, Cell)>> sources = [];
        Grid grid = partition.Grid;
        Block block = partition.Blocks[destination];
        foreach (Block side in block.Grow(width, grid.Extent).Without(block))
            foreach (Cell to in side.CellsInOrder())
            {
                if (shape == HaloShape.Faces && DimensionsOutside(block, to) > 1)
                    continue;
                Cell from = to;
                if (!grid.Extent.Whole.Contains(to) && !grid.Boundary.TryMap(grid.Extent, to, out from))
                    continue;
                int source = partition.OwnerOf(from);
                if (!sources.TryGetValue(source, out List<(Cell, Cell)>? cells))
                    sources.Add(source, cells = []);
                cells.Add((from, to));
            }
        return sources;
    }

    private static int DimensionsOutside(Block block, Cell cell)
    {
        int outside = 0;
        for (int d = 0; d < 3; d++)
            outside += cell[d] < block.Begin[d] || cell[d] >= block.End[d] ? 1 : 0;
        return outside;
    }

    // Neighbouring pairs whose steps are the same make one run: a whole side becomes one strided copy.
    private static List<HaloRun> Compress(List<(Cell From, Cell To)> cells)
    {
        List<HaloRun> runs = [];
        for (int first = 0; first < cells.Count;)
        {
            int next = first + 1;
            Cell fromStep = default, toStep = default;
            if (next < cells.Count)
            {
                (fromStep, toStep) = (cells[next].From - cells[first].From, cells[next].To - cells[first].To);
                while (next < cells.Count && cells[next].From - cells[next - 1].From == fromStep && cells[next].To - cells[next - 1].To == toStep)
                    next++;
            }
            runs.Add(new(cells[first].From, fromStep, cells[first].To, toStep, next - first));
            first = next;
        }
        return runs;
    }
}
