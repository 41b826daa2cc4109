namespace SoraHpc.Learning.Data;

/// <summary>The features of a particle's rows, which do not change: dense, or sparse. Local.</summary>
public abstract class Features
{
    private protected Features(int rows, int columns) => (Rows, Columns) = (rows, columns);

    /// <summary>Rows, ≥ 0.</summary>
    public int Rows { get; }

    /// <summary>Features of a row, ≥ 1.</summary>
    public int Columns { get; }

    /// <summary>Numbers stored: what one pass over the features costs.</summary>
    public long Stored => StoredBefore(Rows);

    /// <summary>Numbers stored for the rows before <paramref name="row"/>.</summary>
    public abstract long StoredBefore(int row);

    /// <summary>Copies a row, zeros included.</summary>
    /// <param name="row">In [0, <see cref="Rows"/>).</param>
    /// <param name="into"><see cref="Columns"/> long.</param>
    public abstract void CopyRow(int row, Span<double> into);

    /// <summary>Copies a column, zeros included.</summary>
    /// <param name="column">In [0, <see cref="Columns"/>).</param>
    /// <param name="into"><see cref="Rows"/> long.</param>
    public abstract void CopyColumn(int column, Span<double> into);

    /// <summary>The rows [begin, begin + count).</summary>
    public abstract Features Slice(int begin, int count);

    /// <summary>Some rows, in the order given.</summary>
    public abstract Features SelectRows(ReadOnlySpan<int> rows);

    /// <summary>Some columns, in the order given, none of them twice.</summary>
    public abstract Features SelectColumns(ReadOnlySpan<int> columns);

    /// <summary>The rows of all, one after the other; sparse only where all are.</summary>
    /// <exception cref="ArgumentException">There are none, or their columns differ in number.</exception>
    public static Features Concatenate(IReadOnlyList<Features> parts)
    {
        if (parts.Count == 0 || parts.Any(part => part.Columns != parts[0].Columns))
            throw new ArgumentException($"features of {string.Join(", ", parts.Select(part => part.Columns))} columns are no rows of one table", nameof(parts));
        return parts.Count == 1 ? parts[0] : parts.All(part => part is SparseFeatures) ? SparseFeatures.Join([.. parts.Cast<SparseFeatures>()])
            : new DenseFeatures(parts[0].Columns, [.. parts.SelectMany(part => part.ToDense().Numbers.ToArray())]);
    }

    /// <summary>The same numbers, every zero stored; itself where it is dense.</summary>
    public DenseFeatures ToDense()
    {
        if (this is DenseFeatures dense)
            return dense;
        double[] numbers = new double[checked(Rows * Columns)];
        for (int row = 0; row < Rows; row++)
            CopyRow(row, numbers.AsSpan(row * Columns, Columns));
        return new(Columns, numbers);
    }

    internal abstract void AddTo(ContentHash hash);
}
