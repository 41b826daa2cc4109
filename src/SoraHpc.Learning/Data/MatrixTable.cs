using SoraHpc.Decomposition;
using SoraHpc.Diagnostics;
using SoraHpc.Storage;

namespace SoraHpc.Learning.Data;

/// <summary>Dataset <c>features</c> (rows, columns).</summary>
internal sealed class MatrixTable : TableColumns
{
    private readonly Hdf5File file;

    internal MatrixTable(Hdf5File file) : this(file, file.Dataset(FeaturesName)) { }

    private MatrixTable(Hdf5File file, Hdf5Dataset dataset) : base(file, NamesOf(file, dataset), dataset.Shape[0])
    {
        this.file = file;
        dataset.Dispose();
    }

    private long RowBytes => BytesBesideFeatures + sizeof(double) * (long)Names.Count;

    internal override long Bytes(long begin, long end) => (end - begin) * RowBytes;

    internal override long EndWithin(long begin, long end, long bytes) => Math.Min(end, begin + Math.Max(1, bytes / RowBytes));

    private protected override unsafe Features ReadFeatures(long begin, long end)
    {
        double[] numbers = new double[checked((end - begin) * Names.Count)];
        using Hdf5Dataset dataset = file.Dataset(FeaturesName);
        fixed (double* into = numbers)
            PartitionedReader.ReadUnpacked(dataset, new Block((begin, end), (0, Names.Count)), into, Names.Count);
        return new DenseFeatures(Names.Count, numbers);
    }

    private static string[] NamesOf(Hdf5File file, Hdf5Dataset dataset)
    {
        if (dataset.Rank != 2 || dataset.Shape[1] < 1 || !dataset.ElementType.IsNumber)
            throw new SoraException($"{file.FileName}, dataset {FeaturesName}: {dataset.ElementType} of shape ({string.Join(", ", dataset.Shape)}); a table needs numbers of shape (rows, columns)");
        return NamesOf(dataset.Attributes, $"{file.FileName}, dataset {FeaturesName}", dataset.Shape[1]);
    }
}
