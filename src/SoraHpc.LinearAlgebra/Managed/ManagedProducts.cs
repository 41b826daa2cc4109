using System.Numerics;
using SoraHpc.LinearAlgebra.Native;

namespace SoraHpc.LinearAlgebra.Managed;

/// <summary>Products of matrices stored by rows in vectors as wide as .NET makes them here, by one thread.</summary>
/// <remarks>Every entry is summed over the inner dimension from 0 up, in blocks of <see cref="Depth"/>.</remarks>
// A tile of 6 rows × 2 vectors stays in registers: of 2·6·2 flops a lane for each step of the inner dimension, two vectors and six numbers are
// read, both packed. B is packed once for each block of the inner dimension, A strip by strip.
internal sealed unsafe class ManagedProducts<T> : MatrixProducts<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int TileRows = 6, Depth = 256;

    private static int TileColumns => 2 * Vector<T>.Count;

    public override void Multiply(bool transposeA, bool transposeB, int rows, int columns, int depth, T* a, int strideA, T* b, int strideB, T beta, T* c, int strideC)
    {
        for (int row = 0; row < rows; row++)
            Prepare(new(c + (long)row * strideC, columns), beta);
        int deepest = Math.Min(Depth, depth), strips = (columns + TileColumns - 1) / TileColumns;
        using Workspace packedB = new((long)strips * TileColumns * deepest * sizeof(T)), packedA = new((long)TileRows * deepest * sizeof(T));
        T* stripsOfB = (T*)packedB.Address, stripOfA = (T*)packedA.Address, tile = stackalloc T[TileRows * TileColumns];
        for (int k = 0; k < depth; k += Depth)
        {
            int deep = Math.Min(Depth, depth - k);
            for (int strip = 0; strip < strips; strip++)
                Pack(stripsOfB + (long)strip * TileColumns * deep, b, strip * TileColumns, columns, k, deep, TileColumns, transposeB ? strideB : 1, transposeB ? 1 : strideB);
            for (int row = 0; row < rows; row += TileRows)
            {
                Pack(stripOfA, a, row, rows, k, deep, TileRows, transposeA ? 1 : strideA, transposeA ? strideA : 1);
                for (int column = 0; column < columns; column += TileColumns)
                {
                    MultiplyTile(deep, stripOfA, stripsOfB + (long)column * deep, tile);
                    for (int i = 0; i < Math.Min(TileRows, rows - row); i++)
                    {
                        Span<T> sums = new(c + (long)(row + i) * strideC + column, Math.Min(TileColumns, columns - column));
                        VectorKernels.Add(sums, new(tile + i * TileColumns, sums.Length), sums);
                    }
                }
            }
        }
    }

    // Lines [begin, end) across, depth by depth, filled up with zeros to the width.
    private static void Pack(T* packed, T* source, int begin, int end, int deep, int depth, int width, long across, long along)
    {
        int there = Math.Min(width, end - begin);
        source += begin * across + deep * along;
        for (int k = 0; k < depth; k++, packed += width, source += along)
        {
            for (int i = 0; i < there; i++)
                packed[i] = source[i * across];
            new Span<T>(packed + there, width - there).Clear();
        }
    }

    private static void MultiplyTile(int depth, T* a, T* b, T* tile)
    {
        int lanes = Vector<T>.Count;
        Vector<T> a0 = default, a1 = default, b0 = default, b1 = default, c0 = default, c1 = default, d0 = default, d1 = default, e0 = default, e1 = default, f0 = default, f1 = default;
        for (int k = 0; k < depth; k++, a += TileRows, b += TileColumns)
        {
            Vector<T> left = *(Vector<T>*)b, right = *(Vector<T>*)(b + lanes);
            (a0, a1) = (a0 + left * a[0], a1 + right * a[0]);
            (b0, b1) = (b0 + left * a[1], b1 + right * a[1]);
            (c0, c1) = (c0 + left * a[2], c1 + right * a[2]);
            (d0, d1) = (d0 + left * a[3], d1 + right * a[3]);
            (e0, e1) = (e0 + left * a[4], e1 + right * a[4]);
            (f0, f1) = (f0 + left * a[5], f1 + right * a[5]);
        }
        Store(tile, a0, a1);
        Store(tile + TileColumns, b0, b1);
        Store(tile + 2 * TileColumns, c0, c1);
        Store(tile + 3 * TileColumns, d0, d1);
        Store(tile + 4 * TileColumns, e0, e1);
        Store(tile + 5 * TileColumns, f0, f1);
    }

    private static void Store(T* at, Vector<T> left, Vector<T> right)
    {
        *(Vector<T>*)at = left;
        *(Vector<T>*)(at + Vector<T>.Count) = right;
    }

    private static void Prepare(Span<T> c, T beta)
    {
        if (beta == T.Zero)
            c.Clear();                                  // whatever was there, not a number included, does not count
        else if (beta != T.One)
            VectorKernels.Scale(beta, c, c);
    }
}
