using SoraHpc.Diagnostics;
using SoraHpc.Storage;

namespace SoraHpc.Learning.Data;

/// <summary>Group <c>columns</c> with a dataset (rows) for every feature; its attribute <c>columns</c>, where it has one, says which, and in which order.</summary>
internal sealed class ColumnTable : TableColumns
{
    private readonly Hdf5File file;

    internal ColumnTable(Hdf5File file) : base(file, NamesOf(file), RowsOf(file))
    {
        this.file = file;
        foreach (string name in Names)
            CheckColumn(file, $"{ColumnsName}/{name}", Rows);
    }

    private long RowBytes => BytesBesideFeatures + sizeof(double) * (long)Names.Count;

    internal override long Bytes(long begin, long end) => (end - begin) * RowBytes;

    internal override long EndWithin(long begin, long end, long bytes) => Math.Min(end, begin + Math.Max(1, bytes / RowBytes));

    // Columns come one by one and are put into rows: 8 B read and a cache line written a number.
    private protected override Features ReadFeatures(long begin, long end)
    {
        int width = Names.Count;
        double[] numbers = new double[checked((end - begin) * width)];
        for (int column = 0; column < width; column++)
        {
            double[] values = ReadColumn(file, $"{ColumnsName}/{Names[column]}", begin, end);
            for (int row = 0; row < values.Length; row++)
                numbers[row * width + column] = values[row];
        }
        return new DenseFeatures(width, numbers);
    }

    private static string[] NamesOf(Hdf5File file)
    {
        Hdf5Group group = file.Group(ColumnsName);
        string[] present = [.. group.DatasetNames], names = group.Attributes.Contains(ColumnsName) ? group.Attributes.ReadStrings(ColumnsName) : present;
        if (names.Length == 0)
            throw new SoraException($"{file.FileName}: group {ColumnsName} has no dataset, so there are no features");
        return names.FirstOrDefault(name => !present.Contains(name)) is { } missing
            ? throw new SoraException($"{file.FileName}: dataset {ColumnsName}/{missing} is missing; there are {string.Join(", ", present)}") : names;
    }

    private static long RowsOf(Hdf5File file)
    {
        using Hdf5Dataset first = file.Dataset($"{ColumnsName}/{NamesOf(file)[0]}");
        return first.Elements;
    }
}
