namespace SoraHpc.Learning.Data;

/// <summary>Sparse rows as they come, one after the other.</summary>
/// <param name="columns">Features of a row.</param>
internal sealed class SparseRows(int columns)
{
    private readonly List<long> offsets = [0];
    private readonly List<(int Column, double Value)> row = [];
    private readonly List<int> indices = [];
    private readonly List<double> values = [];

    /// <summary>One more entry of the row, in any order; entries of one column are added.</summary>
    internal void Add(int column, double value) => row.Add((column, value));

    internal void EndRow()
    {
        row.Sort((a, b) => a.Column.CompareTo(b.Column));
        foreach ((int column, double value) in row)
            if (indices.Count > offsets[^1] && indices[^1] == column)
                values[^1] += value;
            else
            {
                indices.Add(column);
                values.Add(value);
            }
        row.Clear();
        offsets.Add(indices.Count);
    }

    internal SparseFeatures ToFeatures() => new(columns, [.. offsets], [.. indices], [.. values]);
}
