namespace SoraHpc.LinearAlgebra.Managed;

/// <summary>The innermost part of a matrix product: a small tile of the result in registers, over packed strips of both factors.</summary>
internal unsafe interface IProductTile
{
    /// <summary>Of the tile, and of a strip of A, which is stored column by column.</summary>
    static abstract int Rows { get; }

    /// <summary>Of the tile, and of a strip of B, which is stored row by row.</summary>
    static abstract int Columns { get; }

    /// <summary>tile = strip of A · strip of B, column by column, summed over k from 0 up.</summary>
    static abstract void Multiply(int depth, double* a, double* b, double* tile);
}
