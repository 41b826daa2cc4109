using SoraHpc.Decomposition;
using SoraHpc.Diagnostics;

namespace SoraHpc.Solvers.Dense;

/// <summary>Reads or writes one block: entries by rows, without gaps, as files of HDF5 and arrays of C# have them.</summary>
/// <param name="block">Rows and columns of the whole.</param>
public delegate void BlockTransfer(Block block, Span<double> byRows);

// How values come in and go out: from functions of row and column, from files block by block, from and to one rank's array.
public sealed unsafe partial class BlockCyclicMatrix
{
    /// <summary>Sets every entry to a function of its row and column, from 0. Local: every rank computes its own.</summary>
    public void Fill(Func<int, int, double> value)
    {
        for (int column = 0; column < LocalColumns; column++)
            for (int row = 0; row < LocalRows; row++)
                *At(row, column) = value(RowAt(row), ColumnAt(column));
    }

    /// <summary>Asks for every block this rank holds, and keeps it. Local: a file is read independently.</summary>
    /// <example><c>matrix.Read((block, byRows) =&gt; PartitionedReader.Read(dataset, block, byRows, 0, block.Columns))</c></example>
    public void Read(BlockTransfer read) => MoveBlocks(read, into: true);

    /// <summary>Hands out every block this rank holds. Local: a file is written independently.</summary>
    /// <example><c>matrix.Write((block, byRows) =&gt; PartitionedWriter.Write&lt;double&gt;(dataset, block, byRows, 0, block.Columns, mode: TransferMode.Independent))</c></example>
    public void Write(BlockTransfer write) => MoveBlocks(write, into: false);

    /// <summary>Deals out a matrix that one rank holds. Collective.</summary>
    /// <param name="byRows">Rows × columns entries on the root, by rows; not looked at elsewhere.</param>
    /// <exception cref="UsageException">The root's array has another length.</exception>
    public void Scatter(ReadOnlySpan<double> byRows, int root = 0)
    {
        bool isRoot = Grid.All.Rank == root;
        double[] packed = [];
        int[] counts = [];
        if (isRoot)
        {
            CheckWhole(byRows.Length);
            counts = Shares();
            packed = new double[byRows.Length];
            int next = 0;
            for (int rank = 0; rank < counts.Length; rank++)
                foreach (int index in PlacesOf(rank))
                    packed[next++] = byRows[index];
        }
        double[] own = new double[LocalRows * LocalColumns];
        Grid.All.Scatterv<double>(packed, counts, own, root);
        for (int column = 0; column < LocalColumns; column++)
            own.AsSpan(column * LocalRows, LocalRows).CopyTo(new(At(0, column), LocalRows));
    }

    /// <summary>Brings the whole together on one rank. Collective.</summary>
    /// <param name="byRows">Rows × columns entries on the root, by rows; not touched elsewhere.</param>
    /// <exception cref="UsageException">The root's array has another length.</exception>
    public void Gather(Span<double> byRows, int root = 0)
    {
        bool isRoot = Grid.All.Rank == root;
        if (isRoot)
            CheckWhole(byRows.Length);
        double[] own = new double[LocalRows * LocalColumns], packed = isRoot ? new double[byRows.Length] : [];
        for (int column = 0; column < LocalColumns; column++)
            new Span<double>(At(0, column), LocalRows).CopyTo(own.AsSpan(column * LocalRows));
        int[] counts = isRoot ? Shares() : [];
        Grid.All.Gatherv<double>(own, packed, counts, root);
        int next = 0;
        for (int rank = 0; rank < counts.Length; rank++)
            foreach (int index in PlacesOf(rank))
                byRows[index] = packed[next++];
    }

    private void MoveBlocks(BlockTransfer move, bool into)
    {
        double[] byRows = new double[Block * Block];
        for (int column = 0; column < LocalColumns; column += Block)
            for (int row = 0; row < LocalRows; row += Block)
            {
                (int top, int left) = (RowAt(row), ColumnAt(column));
                int rows = Math.Min(Block, Rows - top), columns = Math.Min(Block, Columns - left);
                Block place = new((top, top + rows), (left, left + columns));
                Span<double> values = byRows.AsSpan(0, rows * columns);
                if (into)
                    move(place, values);
                for (int j = 0; j < columns; j++)
                    for (int i = 0; i < rows; i++)
                        if (into)
                            *At(row + i, column + j) = values[i * columns + j];
                        else
                            values[i * columns + j] = *At(row + i, column + j);
                if (!into)
                    move(place, values);
            }
    }

    private int[] Shares()
    {
        int[] counts = new int[Grid.All.Size];
        for (int rank = 0; rank < counts.Length; rank++)
            counts[rank] = CyclesOf(rank).Rows.LocalLength * CyclesOf(rank).Columns.LocalLength;
        return counts;
    }

    // Where a rank's entries, by columns, are in the whole by rows.
    private IEnumerable<int> PlacesOf(int rank)
    {
        (BlockCycle rows, BlockCycle columns) = CyclesOf(rank);
        for (int column = 0; column < columns.LocalLength; column++)
            for (int row = 0; row < rows.LocalLength; row++)
                yield return rows.ToGlobal(row) * Columns + columns.ToGlobal(column);
    }

    private (BlockCycle Rows, BlockCycle Columns) CyclesOf(int rank) =>
        (RowCycle with { Part = rank / Grid.Columns }, ColumnCycle with { Part = rank % Grid.Columns });

    private void CheckWhole(int length)
    {
        if (length != (long)Rows * Columns)
            throw new UsageException($"an array of {length} entries does not hold a matrix of {Rows} × {Columns}");
    }
}
