using SoraHpc.Decomposition;
using SoraHpc.Diagnostics;
using SoraHpc.Storage;

namespace SoraHpc.Learning.Data;

/// <summary>Where a table's numbers are in its file, and reading some of its rows. One of three layouts.</summary>
internal abstract class TableColumns
{
    internal const string FeaturesName = "features", ColumnsName = "columns", LabelName = "label", WeightName = "weight";

    // Row number, label and weight.
    private protected const int BytesBesideFeatures = 3 * sizeof(double);

    private readonly Hdf5File file;
    private readonly bool hasLabels, hasWeights;

    private protected TableColumns(Hdf5File file, IReadOnlyList<string> names, long rows)
    {
        (this.file, Names, Rows) = (file, names, rows);
        (hasLabels, hasWeights) = (file.ContainsDataset(LabelName), file.ContainsDataset(WeightName));
        foreach (string name in new[] { LabelName, WeightName }.Where(file.ContainsDataset))
            CheckColumn(file, name, rows);
    }

    /// <summary>Looks at the datasets, reads none of the rows.</summary>
    internal static TableColumns Of(Hdf5File file) => file.ContainsDataset(FeaturesName) ? new MatrixTable(file)
        : file.ContainsGroup(FeaturesName) ? new SparseTable(file)
        : file.ContainsGroup(ColumnsName) ? new ColumnTable(file)
        : throw new SoraException($"{file.FileName}: this is no table: it has neither dataset or group '{FeaturesName}' nor group '{ColumnsName}'; see datasets/README.md");

    /// <summary>The features' names.</summary>
    internal IReadOnlyList<string> Names { get; }

    /// <summary>Rows of the whole table.</summary>
    internal long Rows { get; }

    /// <summary>Bytes in memory of the rows [begin, end).</summary>
    internal abstract long Bytes(long begin, long end);

    /// <summary>The end of as many rows from <paramref name="begin"/> on as fit into <paramref name="bytes"/>, at least one.</summary>
    internal abstract long EndWithin(long begin, long end, long bytes);

    private protected abstract Features ReadFeatures(long begin, long end);

    internal DataParticle Read(long begin, long end)
    {
        if (begin == end)
            return new(Names, [], new DenseFeatures(Names.Count, []));
        long[] rows = new long[checked((int)(end - begin))];
        for (int i = 0; i < rows.Length; i++)
            rows[i] = begin + i;
        return new(Names, rows, ReadFeatures(begin, end), hasLabels ? ReadColumn(file, LabelName, begin, end) : [], hasWeights ? ReadColumn(file, WeightName, begin, end) : []);
    }

    /// <summary>Part of a dataset of one dimension, in its own units, NaN where there is no value.</summary>
    private protected static unsafe double[] ReadColumn(Hdf5File file, string name, long begin, long end)
    {
        double[] values = new double[end - begin];
        using Hdf5Dataset dataset = file.Dataset(name);
        fixed (double* into = values)
            PartitionedReader.ReadUnpacked(dataset, new Block((0, 1), (begin, end)), into, Math.Max(1, values.Length));
        return values;
    }

    private protected static void CheckColumn(Hdf5File file, string name, long rows)
    {
        using Hdf5Dataset dataset = file.Dataset(name);
        if (dataset.Rank != 1 || dataset.Elements != rows || !dataset.ElementType.IsNumber)
            throw new SoraException($"{file.FileName}, dataset {name}: {dataset.ElementType} of shape ({string.Join(", ", dataset.Shape)}); the table needs numbers of shape ({rows})");
    }

    private protected static string[] NamesOf(Hdf5Attributes attributes, string where, long columns)
    {
        string[] names = attributes.Contains(ColumnsName) ? attributes.ReadStrings(ColumnsName) : [.. Enumerable.Range(0, (int)columns).Select(column => $"f{column}")];
        return names.Length == columns ? names : throw new SoraException($"{where}: attribute {ColumnsName} has {names.Length} names for {columns} columns");
    }
}
