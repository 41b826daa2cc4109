namespace SoraHpc.LinearAlgebra.Managed;

/// <summary>The innermost part of a product of matrices stored by rows: a tile of six rows of the result in registers.</summary>
internal unsafe interface IRowTile<T> where T : unmanaged
{
    /// <summary>Columns of a vector: what a tile's width is a multiple of.</summary>
    static abstract int Lanes { get; }

    /// <summary>Columns of the widest tile.</summary>
    static abstract int Columns { get; }

    /// <summary>c = A·B + β·c over a tile <paramref name="width"/> columns wide. Six rows of c are written; where A has fewer, the others repeat its last one.</summary>
    /// <param name="rows">Rows that A has, 1 to 6.</param>
    /// <param name="along">Entries from a row of A to the next.</param>
    /// <param name="across">Entries from a column of A to the next.</param>
    static abstract void Multiply(int width, int rows, int depth, T* a, nint along, nint across, T* b, nint strideB, T beta, T* c, nint strideC);
}
