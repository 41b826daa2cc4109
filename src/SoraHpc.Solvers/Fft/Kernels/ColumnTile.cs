using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using SoraHpc.Communication;

namespace SoraHpc.Solvers.Fft.Kernels;

/// <summary>A few columns of a large matrix, copied together. Rows far apart cost a transform that reads 128 B of each most of its time: the
/// memory's pages and the cache's sets are those of a stride that is a power of two. Copied 1 KiB at a time they come as fast as memory can.</summary>
internal sealed unsafe class ColumnTile : IDisposable
{
    // The tile and the panels beside it stay in a level-2 cache of 1 MiB; below that size the columns lie in cache anyway.
    private const int TileNumbers = 1 << 15, MostColumns = 64, LeastColumns = 16, CacheBytes = 1 << 20;

    // Rows from one being copied to that asked for; past the last row they are the next tile's.
    private const int RowsAhead = 2;

    private AlignedBuffer<Complex> tile, beside;        // beside: empty where nothing is carried
    private readonly int length;

    private ColumnTile(int length, int columns) =>
        (this.length, Columns, tile, beside) = (length, columns, new(length * columns), new(CanCarry(length, columns) ? length * columns : 0));

    /// <summary>Columns it holds.</summary>
    internal int Columns { get; }

    internal Complex* Address => tile.Address;

    /// <summary>A buffer of the same size, for what <see cref="TileCargo"/> carries.</summary>
    internal Complex* Beside => beside.Address;

    /// <summary>The tile for lines of a length; null where not even the fewest columns fit.</summary>
    internal static ColumnTile? For(int length) =>
        TileNumbers / length < LeastColumns ? null
            : new(length, Math.Min(TileNumbers / length, MostColumns) & -LeastColumns);

    /// <summary>Whether copying pays for these lines.</summary>
    internal bool PaysFor(in FftLines lines) => lines.AreSideBySide && lines.Count >= LeastColumns
        && lines.InputStride * length * sizeof(Complex) > CacheBytes;

    /// <summary>Whether rows can be written past the cache: on boundaries of its lines.</summary>
    internal static bool IsAligned(Complex* to, nint stride) => (nint)to % 64 == 0 && stride % 4 == 0;

    /// <summary>Whether the tiles before and after can be carried while this one is transformed. In place that takes 1.07 of the time.</summary>
    internal bool CanCarry(Complex* input, Complex* output) => input != output && CanCarry(length, Columns);

    // Both tiles in half the level-2 cache, and rows of a power of two.
    private static bool CanCarry(int length, int columns) => int.IsPow2(columns) && 2 * length * columns * sizeof(Complex) <= CacheBytes / 2;

    /// <summary>Exchanges the tile and the buffer beside it.</summary>
    internal void Swap() => (tile, beside) = (beside, tile);

    internal void Read(Complex* from, nint stride, int columns)
    {
        for (int row = 0; row < length; row++)
        {
            Complex* ahead = row + RowsAhead < length ? from + (row + RowsAhead) * stride : from + columns + (row + RowsAhead - length) * stride;
            Copy((double*)(from + row * stride), (double*)(tile.Address + row * columns), 2 * columns, (double*)ahead);
        }
    }

    // Copies a row and asks for another, which may lie outside any array: rows are too short for the processor to see where they lead.
    private static void Copy(double* from, double* to, int count, double* ahead)
    {
        int d = 0;
        for (; d <= count - Vector512<double>.Count; d += Vector512<double>.Count)
        {
            if (Sse.IsSupported)
                Sse.Prefetch0(ahead + d);
            Vector512.Load(from + d).Store(to + d);
        }
        for (; d < count; d++)
            to[d] = from[d];
    }

    /// <param name="beyondCache">Nobody reads the lines soon and they are not in the cache: past it, without reading them first.</param>
    internal void Write(Complex* to, nint stride, int columns, bool beyondCache)
    {
        bool aligned = IsAligned(to, stride) && columns % 4 == 0;
        for (int row = 0; row < length; row++)
        {
            double* from = (double*)(tile.Address + row * columns), into = (double*)(to + row * stride);
            if (beyondCache && aligned && Vector512.IsHardwareAccelerated)
                for (int d = 0; d < 2 * columns; d += Vector512<double>.Count)
                    Vector512.LoadAligned(from + d).StoreAlignedNonTemporal(into + d);
            else
                Unsafe.CopyBlockUnaligned(into, from, (uint)(columns * sizeof(Complex)));
        }
    }

    public void Dispose()
    {
        foreach (IDisposable buffer in (IDisposable[])[tile, beside])
            buffer.Dispose();
    }
}
