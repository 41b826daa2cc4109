using System.Numerics;
using System.Runtime.CompilerServices;
using SoraHpc.Communication;

namespace SoraHpc.Solvers.Fft;

/// <summary>
/// Moves an array [planes][rows][columns][run] from shares of its rows, every column, to shares of its columns, every row, and back. The
/// planes are this rank's own. A number is copied into the block for its new rank, sent, and copied to its place; where there is one
/// plane, one of the two arrays is the blocks one after the other and is not copied.
/// </summary>
internal sealed unsafe class Transposition : IDisposable
{
    private readonly Communicator communicator;
    private readonly int run;
    private readonly int[] rowBegin, columnBegin, byRows, byColumns;
    private readonly AlignedBuffer<Complex> send, receive;

    /// <summary>Makes the plan; local. <paramref name="communicator"/> stays the caller's.</summary>
    internal Transposition(Communicator communicator, int planes, int rows, int columns, int run)
    {
        (this.communicator, this.run) = (communicator, run);
        int size = communicator.Size, rank = communicator.Rank;
        rowBegin = [.. Enumerable.Range(0, size + 1).Select(r => FftCut.Of(rows, size, r).Begin)];
        columnBegin = [.. Enumerable.Range(0, size + 1).Select(r => FftCut.Of(columns, size, r).Begin)];
        byRows = [.. Enumerable.Range(0, size).Select(r => checked(planes * Rows(rank) * Columns(r) * run))];
        byColumns = [.. Enumerable.Range(0, size).Select(r => checked(planes * Rows(r) * Columns(rank) * run))];
        (RowShare, ColumnShare) = (byRows.Sum(), byColumns.Sum());
        (send, receive) = (new(Math.Max(RowShare, ColumnShare)), new(Math.Max(RowShare, ColumnShare)));
    }

    /// <summary>Numbers of this rank's share of the rows.</summary>
    internal int RowShare { get; }

    /// <summary>Numbers of this rank's share of the columns.</summary>
    internal int ColumnShare { get; }

    /// <summary>The blocks to send, or of one plane the array by columns itself.</summary>
    internal Complex* Outgoing => send.Address;

    /// <summary>The blocks received, or of one plane the array by columns itself.</summary>
    internal Complex* Incoming => receive.Address;

    /// <summary>Copies rows of the array by rows into the blocks. Local.</summary>
    /// <param name="row">The first, counted from this rank's first.</param>
    internal void PackRows(int plane, int row, int rows, Complex* source)
    {
        Complex* block = send.Address;
        int own = Rows(communicator.Rank), width = columnBegin[^1] * run;
        for (int rank = 0; rank < communicator.Size; block += byRows[rank++])
            Copy(source + columnBegin[rank] * run, width, block + (nint)(plane * own + row) * Columns(rank) * run, Columns(rank) * run, rows, Columns(rank) * run);
    }

    /// <summary>Copies received blocks into rows of the array by rows. Local.</summary>
    internal void UnpackRows(int plane, int row, int rows, Complex* target)
    {
        Complex* block = receive.Address;
        int own = Rows(communicator.Rank), width = columnBegin[^1] * run;
        for (int rank = 0; rank < communicator.Size; block += byRows[rank++])
            Copy(block + (nint)(plane * own + row) * Columns(rank) * run, Columns(rank) * run, target + columnBegin[rank] * run, width, rows, Columns(rank) * run);
    }

    /// <summary>Copies a plane of the array by columns into the blocks. Local.</summary>
    internal void PackColumns(int plane, Complex* source)
    {
        Complex* block = send.Address;
        int width = Columns(communicator.Rank) * run;
        for (int rank = 0; rank < communicator.Size; block += byColumns[rank++])
            Copy(source + (nint)rowBegin[rank] * width, width, block + (nint)plane * Rows(rank) * width, width, Rows(rank), width);
    }

    /// <summary>Copies received blocks into a plane of the array by columns. Local.</summary>
    internal void UnpackColumns(int plane, Complex* target)
    {
        Complex* block = receive.Address;
        int width = Columns(communicator.Rank) * run;
        for (int rank = 0; rank < communicator.Size; block += byColumns[rank++])
            Copy(block + (nint)plane * Rows(rank) * width, width, target + (nint)rowBegin[rank] * width, width, Rows(rank), width);
    }

    /// <summary>Blocks packed from rows go to the ranks of their columns. Collective.</summary>
    /// <param name="into">Where to; by default <see cref="Incoming"/>.</param>
    internal void ToColumns(Complex* into = null) =>
        communicator.Alltoallv<Complex>(new(send.Address, RowShare), byRows, new(into is null ? receive.Address : into, ColumnShare), byColumns);

    /// <summary>Blocks packed from columns go back to the ranks of their rows. Collective.</summary>
    /// <param name="from">Where from; by default <see cref="Outgoing"/>.</param>
    internal void ToRows(Complex* from = null) =>
        communicator.Alltoallv<Complex>(new(from is null ? send.Address : from, ColumnShare), byColumns, new(receive.Address, RowShare), byRows);

    private int Rows(int rank) => rowBegin[rank + 1] - rowBegin[rank];

    private int Columns(int rank) => columnBegin[rank + 1] - columnBegin[rank];

    private static void Copy(Complex* from, nint fromRow, Complex* to, nint toRow, int rows, int count)
    {
        if (fromRow == count && toRow == count)
            (rows, count) = (1, rows * count);
        for (int row = 0; row < rows; row++)
            Unsafe.CopyBlockUnaligned(to + row * toRow, from + row * fromRow, (uint)count * (uint)sizeof(Complex));
    }

    public void Dispose()
    {
        foreach (IDisposable buffer in (IDisposable[])[send, receive])
            buffer.Dispose();
    }
}
