using System.Globalization;
using SoraHpc.Diagnostics;

namespace SoraHpc.Learning.Data;

/// <summary>Some rows of a data set: features, labels, weights, and the number every row has in the whole. It does not change: what cleans or encodes
/// it makes another. What a rank has is a sequence of particles, in memory or read anew each time it is gone through.</summary>
public sealed class DataParticle
{
    private readonly long[] rows;
    private readonly double[] labels, weights;
    private UInt128? identity;

    /// <param name="columns">The features' names, each once.</param>
    /// <param name="rows">The number of every row in the whole data set, ascending; it stays with the row whatever is dropped or moved.</param>
    /// <param name="features">Rows × columns.</param>
    /// <param name="labels">One a row, or none at all.</param>
    /// <param name="weights">One a row, each ≥ 0 and finite, or none: all 1. Arrays are not copied, and not to be changed any more.</param>
    /// <exception cref="SoraException">Lengths differ, a name comes twice, rows do not ascend, a label is no number, a weight is out of range; the line says which.</exception>
    public DataParticle(IReadOnlyList<string> columns, long[] rows, Features features, double[]? labels = null, double[]? weights = null)
    {
        (Columns, this.rows, Features, this.labels, this.weights) = (columns, rows, features, labels ?? [], weights ?? []);
        if (columns.Count != features.Columns || rows.Length != features.Rows)
            throw new SoraException($"{columns.Count} names and {rows.Length} row numbers do not fit {features.Rows} rows of {features.Columns} features");
        if (HasLabels && this.labels.Length != rows.Length || HasWeights && this.weights.Length != rows.Length)
            throw new SoraException($"{this.labels.Length} labels and {this.weights.Length} weights do not fit {rows.Length} rows");
        if (columns.GroupBy(name => name).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new SoraException($"there are {twice.Count()} columns '{twice.Key}': every column needs a name of its own");
        for (int i = 0; i < rows.Length; i++)
            CheckRow(i);
    }

    /// <summary>The features' names.</summary>
    public IReadOnlyList<string> Columns { get; }

    /// <summary>The number of every row in the whole data set, ascending.</summary>
    public ReadOnlySpan<long> Rows => rows;

    /// <summary>Rows × columns; NaN: missing.</summary>
    public Features Features { get; }

    /// <summary>One a row, or empty.</summary>
    public ReadOnlySpan<double> Labels => labels;

    /// <summary>One a row, or empty: all 1.</summary>
    public ReadOnlySpan<double> Weights => weights;

    /// <summary>Rows, ≥ 0.</summary>
    public int Count => rows.Length;

    /// <summary>What one pass over it costs: numbers stored.</summary>
    public long Cost => Features.Stored;

    /// <summary>A hash of names, numbers, labels and weights: equal where and only where all of them are.</summary>
    public UInt128 Identity => identity ??= HashOfContent();

    private bool HasLabels => labels.Length > 0;

    private bool HasWeights => weights.Length > 0;

    /// <summary>The rows before <paramref name="row"/>, and those from it on.</summary>
    public (DataParticle Before, DataParticle After) Split(int row) => (Slice(0, row), Slice(row, Count - row));

    /// <summary>The rows [begin, begin + count).</summary>
    public DataParticle Slice(int begin, int count) => new(Columns, rows.AsSpan(begin, count).ToArray(), Features.Slice(begin, count),
        HasLabels ? labels.AsSpan(begin, count).ToArray() : [], HasWeights ? weights.AsSpan(begin, count).ToArray() : []);

    /// <summary>Some rows, by their place here, ascending.</summary>
    public DataParticle SelectRows(ReadOnlySpan<int> places) => places.Length == Count ? this : new(Columns, Pick(rows, places), Features.SelectRows(places), Pick(labels, places), Pick(weights, places));

    /// <summary>The same rows with other features.</summary>
    public DataParticle With(IReadOnlyList<string> columns, Features features) => new(columns, rows, features, labels, weights);

    /// <summary>The same rows with other labels; empty: none.</summary>
    public DataParticle WithLabels(double[] labels) => new(Columns, rows, Features, labels, weights);

    /// <summary>The rows of all.</summary>
    /// <param name="parts">With the same columns, in ascending order of rows; at least one.</param>
    /// <exception cref="SoraException">Columns differ, or only some have labels or weights.</exception>
    public static DataParticle Merge(IReadOnlyList<DataParticle> parts)
    {
        if (parts.Count == 0)
            throw new SoraException("no particles to merge");
        DataParticle[] full = [.. parts.Where(part => part.Count > 0)];
        if (full.Length <= 1)
            return full.Length == 1 ? full[0] : parts[0];
        foreach (DataParticle part in full)
            if (!part.Columns.SequenceEqual(full[0].Columns) || part.HasLabels != full[0].HasLabels || part.HasWeights != full[0].HasWeights)
                throw new SoraException($"particles of ({full[0].Describe()}) and of ({part.Describe()}) cannot be merged");
        return new(full[0].Columns, [.. full.SelectMany(part => part.rows)], Features.Concatenate([.. full.Select(part => part.Features)]),
            [.. full.SelectMany(part => part.labels)], [.. full.SelectMany(part => part.weights)]);
    }

    /// <summary>The same rows in particles of about one cost: cut where the cost of all rows before passes a multiple of it. Rows are never cut.</summary>
    /// <param name="parts">In ascending order of rows.</param>
    /// <param name="cost">Numbers stored that a particle should have, ≥ 1. A particle differs from it by less than its costliest row.</param>
    public static IReadOnlyList<DataParticle> Resize(IReadOnlyList<DataParticle> parts, long cost)
    {
        if (cost < 1)
            throw new UsageException($"particles of cost {cost}: give 1 or more");
        DataParticle whole = Merge(parts);
        List<DataParticle> resized = [];
        int begin = 0;
        for (int row = 1; row <= whole.Count; row++)
            if (row == whole.Count || whole.Features.StoredBefore(row) / cost > whole.Features.StoredBefore(begin) / cost)
            {
                resized.Add(whole.Slice(begin, row - begin));
                begin = row;
            }
        return resized.Count > 0 ? resized : [whole];
    }

    private static T[] Pick<T>(T[] from, ReadOnlySpan<int> places)
    {
        T[] picked = new T[from.Length > 0 ? places.Length : 0];
        for (int i = 0; i < picked.Length; i++)
            picked[i] = from[places[i]];
        return picked;
    }

    private void CheckRow(int i)
    {
        if (i > 0 && rows[i] <= rows[i - 1])
            throw new SoraException($"row {rows[i]} comes after row {rows[i - 1]}: rows of a particle ascend");
        if (HasLabels && !double.IsFinite(labels[i]))
            throw new SoraException(string.Create(CultureInfo.InvariantCulture, $"row {rows[i]}: {labels[i]} is no label"));
        if (HasWeights && !(weights[i] >= 0 && double.IsFinite(weights[i])))
            throw new SoraException(string.Create(CultureInfo.InvariantCulture, $"row {rows[i]}: a weight of {weights[i]}; weights are 0 or more"));
    }

    private string Describe() => $"{string.Join(", ", Columns)}{(HasLabels ? "; labels" : "")}{(HasWeights ? "; weights" : "")}";

    private UInt128 HashOfContent()
    {
        ContentHash hash = new ContentHash().Add(Columns).Add<long>(rows).Add<double>(labels).Add<double>(weights);
        Features.AddTo(hash);
        return hash.Finish();
    }
}
