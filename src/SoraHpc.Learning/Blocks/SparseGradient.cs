using System.Numerics;

namespace SoraHpc.Learning.Blocks;

/// <summary>Sums for the few rows of a matrix that were touched, in the order of first touch. Grows to what one micro-batch touches, then allocates nothing.</summary>
/// <param name="rows">Rows of the matrix.</param>
/// <param name="columns">Numbers in a row.</param>
// 4 B for each row of the matrix; a touched row costs its values once more.
public sealed class SparseGradient<T>(int rows, int columns) where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int[] placeOf = new int[rows];           // from 1; 0 where untouched
    private int[] touched = [];
    private T[] sums = [];

    /// <summary>Numbers in a row.</summary>
    public int Columns => columns;

    /// <summary>Rows touched.</summary>
    public int Count { get; private set; }

    /// <summary>The rows touched, in the order of first touch.</summary>
    public ReadOnlySpan<int> Touched => touched.AsSpan(0, Count);

    /// <summary>Their sums, in the same order.</summary>
    public Span<T> Sums => sums.AsSpan(0, Count * columns);

    /// <summary>Adds to a row; terms are summed in the order in which they come.</summary>
    public void Add(int row, ReadOnlySpan<T> values)
    {
        if (placeOf[row] == 0)
            Touch(row);
        Span<T> sum = sums.AsSpan((placeOf[row] - 1) * columns, columns);
        for (int i = 0; i < sum.Length; i++)
            sum[i] += values[i];
    }

    /// <summary>Forgets all rows.</summary>
    public void Clear()
    {
        foreach (int row in Touched)
            placeOf[row] = 0;
        Count = 0;
    }

    private void Touch(int row)
    {
        if (Count == touched.Length)
        {
            Array.Resize(ref touched, Math.Max(16, 2 * Count));
            Array.Resize(ref sums, touched.Length * columns);
        }
        touched[Count++] = row;
        placeOf[row] = Count;
        sums.AsSpan((Count - 1) * columns, columns).Clear();
    }
}
