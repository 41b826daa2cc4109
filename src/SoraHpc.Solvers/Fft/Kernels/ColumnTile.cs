using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using SoraHpc.Communication;

namespace SoraHpc.Solvers.Fft.Kernels;

/// <summary>A few columns of a large matrix, copied together. Rows far apart cost a transform that reads 128 B of each most of its time: the
/// memory's pages and the cache's sets are those of a stride that is a power of two. Copied 1 KiB at a time they come as fast as memory can.</summary>
internal sealed unsafe class ColumnTile : IDisposable
{
    // The tile and the panels beside it stay in a level-2 cache of 1 MiB; below that size the columns lie in cache anyway.
    private const int TileNumbers = 1 << 15, MostColumns = 64, LeastColumns = 16, CacheBytes = 1 << 20;

    private readonly AlignedBuffer<Complex> tile;
    private readonly int length;

    private ColumnTile(int length, int columns) => (this.length, Columns, tile) = (length, columns, new(length * columns));

    /// <summary>Columns it holds.</summary>
    internal int Columns { get; }

    internal Complex* Address => tile.Address;

    /// <summary>The tile for lines of a length; null where not even the fewest columns fit.</summary>
    internal static ColumnTile? For(int length) =>
        TileNumbers / length is var fit and >= LeastColumns ? new(length, Math.Min(fit, MostColumns) & -LeastColumns) : null;

    /// <summary>Whether copying pays for these lines.</summary>
    internal bool PaysFor(in FftLines lines) => lines.AreSideBySide && lines.Count >= LeastColumns
        && lines.InputStride * length * sizeof(Complex) > CacheBytes;

    internal void Read(Complex* from, nint stride, int columns)
    {
        for (int row = 0; row < length; row++)
            Unsafe.CopyBlockUnaligned(tile.Address + row * columns, from + row * stride, (uint)(columns * sizeof(Complex)));
    }

    /// <param name="beyondCache">Nobody reads the lines soon and they are not in the cache: past it, without reading them first.</param>
    internal void Write(Complex* to, nint stride, int columns, bool beyondCache)
    {
        bool aligned = (nint)to % 64 == 0 && stride % 4 == 0 && columns % 4 == 0;
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

    public void Dispose() => ((IDisposable)tile).Dispose();
}
