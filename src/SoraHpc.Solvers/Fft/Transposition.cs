using System.Numerics;
using System.Runtime.CompilerServices;
using SoraHpc.Communication;

namespace SoraHpc.Solvers.Fft;

/// <summary>
/// Moves an array [planes][rows][columns][run] from shares of its rows, every column, to shares of its columns, every row, and back. The
/// planes are this rank's own. A number is copied into the block for its new rank, sent, and copied to its place; where there is one
/// plane, one of the two arrays is the blocks one after the other and is not copied. Such a one can go in pieces, as rows are packed and
/// unpacked; then this rank's own numbers are copied once, from array to array.
/// </summary>
internal sealed unsafe class Transposition : IDisposable
{
    private readonly Communicator communicator;
    private readonly int run;
    private readonly int[] rowBegin, columnBegin, byRows, byColumns;
    private readonly AlignedBuffer<Complex> send, receive;
    private readonly PieceExchange? piecesToColumns, piecesToRows;
    private readonly int pieces = 1;

    // The least message worth one of its own, and the most pieces: chosen, not compared with others.
    private const int PieceBytes = 1 << 16, MostPieces = 16;

    /// <summary>Makes the plan; local. <paramref name="communicator"/> stays the caller's.</summary>
    /// <param name="inPieces">Rows are packed, and unpacked, in their order; messages worth it leave and come meanwhile. Of one plane.</param>
    internal Transposition(Communicator communicator, int planes, int rows, int columns, int run, bool inPieces = false)
    {
        (this.communicator, this.run) = (communicator, run);
        int size = communicator.Size, rank = communicator.Rank;
        rowBegin = [.. Enumerable.Range(0, size + 1).Select(r => FftCut.Of(rows, size, r).Begin)];
        columnBegin = [.. Enumerable.Range(0, size + 1).Select(r => FftCut.Of(columns, size, r).Begin)];
        byRows = [.. Enumerable.Range(0, size).Select(r => checked(planes * Rows(rank) * Columns(r) * run))];
        byColumns = [.. Enumerable.Range(0, size).Select(r => checked(planes * Rows(r) * Columns(rank) * run))];
        (RowShare, ColumnShare) = (byRows.Sum(), byColumns.Sum());
        (send, receive) = (new(Math.Max(RowShare, ColumnShare)), new(Math.Max(RowShare, ColumnShare)));
        if (inPieces)
            pieces = (int)Math.Clamp(Math.Min(rows / size, (long)(rows / size) * (columns / size) * run * sizeof(Complex) / PieceBytes), 1, MostPieces);
        if (pieces == 1)
            return;
        int[] rowBlocks = Begins(byRows), columnBlocks = Begins(byColumns);
        piecesToColumns = new(communicator, pieces, (piece, to) => OfRows(send, piece, to), (piece, from) => OfColumns(receive, piece, from));
        piecesToRows = new(communicator, pieces, (piece, to) => OfColumns(send, piece, to), (piece, from) => OfRows(receive, piece, from));

        Memory<Complex> OfRows(AlignedBuffer<Complex> buffer, int piece, int other) => Slice(buffer, rowBlocks[other], Piece(rank, piece), Columns(other) * run);
        Memory<Complex> OfColumns(AlignedBuffer<Complex> buffer, int piece, int other) => Slice(buffer, columnBlocks[other], Piece(other, piece), Columns(rank) * run);
    }

    /// <summary>Numbers of this rank's share of the rows.</summary>
    internal int RowShare { get; }

    /// <summary>Numbers of this rank's share of the columns.</summary>
    internal int ColumnShare { get; }

    /// <summary>The blocks to send, or of one plane the array by columns itself.</summary>
    internal Complex* Outgoing => send.Address;

    /// <summary>The blocks received, or of one plane the array by columns itself.</summary>
    internal Complex* Incoming => receive.Address;

    /// <summary>Copies rows of the array by rows into the blocks. Local; in pieces, a message leaves when its last row is there.</summary>
    /// <param name="row">The first, counted from this rank's first.</param>
    internal void PackRows(int plane, int row, int rows, Complex* source)
    {
        Complex* block = send.Address;
        int own = Rows(communicator.Rank), width = columnBegin[^1] * run;
        for (int rank = 0; rank < communicator.Size; block += byRows[rank++])
            Copy(source + columnBegin[rank] * run, width, StaysHere(rank) ? OwnPlace(receive.Address, row) : block + (nint)(plane * own + row) * Columns(rank) * run,
                Columns(rank) * run, rows, Columns(rank) * run);
        if (piecesToColumns is null)
            return;
        for (int piece = 0; piece < pieces; piece++)
            if (Piece(communicator.Rank, piece).End is var end && end > row && end <= row + rows)
                piecesToColumns.Send(piece);
    }

    /// <summary>Copies received blocks into rows of the array by rows. Local; in pieces, waits for those the rows come with.</summary>
    internal void UnpackRows(int plane, int row, int rows, Complex* target)
    {
        for (int piece = 0; piece < pieces && piecesToRows is not null; piece++)
            if (Piece(communicator.Rank, piece) is var (begin, end) && begin < row + rows && end > row)
                piecesToRows.Receive(piece);
        Complex* block = receive.Address;
        int own = Rows(communicator.Rank), width = columnBegin[^1] * run;
        for (int rank = 0; rank < communicator.Size; block += byRows[rank++])
            Copy(StaysHere(rank) ? OwnPlace(send.Address, row) : block + (nint)(plane * own + row) * Columns(rank) * run, Columns(rank) * run,
                target + columnBegin[rank] * run, width, rows, Columns(rank) * run);
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

    /// <summary>Before the first row is packed: others may send theirs. Does nothing where there are no pieces.</summary>
    internal void BeginToColumns() => piecesToColumns?.Begin();

    /// <summary>After the last row was packed. Collective.</summary>
    /// <param name="into">Where the array by columns can go.</param>
    /// <returns>Where it is: there, or in pieces in <see cref="Incoming"/>.</returns>
    internal Complex* EndToColumns(Complex* into)
    {
        if (piecesToColumns is null)
            ToColumns(into);
        else
            piecesToColumns.End();
        return piecesToColumns is null ? into : receive.Address;
    }

    /// <summary>The array by columns in <see cref="Outgoing"/> is complete: rows may be unpacked after this. Collective.</summary>
    internal void BeginToRows()
    {
        if (piecesToRows is null)
        {
            ToRows();
            return;
        }
        piecesToRows.Begin();
        for (int piece = 0; piece < pieces; piece++)
            piecesToRows.Send(piece);
    }

    /// <summary>After the last row was unpacked: <see cref="Outgoing"/> may be written again.</summary>
    internal void EndToRows() => piecesToRows?.End();

    private int Rows(int rank) => rowBegin[rank + 1] - rowBegin[rank];

    private int Columns(int rank) => columnBegin[rank + 1] - columnBegin[rank];

    // Rows of a rank's share that make a piece.
    private (int Begin, int End) Piece(int rank, int piece) => FftCut.Of(Rows(rank), pieces, piece);

    // In pieces what stays on this rank is in no message.
    private bool StaysHere(int rank) => pieces > 1 && rank == communicator.Rank;

    // This rank's own row of the array by columns.
    private Complex* OwnPlace(Complex* byColumns, int row) => byColumns + (nint)(rowBegin[communicator.Rank] + row) * Columns(communicator.Rank) * run;

    private static int[] Begins(int[] counts)
    {
        int[] begins = new int[counts.Length];
        for (int i = 1; i < counts.Length; i++)
            begins[i] = begins[i - 1] + counts[i - 1];
        return begins;
    }

    private static Memory<Complex> Slice(AlignedBuffer<Complex> buffer, int begin, (int Begin, int End) rows, int width) =>
        buffer.Memory.Slice(begin + rows.Begin * width, (rows.End - rows.Begin) * width);

    private static void Copy(Complex* from, nint fromRow, Complex* to, nint toRow, int rows, int count)
    {
        if (fromRow == count && toRow == count)
            (rows, count) = (1, rows * count);
        for (int row = 0; row < rows; row++)
            Unsafe.CopyBlockUnaligned(to + row * toRow, from + row * fromRow, (uint)count * (uint)sizeof(Complex));
    }

    public void Dispose()
    {
        bool isLeft = piecesToColumns is { IsActive: true } || piecesToRows is { IsActive: true };         // then the buffers stay the transport's
        foreach (IDisposable? owned in (IDisposable?[])[piecesToColumns, piecesToRows, isLeft ? null : send, isLeft ? null : receive])
            owned?.Dispose();
    }
}
