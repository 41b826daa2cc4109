using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SoraHpc.LinearAlgebra.Managed;

/// <summary>Transposes a matrix of 8-byte elements, double or of the same size, out of place.</summary>
public static unsafe class MatrixTranspose
{
    private const int Side = 8;             // a cache line of 64 B, in elements

    /// <summary>From this size on [B] the target is not read into the cache first and not kept there: it would not fit.</summary>
    private const long StreamingBytes = 4 << 20;

    // Rows that are read side by side. Where rows lie a multiple of 4 KiB apart they compete for the same places of the caches: 8 write single
    // lines far apart, at half the speed, and of 64 some are gone before they are used.
    private const int Strip = 24;

    // Four lines: 2 are late, 8 displace each other where rows compete.
    private const int Ahead = 32;

    /// <summary>target[c, r] = source[r, c].</summary>
    /// <param name="source">Shape (rows, columns), row-major.</param>
    /// <param name="target">Shape (columns, rows), row-major; does not overlap the source.</param>
    /// <param name="sourceStride">Elements from a row of the source to the next, ≥ <paramref name="columns"/>.</param>
    /// <param name="targetStride">Elements from a row of the target to the next, ≥ <paramref name="rows"/>.</param>
    // Traffic: 8 B read and 8 B written an element. Blocks of 8 × 8 read and write whole lines; along a strip its rows are read in order and
    // asked for ahead, and the lines written of a row of the target are as many as a strip has blocks across.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Transpose(double* source, int rows, int columns, long sourceStride, double* target, long targetStride)
    {
        bool wide = Avx512F.IsSupported;
        bool streams = wide && (nint)target % 64 == 0 && targetStride % Side == 0 && 8L * rows * columns >= StreamingBytes;
        int wholeRows = rows / Side * Side, wholeColumns = columns / Side * Side;
        for (int strip = 0; strip < wholeRows; strip += Strip)
            for (int c = 0; c < wholeColumns; c += Side)
                for (int r = strip; r < Math.Min(strip + Strip, wholeRows); r += Side)
                {
                    double* from = source + r * sourceStride + c, into = target + c * targetStride + r;
                    if (wide)
                        Block512(from, sourceStride, into, targetStride, streams);
                    else
                        Elements(from, Side, Side, sourceStride, into, targetStride);
                }
        Elements(source + wholeColumns, wholeRows, columns - wholeColumns, sourceStride, target + wholeColumns * targetStride, targetStride);
        Elements(source + wholeRows * sourceStride, rows - wholeRows, columns, sourceStride, target + wholeRows, targetStride);
        if (streams)
            Sse.StoreFence();               // streamed lines are ordered behind nothing else
    }

    // The definition, and what the edges and processors without 512-bit vectors use.
    private static void Elements(double* from, int rows, int columns, long fromStride, double* into, long intoStride)
    {
        for (int c = 0; c < columns; c++)
            for (int r = 0; r < rows; r++)
                into[c * intoStride + r] = from[r * fromStride + c];
    }

    // Pairs of elements, then of 128-bit parts, then of 256-bit halves change places.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Block512(double* from, long fromStride, double* into, long intoStride, bool streams)
    {
        if (streams)
            for (int row = 0; row < Side; row++)
                Sse.Prefetch0(from + row * fromStride + Ahead);
        Vector512<double> row0 = Vector512.Load(from), row1 = Vector512.Load(from + fromStride);
        Vector512<double> row2 = Vector512.Load(from + 2 * fromStride), row3 = Vector512.Load(from + 3 * fromStride);
        Vector512<double> row4 = Vector512.Load(from + 4 * fromStride), row5 = Vector512.Load(from + 5 * fromStride);
        Vector512<double> row6 = Vector512.Load(from + 6 * fromStride), row7 = Vector512.Load(from + 7 * fromStride);
        Vector512<double> even01 = Avx512F.UnpackLow(row0, row1), odd01 = Avx512F.UnpackHigh(row0, row1);
        Vector512<double> even23 = Avx512F.UnpackLow(row2, row3), odd23 = Avx512F.UnpackHigh(row2, row3);
        Vector512<double> even45 = Avx512F.UnpackLow(row4, row5), odd45 = Avx512F.UnpackHigh(row4, row5);
        Vector512<double> even67 = Avx512F.UnpackLow(row6, row7), odd67 = Avx512F.UnpackHigh(row6, row7);
        Columns(even01, even23, even45, even67, into, intoStride, streams);
        Columns(odd01, odd23, odd45, odd67, into + intoStride, intoStride, streams);
    }

    // Of four vectors whose 128-bit part p holds two rows of column 2p: columns 0, 2, 4 and 6, each whole.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Columns(Vector512<double> rows01, Vector512<double> rows23, Vector512<double> rows45, Vector512<double> rows67, double* into, long stride, bool streams)
    {
        const byte evenParts = 0b10_00_10_00, oddParts = 0b11_01_11_01;
        Vector512<double> low04 = Avx512F.Shuffle4x128(rows01, rows23, evenParts), high04 = Avx512F.Shuffle4x128(rows45, rows67, evenParts);
        Vector512<double> low26 = Avx512F.Shuffle4x128(rows01, rows23, oddParts), high26 = Avx512F.Shuffle4x128(rows45, rows67, oddParts);
        Store(Avx512F.Shuffle4x128(low04, high04, evenParts), into, streams);
        Store(Avx512F.Shuffle4x128(low26, high26, evenParts), into + 2 * stride, streams);
        Store(Avx512F.Shuffle4x128(low04, high04, oddParts), into + 4 * stride, streams);
        Store(Avx512F.Shuffle4x128(low26, high26, oddParts), into + 6 * stride, streams);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector512<double> line, double* into, bool streams)
    {
        if (streams)
            line.StoreAlignedNonTemporal(into);
        else
            line.Store(into);
    }
}
