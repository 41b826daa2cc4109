using System.Text;
using SoraHpc.Communication;
using SoraHpc.Diagnostics;
using SoraHpc.LinearAlgebra;

namespace SoraHpc.Solvers.Dense;

/// <summary>Ranks laid out in rows and columns, and the library each of them computes with: what dense matrices over ranks lie on.</summary>
/// <remarks>Rank r is in row r / <see cref="Columns"/> and column r % <see cref="Columns"/>. It talks over communicators of its own, so nobody
/// else's messages are in the way.</remarks>
public sealed class RankGrid : IDisposable
{
    /// <summary>Lays out all ranks of a communicator. Collective.</summary>
    /// <param name="communicator">The ranks.</param>
    /// <param name="library">The same one on every rank, since libraries differ in the last bits; with one thread where every core has a rank.</param>
    /// <param name="rows">Rows of ranks; 0 to choose. Not more rows than columns suit LU, whose pivots are sought along a column of ranks.</param>
    /// <param name="columns">Columns of ranks; 0 to choose. With both 0 the grid is as near to a square as can be, and not taller than wide.</param>
    /// <exception cref="UsageException">So many ranks do not fill the grid, or ranks have different libraries.</exception>
    public RankGrid(Communicator communicator, BlasLibrary library, int rows = 0, int columns = 0)
    {
        (Rows, Columns) = Shape(communicator.Size, rows, columns);
        CheckLibrary(communicator, library);
        Kernels = MatrixKernels.Of(library);
        All = communicator.Duplicate();
        (Row, Column) = Math.DivRem(communicator.Rank, Columns);
        AlongRow = All.Split(Row, Column)!;
        AlongColumn = All.Split(Column, Row)!;
    }

    /// <summary>Rows of ranks, ≥ 1.</summary>
    public int Rows { get; }

    /// <summary>Columns of ranks, ≥ 1.</summary>
    public int Columns { get; }

    /// <summary>This rank's row.</summary>
    public int Row { get; }

    /// <summary>This rank's column.</summary>
    public int Column { get; }

    internal Communicator All { get; }

    /// <summary>The ranks of this rank's row, by column.</summary>
    internal Communicator AlongRow { get; }

    /// <summary>The ranks of this rank's column, by row.</summary>
    internal Communicator AlongColumn { get; }

    internal MatrixKernels Kernels { get; }

    /// <inheritdoc/>
    public override string ToString() => $"{Rows} × {Columns} ranks";

    /// <summary>Collective.</summary>
    public void Dispose()
    {
        AlongColumn.Dispose();
        AlongRow.Dispose();
        All.Dispose();
    }

    private static (int Rows, int Columns) Shape(int ranks, int rows, int columns)
    {
        if (rows < 0 || columns < 0)
            throw new UsageException($"a grid of {rows} × {columns} ranks cannot be: give numbers of at least 1, or 0 to have them chosen");
        if (rows == 0 && columns == 0)
            for (rows = (int)Math.Sqrt(ranks); ranks % rows != 0;)
                rows--;
        if (rows == 0 && ranks % columns == 0)
            rows = ranks / columns;
        if (columns == 0 && ranks % rows == 0)
            columns = ranks / rows;
        if ((long)rows * columns != ranks)
            throw new UsageException($"{ranks} ranks do not fill a grid of {rows} × {columns} (0: free): give two numbers whose product is {ranks}, or none");
        return (rows, columns);
    }

    private static void CheckLibrary(Communicator communicator, BlasLibrary library)
    {
        // FNV-1a: string hashes of .NET differ from process to process.
        long hash = unchecked((long)14695981039346656037);
        foreach (byte each in Encoding.UTF8.GetBytes($"{library.Name} {library.Version}"))
            hash = (hash ^ each) * 1099511628211;
        Span<long> extremes = [hash, ~hash];
        communicator.Allreduce(extremes, ReduceOperation.Max);
        if (extremes[0] != ~extremes[1])
            throw new UsageException($"ranks compute with different libraries, rank {communicator.Rank} with {library.Name}: name one for all of them, since libraries differ in the last bits");
    }
}
