namespace SoraHpc.Learning.Data;

/// <summary>Features of which every one is stored, row by row: rows × columns numbers of 8 B.</summary>
public sealed class DenseFeatures : Features
{
    private readonly double[] numbers;

    /// <param name="columns">Features of a row, ≥ 1.</param>
    /// <param name="numbers">Rows × columns; not copied, and not to be changed any more. NaN: missing.</param>
    /// <exception cref="ArgumentException">The numbers are no whole rows.</exception>
    public DenseFeatures(int columns, double[] numbers) : base(columns >= 1 ? numbers.Length / columns : 0, columns)
    {
        if (columns < 1 || numbers.Length % columns != 0)
            throw new ArgumentException($"{numbers.Length} numbers are no rows of {columns} features", nameof(numbers));
        this.numbers = numbers;
    }

    /// <summary>Rows × columns.</summary>
    public ReadOnlySpan<double> Numbers => numbers;

    /// <summary>The numbers of a row.</summary>
    public ReadOnlySpan<double> Row(int row) => numbers.AsSpan(row * Columns, Columns);

    /// <inheritdoc/>
    public override long StoredBefore(int row) => (long)row * Columns;

    /// <inheritdoc/>
    public override void CopyRow(int row, Span<double> into) => Row(row).CopyTo(into);

    /// <inheritdoc/>
    // A cache line a row is read for 8 B of it: columns are copied once and then gone through in vectors.
    public override void CopyColumn(int column, Span<double> into)
    {
        for (int row = 0, at = column; row < into.Length; row++, at += Columns)
            into[row] = numbers[at];
    }

    /// <inheritdoc/>
    public override Features Slice(int begin, int count) => new DenseFeatures(Columns, numbers.AsSpan(begin * Columns, count * Columns).ToArray());

    /// <inheritdoc/>
    public override Features SelectRows(ReadOnlySpan<int> rows)
    {
        double[] selected = new double[rows.Length * Columns];
        for (int i = 0; i < rows.Length; i++)
            CopyRow(rows[i], selected.AsSpan(i * Columns, Columns));
        return new DenseFeatures(Columns, selected);
    }

    /// <inheritdoc/>
    public override Features SelectColumns(ReadOnlySpan<int> columns)
    {
        double[] selected = new double[Rows * columns.Length];
        for (int row = 0, at = 0; row < Rows; row++)
            foreach (int column in columns)
                selected[at++] = numbers[row * Columns + column];
        return new DenseFeatures(columns.Length, selected);
    }

    /// <summary>The numbers that are not zero.</summary>
    public SparseFeatures ToSparse()
    {
        SparseRows rows = new(Columns);
        for (int row = 0; row < Rows; row++)
        {
            for (int column = 0; column < Columns; column++)
                if (numbers[row * Columns + column] != 0)
                    rows.Add(column, numbers[row * Columns + column]);
            rows.EndRow();
        }
        return rows.ToFeatures();
    }

    internal override void AddTo(ContentHash hash) => hash.Add("dense").Add(Columns).Add<double>(numbers);
}
