namespace SoraHpc.Learning.Data;

/// <summary>Features of which few are not zero, in compressed rows: 12 B for each that is stored and 8 B a row.</summary>
public sealed class SparseFeatures : Features
{
    private readonly long[] offsets;
    private readonly int[] indices;
    private readonly double[] values;

    /// <param name="columns">Features of a row, ≥ 1.</param>
    /// <param name="offsets">Rows + 1: row r has the entries from offsets[r] up to offsets[r + 1].</param>
    /// <param name="indices">The column of every entry, ascending in a row.</param>
    /// <param name="values">Its value; NaN: missing. Arrays are not copied, and not to be changed any more.</param>
    /// <exception cref="ArgumentException">Offsets do not ascend, or a column is out of range or out of order; the line says where.</exception>
    public SparseFeatures(int columns, long[] offsets, int[] indices, double[] values) : base(Math.Max(0, offsets.Length - 1), columns)
    {
        if (offsets.Length == 0 || offsets[0] != 0 || offsets[^1] != indices.Length || indices.Length != values.Length)
            throw new ArgumentException($"offsets from {(offsets.Length > 0 ? offsets[0] : -1)} to {(offsets.Length > 0 ? offsets[^1] : -1)} do not fit {indices.Length} columns and {values.Length} values", nameof(offsets));
        for (int row = 0; row < Rows; row++)
        {
            if (offsets[row + 1] < offsets[row])
                throw new ArgumentException($"row {row}: its entries begin at {offsets[row]} and end at {offsets[row + 1]}", nameof(offsets));
            for (long i = offsets[row]; i < offsets[row + 1]; i++)
                if ((uint)indices[i] >= (uint)columns || i > offsets[row] && indices[i] <= indices[i - 1])
                    throw new ArgumentException($"row {row}: column {indices[i]} is outside [0, {columns}) or not after the one before it", nameof(indices));
        }
        (this.offsets, this.indices, this.values) = (offsets, indices, values);
    }

    /// <summary>The columns of a row's entries, ascending.</summary>
    public ReadOnlySpan<int> Indices(int row) => indices.AsSpan((int)offsets[row], (int)(offsets[row + 1] - offsets[row]));

    /// <summary>The values of a row's entries.</summary>
    public ReadOnlySpan<double> Values(int row) => values.AsSpan((int)offsets[row], (int)(offsets[row + 1] - offsets[row]));

    /// <inheritdoc/>
    public override long StoredBefore(int row) => offsets[row];

    /// <inheritdoc/>
    public override void CopyRow(int row, Span<double> into)
    {
        into.Clear();
        for (long i = offsets[row]; i < offsets[row + 1]; i++)
            into[indices[i]] = values[i];
    }

    /// <inheritdoc/>
    public override void CopyColumn(int column, Span<double> into)
    {
        for (int row = 0; row < into.Length; row++)
            into[row] = Indices(row).BinarySearch(column) is >= 0 and int at ? values[offsets[row] + at] : 0;
    }

    /// <inheritdoc/>
    public override Features Slice(int begin, int count)
    {
        int first = (int)offsets[begin], length = (int)offsets[begin + count] - first;
        return new SparseFeatures(Columns, [.. offsets.AsSpan(begin, count + 1).ToArray().Select(offset => offset - first)],
            indices.AsSpan(first, length).ToArray(), values.AsSpan(first, length).ToArray());
    }

    /// <inheritdoc/>
    public override Features SelectRows(ReadOnlySpan<int> rows)
    {
        SparseRows selected = new(Columns);
        foreach (int row in rows)
        {
            for (long i = offsets[row]; i < offsets[row + 1]; i++)
                selected.Add(indices[i], values[i]);
            selected.EndRow();
        }
        return selected.ToFeatures();
    }

    /// <inheritdoc/>
    public override Features SelectColumns(ReadOnlySpan<int> columns)
    {
        int[] place = new int[Columns];
        Array.Fill(place, -1);
        for (int i = 0; i < columns.Length; i++)
            place[columns[i]] = i;
        SparseRows selected = new(columns.Length);
        for (int row = 0; row < Rows; row++)
        {
            for (long i = offsets[row]; i < offsets[row + 1]; i++)
                if (place[indices[i]] >= 0)
                    selected.Add(place[indices[i]], values[i]);
            selected.EndRow();
        }
        return selected.ToFeatures();
    }

    /// <summary>The same places with other values.</summary>
    /// <param name="values">As many as are stored; not copied.</param>
    internal SparseFeatures With(double[] values) => new(Columns, offsets, indices, values);

    internal ReadOnlySpan<int> AllIndices => indices;

    internal ReadOnlySpan<double> AllValues => values;

    internal static SparseFeatures Join(SparseFeatures[] parts)
    {
        List<long> offsets = [0];
        foreach (SparseFeatures part in parts)
        {
            long before = offsets[^1];
            offsets.AddRange(part.offsets.Skip(1).Select(offset => before + offset));
        }
        return new(parts[0].Columns, [.. offsets], [.. parts.SelectMany(part => part.indices)], [.. parts.SelectMany(part => part.values)]);
    }

    internal override void AddTo(ContentHash hash) => hash.Add("sparse").Add(Columns).Add<long>(offsets).Add<int>(indices).Add<double>(values);
}
