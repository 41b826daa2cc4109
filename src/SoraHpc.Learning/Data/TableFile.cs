using SoraHpc.Diagnostics;
using SoraHpc.Storage;

namespace SoraHpc.Learning.Data;

/// <summary>How the features of a table lie in its file.</summary>
public enum TableLayout
{
    /// <summary>One dataset (rows, columns).</summary>
    Matrix,

    /// <summary>A dataset (rows) for every column.</summary>
    Columns,

    /// <summary>Compressed rows.</summary>
    Sparse,
}

/// <summary>Writes tables for <see cref="DataTable"/>.</summary>
public static class TableFile
{
    private static readonly DatasetLayout Whole = new() { EveryElementIsWritten = true };

    /// <summary>Writes a particle's features, labels and weights; row numbers are not kept. Local: one rank calls it.</summary>
    /// <exception cref="SoraException">It has no rows, or the file cannot be written.</exception>
    public static void Write(string path, DataParticle table, TableLayout layout = TableLayout.Matrix)
    {
        if (table.Count == 0)
            throw new SoraException($"{path}: a table without rows is not written");
        using Hdf5File file = Hdf5File.Create(path);
        switch (layout)
        {
            case TableLayout.Matrix: WriteMatrix(file, table); break;
            case TableLayout.Columns: WriteColumns(file, table); break;
            default: WriteSparse(file, table); break;
        }
        if (!table.Labels.IsEmpty)
            Put(file, TableColumns.LabelName, table.Labels);
        if (!table.Weights.IsEmpty)
            Put(file, TableColumns.WeightName, table.Weights);
        file.Commit();
    }

    private static void WriteMatrix(Hdf5File file, DataParticle table)
    {
        using Hdf5Dataset dataset = file.CreateDataset<double>(TableColumns.FeaturesName, [table.Count, table.Columns.Count], Whole);
        dataset.Write(dataset.Whole, table.Features.ToDense().Numbers);
        dataset.Attributes.WriteStrings(TableColumns.ColumnsName, table.Columns);
    }

    private static void WriteColumns(Hdf5File file, DataParticle table)
    {
        Hdf5Group group = file.CreateGroup(TableColumns.ColumnsName);
        group.Attributes.WriteStrings(TableColumns.ColumnsName, table.Columns);
        double[] column = new double[table.Count];
        for (int i = 0; i < table.Columns.Count; i++)
        {
            table.Features.CopyColumn(i, column);
            Put<double>(file, $"{TableColumns.ColumnsName}/{table.Columns[i]}", column);
        }
    }

    private static void WriteSparse(Hdf5File file, DataParticle table)
    {
        SparseFeatures features = table.Features as SparseFeatures ?? table.Features.ToDense().ToSparse();
        Hdf5Group group = file.CreateGroup(TableColumns.FeaturesName);
        group.Attributes.Write("width", features.Columns);
        group.Attributes.WriteStrings(TableColumns.ColumnsName, table.Columns);
        long[] offsets = new long[features.Rows + 1];
        for (int row = 0; row < offsets.Length; row++)
            offsets[row] = features.StoredBefore(row);
        Put<long>(file, "features/offsets", offsets);
        Put(file, "features/indices", features.AllIndices);
        Put(file, "features/values", features.AllValues);
    }

    private static void Put<T>(Hdf5File file, string name, ReadOnlySpan<T> values) where T : unmanaged
    {
        using Hdf5Dataset dataset = file.CreateDataset<T>(name, [values.Length], Whole);
        dataset.Write(dataset.Whole, values);
    }
}
