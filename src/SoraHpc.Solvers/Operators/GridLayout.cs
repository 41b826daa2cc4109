using System.Numerics;
using SoraHpc.Communication;
using SoraHpc.Decomposition;
using SoraHpc.Diagnostics;
using SoraHpc.Solvers.Vectors;

namespace SoraHpc.Solvers.Operators;

/// <summary>
/// A grid of cells cut into one box a rank, whose cells are the rank's rows of a vector: planes slowest, columns fastest. Planes and
/// rows are cut, columns never are: a row stays a run of whole vectors and every halo is made of whole rows.
/// </summary>
public sealed class GridLayout
{
    private readonly int ranksAlongRows;

    /// <summary>The cut with the least surface whose edges lie on cells divisible by as large a power of two as leaves the shares
    /// within an eighth of each other, so that coarser grids can be cut alike. Collective.</summary>
    public GridLayout(Communicator communicator, Extent extent) : this(communicator, extent, Choose(communicator, extent)) { }

    /// <summary>As above, with ranks along planes and rows as given. Collective.</summary>
    /// <param name="ranksAlongPlanes">In [1, planes]; times <paramref name="ranksAlongRows"/> it is the number of ranks.</param>
    /// <param name="ranksAlongRows">In [1, rows].</param>
    /// <exception cref="UsageException">They do not fit the grid or the number of ranks.</exception>
    public GridLayout(Communicator communicator, Extent extent, int ranksAlongPlanes, int ranksAlongRows)
        : this(communicator, extent, Check(communicator, extent, ranksAlongPlanes, ranksAlongRows)) { }

    private GridLayout(Communicator communicator, Extent extent, (int Planes, int Rows) ranks)
        : this(communicator, extent, ranks.Planes, ranks.Rows, Cut(extent.Planes, ranks.Planes), Cut(extent.Rows, ranks.Rows)) { }

    private GridLayout(Communicator communicator, Extent extent, int alongPlanes, int alongRows, long[] planes, long[] rows)
    {
        (Extent, RanksAlongPlanes, ranksAlongRows) = (extent, alongPlanes, alongRows);
        (PlaneEdges, RowEdges) = (planes, rows);
        int p = communicator.Rank / alongRows, r = communicator.Rank % alongRows;
        Block = new(new Cell(planes[p], rows[r], 0), new Cell(planes[p + 1], rows[r + 1], extent.Columns));
        if (Block.Cells > int.MaxValue - 64)
            throw new UsageException($"a grid of {extent} cells on {communicator.Size} ranks gives rank {communicator.Rank} {Block.Cells} cells, at most {int.MaxValue - 64} fit: use more ranks");
        (Planes, Rows, Columns) = ((int)Block.Planes, (int)Block.Rows, (int)Block.Columns);
        Vectors = new(communicator, (int)Block.Cells);
    }

    /// <summary>The whole grid.</summary>
    public Extent Extent { get; }

    /// <summary>This rank's cells.</summary>
    public Block Block { get; }

    /// <summary>The layout of vectors with one row a cell.</summary>
    public VectorLayout Vectors { get; }

    /// <summary>Boxes along the planes.</summary>
    public int RanksAlongPlanes { get; }

    /// <summary>Boxes along the rows.</summary>
    public int RanksAlongRows => ranksAlongRows;

    internal long[] PlaneEdges { get; }

    internal long[] RowEdges { get; }

    internal Communicator Communicator => Vectors.Communicator;

    // Asked for with every row: kept, not worked out from the block.
    internal int Planes { get; }

    internal int Rows { get; }

    internal int Columns { get; }

    /// <summary>The rank whose box borders on this one, that many boxes further along planes and rows; ProcessNull outside the grid.</summary>
    internal int Neighbour(int planes, int rows)
    {
        int p = Communicator.Rank / ranksAlongRows + planes, r = Communicator.Rank % ranksAlongRows + rows;
        return p >= 0 && p < RanksAlongPlanes && r >= 0 && r < ranksAlongRows ? p * ranksAlongRows + r : Communicator.ProcessNull;
    }

    /// <summary>Whether cells can be joined two by two along every dimension without moving any between ranks.</summary>
    internal bool CanCoarsen => Extent.Columns % 2 == 0 && PlaneEdges.All(edge => edge % 2 == 0) && RowEdges.All(edge => edge % 2 == 0);

    /// <summary>The grid of joined cells on the same ranks. Collective.</summary>
    internal GridLayout Coarsened() => new(Communicator, new Extent(Extent.Planes / 2, Extent.Rows / 2, Extent.Columns / 2),
        RanksAlongPlanes, ranksAlongRows, [.. PlaneEdges.Select(edge => edge / 2)], [.. RowEdges.Select(edge => edge / 2)]);

    /// <summary>Sets every cell of <paramref name="vector"/> to a function of its place in the whole grid. Local.</summary>
    public void Fill(DistributedVector vector, Func<Cell, double> value)
    {
        Span<double> local = vector.Fitting(Vectors).Local;
        int at = 0;
        for (long plane = Block.Begin.Plane; plane < Block.End.Plane; plane++)
            for (long row = Block.Begin.Row; row < Block.End.Row; row++)
                for (long column = 0; column < Extent.Columns; column++)
                    local[at++] = value(new(plane, row, column));
    }

    /// <summary>All cells of a vector in the order of the whole grid, on rank 0; empty elsewhere. For small grids. Collective.</summary>
    public double[] Gather(DistributedVector vector)
    {
        double[] parts = Communicator.Gatherv<double>(vector.Fitting(Vectors).Local, 0);
        double[] whole = new double[parts.Length];
        for (int rank = 0, from = 0; parts.Length > 0 && rank < Communicator.Size; rank++)
            CopyBox(rank, parts, ref from, whole);
        return whole;
    }

    /// <summary>Puts a rank's cells, which follow each other in <paramref name="parts"/>, where they are in the whole grid.</summary>
    internal void CopyBox(int rank, ReadOnlySpan<double> parts, ref int from, Span<double> whole)
    {
        (long first, long last) = (RowEdges[rank % ranksAlongRows], RowEdges[rank % ranksAlongRows + 1]);
        int run = (int)((last - first) * Extent.Columns);
        for (long plane = PlaneEdges[rank / ranksAlongRows]; plane < PlaneEdges[rank / ranksAlongRows + 1]; plane++, from += run)
            parts.Slice(from, run).CopyTo(whole[(int)((plane * Extent.Rows + first) * Extent.Columns)..]);
    }

    // Edges on multiples of 2^k, k as large as leaves every part at least eight pieces or all the same number.
    private static long[] Cut(long cells, int parts)
    {
        long piece = 1L << BitOperations.TrailingZeroCount(cells);
        while (piece > 1 && cells / piece % parts != 0 && cells / piece < 8L * parts)
            piece /= 2;
        return [.. Enumerable.Range(0, parts + 1).Select(part => cells / piece * part / parts * piece)];
    }

    private static (int, int) Choose(Communicator communicator, Extent extent)
    {
        (int, int)? best = null;
        double least = double.PositiveInfinity;
        for (int planes = 1; planes <= communicator.Size; planes++)
        {
            int rows = communicator.Size / planes;
            if (planes * rows != communicator.Size || planes > extent.Planes || rows > extent.Rows)
                continue;
            double surface = (planes - 1.0) * extent.Rows + (rows - 1.0) * extent.Planes;
            if (surface <= least)               // ties cut planes: their halo is one run
                (least, best) = (surface, (planes, rows));
        }
        return best ?? throw new UsageException($"{communicator.Size} ranks do not fit a grid of {extent} cells, whose planes and rows are cut: use fewer ranks");
    }

    private static (int, int) Check(Communicator communicator, Extent extent, int planes, int rows) =>
        planes >= 1 && rows >= 1 && planes * (long)rows == communicator.Size && planes <= extent.Planes && rows <= extent.Rows ? (planes, rows)
            : throw new UsageException($"{planes} × {rows} ranks do not fit a grid of {extent} cells on {communicator.Size} ranks");
}
