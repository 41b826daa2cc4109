namespace SoraHpc.Learning.Data;

/// <summary>What stood out of the training share; the same on every rank.</summary>
/// <param name="Rows">All rows.</param>
/// <param name="Found">Rows that stand out.</param>
/// <param name="Columns">The columns looked at.</param>
/// <param name="Counts">Numbers of each column that stand out; empty for a rule that looks at whole rows.</param>
public sealed record OutlierReport(long Rows, long Found, IReadOnlyList<string> Columns, IReadOnlyList<long> Counts)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Found} of {Rows} rows stand out{string.Concat(Counts.Select((count, i) => $"{(i == 0 ? ": " : ", ")}{Columns[i]} {count}"))}";
}
