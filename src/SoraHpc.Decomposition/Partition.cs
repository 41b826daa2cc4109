namespace SoraHpc.Decomposition;

/// <summary>Which cells belong to which part: one block a part, disjoint, together the whole grid.</summary>
public sealed class Partition
{
    // The blocks' edges divide the grid into a coarse one; owners[] says whose every coarse box is. Finding a cell's owner is
    // three binary searches, whatever shape the partition has.
    private readonly long[][] edges;
    private readonly int[] owners;

    /// <exception cref="PartitionException">Two blocks overlap, or they leave cells out.</exception>
    public Partition(Grid grid, IReadOnlyList<Block> blocks)
    {
        (Grid, Blocks) = (grid, blocks);
        edges = [EdgesAlong(0), EdgesAlong(1), EdgesAlong(2)];
        owners = new int[edges[0].Length * edges[1].Length * edges[2].Length];
        Array.Fill(owners, -1);
        long cells = 0;
        for (int part = 0; part < blocks.Count; part++)
        {
            cells += blocks[part].Cells;
            Claim(part);
        }
        if (cells != grid.Extent.Cells)
            throw new PartitionException($"the blocks hold {cells} cells, the grid {grid.Extent.Cells}");
    }

    /// <summary>What was divided.</summary>
    public Grid Grid { get; }

    /// <summary>The block of every part.</summary>
    public IReadOnlyList<Block> Blocks { get; }

    /// <summary>Number of parts.</summary>
    public int Parts => Blocks.Count;

    /// <summary>The part a cell of the grid belongs to.</summary>
    public int OwnerOf(Cell cell) => owners[At(Find(0, cell.Plane), Find(1, cell.Row), Find(2, cell.Column))];

    /// <summary>Whose the cells of a box inside the grid are; a part may come more than once.</summary>
    public IEnumerable<(int Part, Block Cells)> OwnersIn(Block box)
    {
        for (int k = Find(0, box.Begin.Plane); k < edges[0].Length && edges[0][k] < box.End.Plane; k++)
            for (int j = Find(1, box.Begin.Row); j < edges[1].Length && edges[1][j] < box.End.Row; j++)
                for (int i = Find(2, box.Begin.Column); i < edges[2].Length && edges[2][i] < box.End.Column; i++)
                    yield return (owners[At(k, j, i)], new Block(new Cell(edges[0][k], edges[1][j], edges[2][i]),
                        new Cell(EdgeAfter(0, k), EdgeAfter(1, j), EdgeAfter(2, i))).Intersect(box));
    }

    private long EdgeAfter(int dimension, int edge) => edge + 1 < edges[dimension].Length ? edges[dimension][edge + 1] : Grid.Extent[dimension];

    private long[] EdgesAlong(int dimension) => Blocks.Select(block => block.Begin[dimension]).Distinct().Order().ToArray();

    private int Find(int dimension, long coordinate)
    {
        int found = Array.BinarySearch(edges[dimension], coordinate);
        return found >= 0 ? found : ~found - 1;
    }

    private int At(int plane, int row, int column) => (plane * edges[1].Length + row) * edges[2].Length + column;

    private void Claim(int part)
    {
        Block block = Blocks[part];
        for (int k = Find(0, block.Begin.Plane); k < edges[0].Length && edges[0][k] < block.End.Plane; k++)
            for (int j = Find(1, block.Begin.Row); j < edges[1].Length && edges[1][j] < block.End.Row; j++)
                for (int i = Find(2, block.Begin.Column); i < edges[2].Length && edges[2][i] < block.End.Column; i++)
                {
                    ref int owner = ref owners[At(k, j, i)];
                    owner = owner < 0 ? part : throw new PartitionException($"parts {owner} and {part} overlap");
                }
    }
}
