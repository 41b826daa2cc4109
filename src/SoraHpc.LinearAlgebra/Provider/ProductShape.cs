using MathNet.Numerics.Providers.LinearAlgebra;

namespace SoraHpc.LinearAlgebra.Provider;

/// <summary>The checked shape of op(A)·op(B): both stored by columns without gaps.</summary>
/// <param name="Rows">Of the product.</param>
/// <param name="Columns">Of the product.</param>
/// <param name="Depth">Columns of op(A), rows of op(B).</param>
/// <param name="LeadingA">Rows of A as stored.</param>
/// <param name="ColumnsA">Columns of A as stored.</param>
/// <param name="LeadingB">Rows of B as stored.</param>
/// <param name="ColumnsB">Columns of B as stored.</param>
internal readonly record struct ProductShape(Transpose TransposeA, Transpose TransposeB, int Rows, int Columns, int Depth, int LeadingA, int ColumnsA, int LeadingB, int ColumnsB)
{
    /// <exception cref="ArgumentException">An array's length is not its rows times its columns, or the factors do not fit.</exception>
    internal static ProductShape Of<T>(Transpose transposeA, Transpose transposeB, T[] a, int rowsA, int columnsA, T[] b, int rowsB, int columnsB, T[] c)
    {
        (int rows, int depth) = transposeA == Transpose.DontTranspose ? (rowsA, columnsA) : (columnsA, rowsA);
        (int depthB, int columns) = transposeB == Transpose.DontTranspose ? (rowsB, columnsB) : (columnsB, rowsB);
        MatrixArguments.Check(a, rowsA, columnsA, nameof(a));
        MatrixArguments.Check(b, rowsB, columnsB, nameof(b));
        if (depth != depthB)
            throw new ArgumentException($"a factor of {rows} × {depth} cannot be multiplied by one of {depthB} × {columns}");
        MatrixArguments.Check(c, rows, columns, nameof(c));
        return new(transposeA, transposeB, rows, columns, depth, rowsA, columnsA, rowsB, columnsB);
    }
}
