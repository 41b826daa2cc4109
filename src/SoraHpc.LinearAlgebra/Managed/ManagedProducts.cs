using System.Numerics;
using System.Runtime.Intrinsics;
using SoraHpc.LinearAlgebra.Native;

namespace SoraHpc.LinearAlgebra.Managed;

/// <summary>Products of matrices stored by rows in the widest vectors of the processor, by one thread.</summary>
/// <remarks>Every entry begins as β·C, and its products are added one after the other over the inner dimension from 0 up, each with one rounding: the same bits with vectors
/// of any width, and for a row whatever other rows there are.</remarks>
// A block of B, 128 deep and a tile wide, stays in L1 while all rows of A pass by; A is read where it lies, from L2 or beyond once for each tile's width of columns. C is read and
// written once for each block of the inner dimension.
internal sealed unsafe class ManagedProducts<T> : MatrixProducts<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int TileRows = 6, Depth = 128;

    // Rows of B further apart compete for places in the caches and take a page each.
    private const int FarthestRow = 1024;

    public override void Multiply(bool transposeA, bool transposeB, int rows, int columns, int depth, T* a, int strideA, T* b, int strideB, T beta, T* c, int strideC)
    {
        ProductFactor<T> left = new(a, transposeA ? 1 : strideA, transposeA ? strideA : 1), right = new(b, transposeB ? 1 : strideB, transposeB ? strideB : 1);
        if (Vector512.IsHardwareAccelerated)
            Multiply<WideRowTile<T>>(left, right, rows, columns, depth, beta, c, strideC);
        else
            Multiply<PortableRowTile<T>>(left, right, rows, columns, depth, beta, c, strideC);
    }

    /// <summary>The same with a tile.</summary>
    internal static void Multiply<TTile>(ProductFactor<T> a, ProductFactor<T> b, int rows, int columns, int depth, T beta, T* c, int strideC) where TTile : struct, IRowTile<T>
    {
        bool isInPlace = b.Across == 1 && (b.Along * sizeof(T) <= FarthestRow || rows <= 2 * TileRows);
        T* edge = stackalloc T[TileRows * TTile.Columns];
        using Workspace packed = new((long)Math.Min(Depth, depth) * TTile.Columns * sizeof(T));
        for (int column = 0; column < columns; column += TTile.Columns)
        {
            int there = Math.Min(TTile.Columns, columns - column), width = RoundUp(there, TTile.Lanes);
            for (int k = 0; k == 0 || k < depth; k += Depth)
            {
                int deep = Math.Min(Depth, depth - k);
                ProductFactor<T> part = b.From(k, column);
                if (!isInPlace || there < width)
                    part = part.Pack((T*)packed.Address, deep, there, width);
                AddRows<TTile>(a.From(0, k), part, rows, there, width, deep, k == 0 ? beta : T.One, c + column, strideC, edge);
            }
        }
    }

    private static void AddRows<TTile>(ProductFactor<T> a, ProductFactor<T> b, int rows, int columns, int width, int depth, T beta, T* c, int strideC, T* edge) where TTile : struct, IRowTile<T>
    {
        for (int row = 0; row < rows; row += TileRows, a = a.From(TileRows, 0), c += (long)TileRows * strideC)
        {
            int there = Math.Min(TileRows, rows - row);
            if (there == TileRows && columns == width)
            {
                TTile.Multiply(width, there, depth, a.Entries, a.Along, a.Across, b.Entries, b.Along, beta, c, strideC);
                continue;
            }
            for (int i = 0; i < there; i++)
                new Span<T>(c + (long)i * strideC, columns).CopyTo(new(edge + i * TTile.Columns, columns));
            TTile.Multiply(width, there, depth, a.Entries, a.Along, a.Across, b.Entries, b.Along, beta, edge, TTile.Columns);
            for (int i = 0; i < there; i++)
                new Span<T>(edge + i * TTile.Columns, columns).CopyTo(new(c + (long)i * strideC, columns));
        }
    }

    private static int RoundUp(int count, int multiple) => (count + multiple - 1) / multiple * multiple;
}
