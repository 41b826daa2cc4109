namespace SoraHpc.Learning.Regression;

/// <summary>The triangle of a QR factorisation, nothing else of it. The same operations in the same order wherever it runs.</summary>
internal static class Householder
{
    /// <summary>The upper triangle R of A = Q·R, rows of <paramref name="columns"/>; rows below those of A are zeros.</summary>
    /// <param name="a">Rows × columns, row-major; overwritten.</param>
    // 2·rows·columns² flops.
    internal static double[] Triangle(Span<double> a, int columns)
    {
        int rows = a.Length / columns;
        for (int k = 0; k < Math.Min(rows, columns); k++)
            Reflect(a, rows, columns, k);
        double[] triangle = new double[columns * columns];
        for (int i = 0; i < Math.Min(rows, columns); i++)
            a.Slice(i * columns + i, columns - i).CopyTo(triangle.AsSpan(i * columns + i));
        return triangle;
    }

    /// <summary>R of two triangles, one on top of the other.</summary>
    internal static double[] Join(ReadOnlySpan<double> upper, ReadOnlySpan<double> lower, int columns) => Triangle([.. upper, .. lower], columns);

    // The reflection that leaves ∓‖x‖ of column k's part from row k on; its sign avoids cancellation.
    private static void Reflect(Span<double> a, int rows, int columns, int k)
    {
        double largest = 0, squares = 0;
        for (int i = k; i < rows; i++)
            largest = Math.Max(largest, Math.Abs(a[i * columns + k]));
        if (largest == 0)
            return;
        for (int i = k; i < rows; i++)
            squares += a[i * columns + k] / largest * (a[i * columns + k] / largest);
        double length = largest * Math.Sqrt(squares), head = a[k * columns + k], pivot = head > 0 ? -length : length;
        double first = head - pivot, scale = -1 / (pivot * first);      // 2 / ‖v‖², v = x − pivot·e
        a[k * columns + k] = first;
        for (int j = k + 1; j < columns; j++)
        {
            double along = 0;
            for (int i = k; i < rows; i++)
                along += a[i * columns + k] * a[i * columns + j];
            along *= scale;
            for (int i = k; i < rows; i++)
                a[i * columns + j] -= along * a[i * columns + k];
        }
        a[k * columns + k] = pivot;
    }
}
