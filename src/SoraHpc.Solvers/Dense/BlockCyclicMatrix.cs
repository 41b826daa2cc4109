using SoraHpc.Communication;
using SoraHpc.Diagnostics;

namespace SoraHpc.Solvers.Dense;

/// <summary>A matrix of double precision over a grid of ranks: its blocks are dealt to the rows and columns of ranks in turn, so that whatever part an
/// algorithm still works on, every rank has some of it.</summary>
/// <remarks>A rank's blocks lie together in one piece of memory, by columns. Source: L. S. Blackford et al., ScaLAPACK Users' Guide (SIAM 1997),
/// chapter 4; the first block is on rank 0.</remarks>
public sealed unsafe partial class BlockCyclicMatrix : IDisposable
{
    /// <summary>Rows and columns of a block where nothing else is said. Measured by <c>sora bench dense</c>.</summary>
    public const int DefaultBlock = 192;

    private const int Longest = 1 << 30;

    private readonly AlignedBuffer<double> memory;

    /// <summary>A matrix of zeros. Local, but made on every rank with the same arguments.</summary>
    /// <param name="rows">In [1, 2³⁰].</param>
    /// <param name="columns">In [1, 2³⁰].</param>
    /// <param name="block">Rows and columns of a block, in [1, 4096].</param>
    /// <exception cref="UsageException">A size is out of range, or this rank's share has more than 2³¹ − 1 entries.</exception>
    public BlockCyclicMatrix(RankGrid grid, int rows, int columns, int block = DefaultBlock)
    {
        if (rows is < 1 or > Longest || columns is < 1 or > Longest)
            throw new UsageException($"a matrix of {rows} × {columns} cannot be: rows and columns are in [1, {Longest}]");
        if (block is < 1 or > 4096)
            throw new UsageException($"blocks of {block} rows and columns cannot be: a block has 1 to 4096");
        Grid = grid;
        Block = block;
        RowCycle = new(rows, block, grid.Rows, grid.Row);
        ColumnCycle = new(columns, block, grid.Columns, grid.Column);
        Leading = PaddedColumn(LocalRows);
        if ((long)Leading * LocalColumns > int.MaxValue)
            throw new UsageException($"{LocalRows} × {LocalColumns} entries of a matrix of {rows} × {columns} are too many for one of {grid}: use more ranks");
        memory = new(Leading * LocalColumns);
    }

    /// <summary>The ranks it lies on.</summary>
    public RankGrid Grid { get; }

    /// <summary>Rows of the whole.</summary>
    public int Rows => RowCycle.Length;

    /// <summary>Columns of the whole.</summary>
    public int Columns => ColumnCycle.Length;

    /// <summary>Rows and columns of a block; the last ones may be smaller.</summary>
    public int Block { get; }

    /// <summary>Rows that this rank holds parts of.</summary>
    public int LocalRows => RowCycle.LocalLength;

    /// <summary>Columns that this rank holds parts of.</summary>
    public int LocalColumns => ColumnCycle.LocalLength;

    /// <summary>Entries from one local column to the next, ≥ <see cref="LocalRows"/>.</summary>
    public int Leading { get; }

    /// <summary>This rank's entries by columns, each followed by what fills it up to <see cref="Leading"/>. Local row i is row
    /// <see cref="RowAt"/>(i) of the whole, local column j is column <see cref="ColumnAt"/>(j).</summary>
    public Span<double> Local => memory.GetSpan();

    internal BlockCycle RowCycle { get; }

    internal BlockCycle ColumnCycle { get; }

    /// <summary>Row of the whole, from 0, that a local row is part of.</summary>
    public int RowAt(int localRow) => RowCycle.ToGlobal(localRow);

    /// <summary>Column of the whole, from 0, that a local column is part of.</summary>
    public int ColumnAt(int localColumn) => ColumnCycle.ToGlobal(localColumn);

    /// <summary>Frees this rank's share. Local.</summary>
    public void Dispose() => ((IDisposable)memory).Dispose();

    /// <inheritdoc/>
    public override string ToString() => $"{Rows} × {Columns} in blocks of {Block} on {Grid}";

    internal double* At(int localRow, int localColumn) => memory.Address + (long)localColumn * Leading + localRow;

    /// <summary>Whole local columns, for messages.</summary>
    internal Memory<double> LocalColumnsOf(int begin, int count) => memory.Memory.Slice(begin * Leading, count * Leading);

    /// <exception cref="UsageException">The two lie on different grids or in different blocks.</exception>
    internal void CheckAlike(BlockCyclicMatrix other)
    {
        if (!ReferenceEquals(Grid, other.Grid) || Block != other.Block)
            throw new UsageException($"matrices of {this} and of {other} do not lie on the same ranks in the same blocks: make both on one grid, with one block size");
    }

    /// <exception cref="UsageException">It is not square.</exception>
    internal void CheckSquare(string what)
    {
        if (Rows != Columns)
            throw new UsageException($"{what} needs a square matrix, not {Rows} × {Columns}");
    }

    /// <exception cref="UsageException">The right sides have another number of rows, or lie elsewhere.</exception>
    internal void CheckRightSides(BlockCyclicMatrix rightSides)
    {
        CheckAlike(rightSides);
        if (rightSides.Rows != Rows)
            throw new UsageException($"{Rows} equations cannot have right sides of {rightSides.Rows} rows: both need the same number");
    }

    // Whole cache lines, and an odd number of them: columns a power of two apart would fall into the same few sets of a cache.
    private static int PaddedColumn(int rows)
    {
        const int Line = AlignedBuffer<double>.Alignment / sizeof(double);
        return ((rows + Line - 1) / Line | 1) * Line;
    }
}
