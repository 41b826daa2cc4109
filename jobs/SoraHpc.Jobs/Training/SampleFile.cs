using SoraHpc.Diagnostics;
using SoraHpc.Learning.Blocks;
using SoraHpc.Learning.Training;
using SoraHpc.Storage;

namespace SoraHpc.Jobs.Training;

/// <summary>
/// Samples in an HDF5 file: <c>features</c> (samples, columns) and <c>labels</c> (samples), whole numbers from 0, with the attribute <c>classes</c>; names of the columns in the attribute <c>columns</c> of the features, else f0, f1, …; where there
/// are any <c>weights</c> (samples), ≥ 0. Those to be judged by have the same names with <c>test_</c> before them.
/// </summary>
internal sealed class SampleFile
{
    private readonly string path, set;

    /// <summary>Looks at shapes. Local.</summary>
    /// <param name="path">The file.</param>
    /// <param name="set">"" or "test_".</param>
    /// <exception cref="SoraException">A dataset is missing or has another shape; the line says which.</exception>
    internal SampleFile(string path, string set)
    {
        (this.path, this.set) = (path, set);
        using Hdf5File file = Hdf5File.Open(path);
        using Hdf5Dataset features = file.Dataset($"{set}features"), labels = file.Dataset($"{set}labels");
        if (features.Rank != 2 || features.Elements == 0)
            throw new SoraException($"{path}, dataset {set}features: {string.Join(" × ", features.Shape)} numbers; it needs one sample or more in rows, and one feature or more in columns");
        (Count, Shape) = (features.Shape[0], new Shape(checked((int)features.Shape[1])));
        Names = features.Attributes.Contains("columns") ? features.Attributes.ReadStrings("columns") : [.. Enumerable.Range(0, Shape.Elements).Select(column => $"f{column}")];
        if (Names.Count != Shape.Elements)
            throw new SoraException($"{path}, dataset {set}features: {Names.Count} names in the attribute columns, and there are {Shape.Elements} columns");
        CheckLength(labels);
        if (!labels.Attributes.TryRead("classes", out int classes) || classes < 2)
            throw new SoraException($"{path}, dataset {set}labels: the attribute classes is missing or below 2; it says how many there are");
        Classes = classes;
        IsWeighted = file.ContainsDataset($"{set}weights");
        if (!IsWeighted)
            return;
        using Hdf5Dataset weights = file.Dataset($"{set}weights");
        CheckLength(weights);
    }

    /// <summary>Samples of the whole set.</summary>
    internal long Count { get; }

    /// <summary>A row of features.</summary>
    internal Shape Shape { get; }

    /// <summary>Names of the columns.</summary>
    internal IReadOnlyList<string> Names { get; }

    /// <summary>Labels are below this.</summary>
    internal int Classes { get; }

    /// <summary>Whether there are weights.</summary>
    internal bool IsWeighted { get; }

    /// <summary>Reads samples [begin, end). Local.</summary>
    /// <param name="withWeights">Whether a weight goes behind each label: 1 where the file has none.</param>
    internal SampleTable<float> Read(long begin, long end, bool withWeights)
    {
        using Hdf5File file = Hdf5File.Open(path);
        float[] features = new float[checked((int)(end - begin) * Shape.Elements)];
        if (features.Length > 0)
            using (Hdf5Dataset dataset = file.Dataset($"{set}features"))
                dataset.Read<float>(new Hyperslab([begin, 0], [end - begin, Shape.Elements]), features);
        float[] labels = Column(file, "labels", begin, end);
        if (!withWeights)
            return new(Shape, features, labels, begin, Count);
        float[] weights = IsWeighted ? Column(file, "weights", begin, end) : [.. labels.Select(_ => 1f)];
        return new(Shape, features, [.. labels.Zip(weights).SelectMany(pair => (float[])[pair.First, pair.Second])], begin, Count);
    }

    private float[] Column(Hdf5File file, string name, long begin, long end)
    {
        float[] values = new float[end - begin];
        using Hdf5Dataset dataset = file.Dataset(set + name);
        if (values.Length > 0)
            dataset.Read<float>(new Hyperslab([begin], [end - begin]), values);
        return values;
    }

    private void CheckLength(Hdf5Dataset dataset)
    {
        if (dataset.Rank != 1 || dataset.Shape[0] != Count)
            throw new SoraException($"{path}, dataset {dataset.Name}: {string.Join(" × ", dataset.Shape)} numbers, and there are {Count} samples in {set}features");
    }
}
