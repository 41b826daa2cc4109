using SoraHpc.Diagnostics;
using SoraHpc.Storage;

namespace SoraHpc.Learning.Data;

/// <summary>Group <c>features</c> with datasets <c>offsets</c> (rows + 1), <c>indices</c> and <c>values</c> (entries), and attribute <c>width</c>, the number of columns.</summary>
internal sealed class SparseTable : TableColumns
{
    private const string Offsets = FeaturesName + "/offsets", Indices = FeaturesName + "/indices", Values = FeaturesName + "/values", Width = "width";
    private const int EntryBytes = sizeof(double) + sizeof(int);

    private readonly Hdf5File file;
    private readonly long entries;
    private (long Begin, long[] Values) held = (0, []);

    internal SparseTable(Hdf5File file) : base(file, NamesOf(file), LengthOf(file, Offsets) - 1)
    {
        (this.file, entries) = (file, LengthOf(file, Indices));
        CheckColumn(file, Values, entries);
    }

    internal override long Bytes(long begin, long end)
    {
        ReadOnlySpan<long> offsets = OffsetsOf(begin, end);
        return (end - begin) * BytesBesideFeatures + (offsets[^1] - offsets[0]) * EntryBytes;
    }

    internal override long EndWithin(long begin, long end, long bytes)
    {
        ReadOnlySpan<long> offsets = OffsetsOf(begin, end);
        int rows = 1;
        while (begin + rows < end && (rows + 1L) * BytesBesideFeatures + (offsets[rows + 1] - offsets[0]) * EntryBytes <= bytes)
            rows++;
        return begin + rows;
    }

    private protected override Features ReadFeatures(long begin, long end)
    {
        long[] offsets = OffsetsOf(begin, end).ToArray();
        (long first, long after) = (offsets[0], offsets[^1]);
        int[] indices = new int[after - first];
        using (Hdf5Dataset dataset = file.Dataset(Indices))
            dataset.Read(new Hyperslab([first], [after - first]), indices.AsSpan());
        for (int i = 0; i < offsets.Length; i++)
            offsets[i] -= first;
        try
        {
            return new SparseFeatures(Names.Count, offsets, indices, ReadColumn(file, Values, first, after));
        }
        catch (ArgumentException reason)
        {
            throw new SoraException($"{file.FileName}, rows from {begin} on: {reason.Message}", reason);
        }
    }

    // The whole share is asked for first, its pieces afterwards.
    private ReadOnlySpan<long> OffsetsOf(long begin, long end)
    {
        if (begin < held.Begin || end >= held.Begin + held.Values.Length)
        {
            long[] offsets = new long[end - begin + 1];
            using Hdf5Dataset dataset = file.Dataset(Offsets);
            dataset.Read(new Hyperslab([begin], [offsets.Length]), offsets.AsSpan());
            for (int i = 0; i < offsets.Length; i++)
                if (offsets[i] < (i > 0 ? offsets[i - 1] : 0) || offsets[i] > entries)
                    throw new SoraException($"{file.FileName}, dataset {Offsets}: {offsets[i]} at row {begin + i}; offsets ascend from 0 to the {entries} entries");
            held = (begin, offsets);
        }
        return held.Values.AsSpan((int)(begin - held.Begin), (int)(end - begin + 1));
    }

    private static string[] NamesOf(Hdf5File file)
    {
        Hdf5Group group = file.Group(FeaturesName);
        if (!group.Attributes.TryRead(Width, out int width) || width < 1)
            throw new SoraException($"{file.FileName}: group {FeaturesName} needs an attribute {Width}, the number of columns");
        return NamesOf(group.Attributes, $"{file.FileName}, group {FeaturesName}", width);
    }

    private static long LengthOf(Hdf5File file, string name)
    {
        if (!file.ContainsDataset(name))
            throw new SoraException($"{file.FileName}: dataset {name} is missing, so this is no sparse table");
        using Hdf5Dataset dataset = file.Dataset(name);
        CheckColumn(file, name, dataset.Elements);
        return name == Offsets && dataset.Elements == 0 ? throw new SoraException($"{file.FileName}, dataset {name}: it is empty; it has one number more than there are rows") : dataset.Elements;
    }
}
